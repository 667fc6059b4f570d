// A device of the catalog on a bench: its ports, lines and time by name.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "catalog.h"
#include "devices/described/device.h"
#include "devices/kit/fakes.h"

namespace nyx::stdlib {

class Rig final : public dev::described::Outlets {
  public:
    explicit Rig(std::string_view name) : Rig(device_named(name).program) {}
    explicit Rig(const dev::ir::Program& program);  // which outlives it

    std::uint64_t read(std::string_view bank, std::uint64_t offset, std::uint8_t width = 1);
    void write(std::string_view bank, std::uint64_t offset, std::uint64_t value, std::uint8_t width = 1);
    bool bring(std::string_view source, std::uint64_t value = 0);
    std::deque<std::uint64_t>& sent(std::string_view sink);
    const dev::FakeIrqLine& line(std::string_view name) const;
    void advance(std::uint64_t ns) { timers.advance(ns); }
    std::vector<dev::StateField> saved() const;
    // The device is saved, and another one goes on from what was saved.
    void replace();

    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    std::unique_ptr<dev::described::Described> device;
    std::function<std::uint64_t(std::uint32_t query, std::uint64_t about)> on_query = {};  // none: ones

  private:
    void take(std::uint32_t sink, std::uint64_t value) override { sent_[sink].push_back(value); }
    std::uint64_t reply(std::uint32_t query, std::uint64_t about) override {
        return on_query ? on_query(query, about) : ~std::uint64_t{0};
    }
    std::unique_ptr<dev::described::Described> fresh();
    std::uint32_t bank(std::string_view name) const;

    const dev::ir::Program& program_;
    std::deque<dev::FakeIrqLine> lines_;
    std::vector<dev::IrqLine*> line_pointers_;
    dev::FakeControl control_;
    dev::VectorSink output_;
    std::vector<std::deque<std::uint64_t>> sent_;
};

// Of a comparison of one with the class that it is held to.
inline constexpr int kSteps = 6000;
inline constexpr std::uint64_t kSeeds = 4;

// The same numbers everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }
    std::uint64_t below(std::uint64_t count) { return (next() >> 11) % count; }

  private:
    std::uint64_t state_;
};

}  // namespace nyx::stdlib
