#include "bench/dispatch/board.h"

#include <algorithm>
#include <bit>
#include <string>

#include "runtime/base/check.h"

namespace nyx::bench {

namespace {

constexpr std::uint64_t kPorts = 0x10000;

// From one set of devices to the next.
struct Stride {
    std::uint64_t ports = 0;
    std::uint64_t memory = std::uint64_t{1} << 40;
    std::uint32_t lines = 256;
};

Stride stride_of(const plan::MachinePlan& plan) {
    std::uint64_t end = 1;
    for (const plan::DevicePlan& device : plan.devices)
        for (const Range& range : device.pio) end = std::max(end, range.end());
    return {.ports = std::bit_ceil(end)};
}

plan::DevicePlan moved(plan::DevicePlan device, const Stride& stride, unsigned by) {
    if (by != 0) device.name += "_" + std::to_string(by);
    for (Range& range : device.pio) range.base += by * stride.ports;
    for (Range& range : device.mmio) range.base += by * stride.memory;
    for (std::uint32_t& gsi : device.gsis) gsi += by * stride.lines;
    return device;
}

trace::Access moved(trace::Access access, const Stride& stride, unsigned by) {
    access.address += by * (access.space == dev::Space::kPio ? stride.ports : stride.memory);
    return access;
}

}  // namespace

Board repeated(const plan::Bundle& bundle, const std::vector<trace::Access>& accesses, unsigned times) {
    Board board{bundle.plan(), &bundle.programs(), {}};
    const Stride stride = stride_of(board.plan);
    NYX_CHECK(times == 1 || times * stride.ports <= kPorts, "no room for the ports of {} machines", times);
    board.plan.devices.clear();
    for (unsigned by = 0; by < times; ++by) {
        for (const plan::DevicePlan& device : bundle.plan().devices)
            board.plan.devices.push_back(moved(device, stride, by));
        auto& own = board.accesses.emplace_back();
        for (const trace::Access& one : accesses) own.push_back(moved(one, stride, by));
    }
    return board;
}

}  // namespace nyx::bench
