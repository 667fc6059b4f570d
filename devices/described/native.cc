// What compiled code of a device calls.
#include "devices/described/device.h"

namespace nyx::dev::described {

ir::NativeContext Described::native_context() {
    return {state_.data(), this, &native_host(), 0};
}

const ir::NativeHost& Described::native_host() {
    static constexpr auto self = [](void* device) { return static_cast<Described*>(device); };
    static const ir::NativeHost host = {
        .emit = [](void* device, std::uint32_t sink, std::uint64_t value) { self(device)->emit(sink, value); },
        .arm = [](void* device, std::uint32_t timer, std::uint64_t ticks) { self(device)->arm(timer, ticks); },
        .cancel = [](void* device, std::uint32_t timer) { self(device)->cancel(timer); },
        .is_running = [](void* device, std::uint32_t timer) -> std::uint64_t {
            return self(device)->is_running(timer) ? 1 : 0;
        },
        .elapsed = [](void* device, std::uint32_t timer) { return self(device)->elapsed(timer); },
        .ask = [](void* device, std::uint32_t what,
                  std::uint64_t value) { self(device)->ask(static_cast<ir::Control>(what), value); },
        .read_other =
            [](void* device, std::uint32_t region, std::uint64_t offset, std::uint32_t width) {
                return self(device)->interpret_read({region, offset, static_cast<std::uint8_t>(width)});
            },
        .write_other =
            [](void* device, std::uint32_t region, std::uint64_t offset, std::uint32_t width, std::uint64_t value) {
                self(device)->interpret_write({region, offset, static_cast<std::uint8_t>(width)}, value);
            },
        .wall_time = [](void* device) { return self(device)->wall_time(); }};
    return host;
}

}  // namespace nyx::dev::described
