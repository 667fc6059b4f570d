// The machine's interrupt inputs (GSIs), each driven by one or more devices: asserted while any of them asserts it. The
// 8254's and the clock's can be replaced: then they have the level that they are given, whatever drives them.
//
// Thread-safe. Lock order: a device's lock, then an input's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "devices/kit/services.h"

namespace nyx::vm {

class IrqInputs {
  public:
    using SetLevel = std::function<void(std::uint32_t gsi, bool asserted)>;
    // set_level is called when an input changes, by whichever thread changed it, one call at a time for an input.
    explicit IrqInputs(SetLevel set_level);
    static constexpr std::uint32_t kTimer = 0, kClock = 8;

    // A new line into `gsi`; lives as long as this.
    dev::IrqLine& line(std::uint32_t gsi);
    // kTimer or kClock; nothing: no longer replaced.
    void replace(std::uint32_t gsi, std::optional<bool> level);
    // Tells a new interrupt controller which inputs are asserted. Not while a line may change.
    void resend() const;
    // Tells of an input that is asserted once more.
    void repeat(std::uint32_t gsi) const;
    // Those that something may drive, ascending.
    std::vector<std::uint32_t> driven() const;

    bool is_asserted(std::uint32_t gsi) const;

  private:
    struct Input {
        std::uint32_t gsi = 0;
        mutable std::mutex mutex;
        unsigned asserted = 0;  // lines
        std::optional<bool> replaced = {};
        bool level() const { return replaced.value_or(asserted > 0); }
    };
    class Line;

    Input& input(std::uint32_t gsi);

    SetLevel set_level_;
    std::map<std::uint32_t, std::unique_ptr<Input>> inputs_;
    std::vector<std::unique_ptr<dev::IrqLine>> lines_;
};

}  // namespace nyx::vm
