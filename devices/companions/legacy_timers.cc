#include "devices/companions/legacy_timers.h"

namespace nyx::dev::companions {

// hpet.ny, `legacy`: 1 replaced, 2 IRQ 0, 4 IRQ 8.
Status LegacyTimers::join(described::Described& device) {
    NYX_ASSIGN(const std::uint32_t legacy, derived_of(device.program(), "legacy"));
    device.when_settled([this, &device, legacy] {
        const std::uint64_t now = device.evaluate(legacy);
        if (now == told_) return;
        told_ = now;
        if (replace_) replace_({.are_replaced = (now & 1) != 0, .timer = (now & 2) != 0, .clock = (now & 4) != 0});
    });
    return {};
}

}  // namespace nyx::dev::companions
