// One described device among others that it is wired to: what it sends goes to functions, what comes to it is brought
// by name.
//
// An answer is what a sink was sent while a source was brought (ask()): so a processor's acknowledge has its vector
// before it returns. A function that is connected is called in the middle of the device's operation: it may look at
// other parts, but bring this one nothing before the operation is over. Not thread-safe: the board's lock is held.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "devices/described/device.h"
#include "devices/kit/saved_device.h"
#include "devices/kit/services.h"

namespace nyx::dev::board {

using Settings = std::map<std::string_view, std::uint64_t>;

class Part final : private described::Outlets {
  public:
    // The program of devices/programs; what it names and is not there ends the process: it was built with us.
    Part(std::string_view name, Clock& clock, Timers& timers, const Settings& settings = {});
    ~Part() override;

    void connect_sink(std::string_view name, std::function<void(std::uint64_t)> to);
    void connect_line(std::string_view name, std::function<void(bool)> to);

    std::uint32_t source(std::string_view name) const;
    std::uint32_t sink(std::string_view name) const;
    // A function that gives a derived value.
    std::uint32_t derived(std::string_view name) const;
    std::uint32_t bank(std::string_view name) const;

    void bring(std::uint32_t source, std::uint64_t value = 0) { device_->signal(source, value); }
    // Nothing: the sink was sent nothing.
    std::optional<std::uint64_t> ask(std::uint32_t source, std::uint64_t value, std::uint32_t sink);
    std::uint64_t value(std::uint32_t derived) const { return device_->evaluate(derived); }
    std::uint64_t read(std::uint32_t bank, std::uint64_t offset, std::uint8_t width) {
        return device_->read({bank, offset, width});
    }
    void write(std::uint32_t bank, std::uint64_t offset, std::uint8_t width, std::uint64_t value) {
        device_->write({bank, offset, width}, value);
    }
    void reset() { device_->reset(); }
    StateUnit save(std::string_view path) const { return save_device(path, program_->name, *device_); }
    // What it drives and is not as it was is told as ever.
    Status restore(std::string_view path, const StateUnit& unit) {
        return restore_device(path, program_->name, *device_, unit);
    }

  private:
    struct Line;

    void take(std::uint32_t sink, std::uint64_t value) override;

    std::unique_ptr<ir::Program> program_;
    std::vector<std::unique_ptr<Line>> lines_;
    std::vector<IrqLine*> line_pointers_;  // of lines_, as the device wants them
    std::vector<std::function<void(std::uint64_t)>> sinks_;
    std::uint32_t asked_ = ir::kNone;  // the sink whose word is awaited
    std::optional<std::uint64_t> answer_;
    std::unique_ptr<described::Described> device_;
};

}  // namespace nyx::dev::board
