// A device on fakes alone, with its registers at hand.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "devices/kit/device_type.h"
#include "devices/kit/fakes.h"

namespace nyx::dev {

struct Surroundings {
    std::array<FakeIrqLine, 2> lines;
    FakeClock clock;
    FakeTimers timers{clock};
    FakeControl control;
    VectorSink output;
    int room_calls = 0;
    std::array<IrqLine*, 2> line_pointers{&lines[0], &lines[1]};

    std::vector<std::uint8_t> ram = std::vector<std::uint8_t>(0x20000);
    GuestMemory memory = *GuestMemory::create({{{0, 0x20000}, ram.data()}});
    GuestDma dma{memory};

    Environment environment(std::size_t line_count) {
        Environment all{
            std::span(line_pointers).first(line_count), clock, timers, control, output, [this] { ++room_calls; }};
        all.memory = &dma;
        all.random = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{0x5A}); };
        return all;
    }
};

// settings: in the order of the type's; those not given take their defaults.
struct Bench : Surroundings {
    std::unique_ptr<Device> device;

    Bench() = default;
    explicit Bench(const DeviceType& type, std::vector<std::int64_t> settings = {}) {
        for (std::size_t i = settings.size(); i < type.settings.size(); ++i)
            settings.push_back(type.settings[i].default_value);
        device = type.create(settings, environment(type.lines.size()));
    }
    std::uint64_t in(std::uint64_t offset, std::uint8_t width = 1, std::uint32_t region = 0) {
        return device->read({region, offset, width});
    }
    void out(std::uint64_t offset, std::uint64_t value, std::uint8_t width = 1, std::uint32_t region = 0) {
        device->write({region, offset, width}, value);
    }
    std::vector<StateField> saved() const {
        StateWriter writer;
        device->save(writer);
        return writer.take();
    }
    Status restore(const std::vector<StateField>& fields) {
        StateReader reader(fields);
        return device->restore(reader);
    }
};

}  // namespace nyx::dev
