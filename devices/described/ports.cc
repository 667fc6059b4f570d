// A described device and its surroundings: what comes in by its sources, what goes out by sinks, queries and requests.
#include <array>

#include "devices/described/device.h"

namespace nyx::dev::described {

std::size_t Described::receive(std::span<const std::uint8_t> bytes) {
    std::size_t taken = 0;
    for (; taken < bytes.size() && holds(program_.sources[bytes_].accepts); ++taken)
        call(program_.sources[bytes_].handler, {bytes[taken]});
    input_waits_ = taken < bytes.size();
    keep_native_informed();
    if (changed_) changed_();
    drive_lines();
    return taken;
}

bool Described::signal(std::uint32_t source, std::uint64_t value) {
    if (!holds(program_.sources[source].accepts)) return false;
    call(program_.sources[source].handler, {value});
    conclude();
    return true;
}

void Described::receive_break() {
    if (line_break_ != ir::kNone) signal(line_break_, 0);
}

void Described::press_power_button() {
    if (power_button_ != ir::kNone) signal(power_button_, 0);
}

void Described::emit(std::uint32_t sink, std::uint64_t value) {
    if (outlets_ != nullptr) return outlets_->take(sink, value);
    std::array<std::uint8_t, 8> bytes{};
    store_le(bytes.data(), value);
    environment_.output.write({bytes.data(), program_.sinks[sink].bits / 8u});
}

std::uint64_t Described::answer(std::uint32_t query, std::uint64_t about) {
    const ir::Query& asked = program_.queries[query];
    return outlets_->reply(query, about & ir::low_bits(asked.about)) & ir::low_bits(asked.bits);
}

void Described::ask(ir::Control what, std::uint64_t value) {
    switch (what) {
        case ir::Control::kReset:
            return environment_.control.request_reset(program_.name);
        case ir::Control::kPowerOff:
            return environment_.control.request_power_off(program_.name);
        case ir::Control::kExit:
            return environment_.control.request_exit(static_cast<int>(value & 0xFF));
        case ir::Control::kPanicked:
            return environment_.control.guest_panicked(value != 0);
    }
}

void Described::offer_room() {
    if (!input_waits_ || !holds(program_.sources[bytes_].accepts)) return;
    input_waits_ = false;
    keep_native_informed();
    if (environment_.input_room) environment_.input_room();
}

}  // namespace nyx::dev::described
