// What compiled code of a device lives on and calls.
#include "devices/described/device.h"

namespace nyx::dev::described {

bool Described::attach_native(ir::NativeContext& context) {
    if (program_.lines.size() > ir::kMaxNativeLines) return false;
    context.state = state_.data();
    context.device = this;
    context.host = &native_host();
    native_ = &context;
    keep_native_informed();
    drive_lines();
    return true;
}

void Described::keep_native_informed() {
    if (native_ != nullptr) native_->follows = input_waits_ || changed_ || settled_ ? 1 : 0;
}

const ir::NativeHost& Described::native_host() {
    static constexpr auto self = [](void* device) { return static_cast<Described*>(device); };
    static const ir::NativeHost host = {
        .emit = [](void* device, std::uint32_t sink, std::uint64_t value) { self(device)->emit(sink, value); },
        .answer = [](void* device, std::uint32_t query,
                     std::uint64_t about) { return self(device)->answer(query, about); },
        .arm = [](void* device, std::uint32_t timer, std::uint64_t ticks) { self(device)->arm(timer, ticks); },
        .cancel = [](void* device, std::uint32_t timer) { self(device)->cancel(timer); },
        .is_running = [](void* device, std::uint32_t timer) -> std::uint64_t {
            return self(device)->is_running(timer) ? 1 : 0;
        },
        .elapsed = [](void* device, std::uint32_t timer) { return self(device)->elapsed(timer); },
        .ask = [](void* device, std::uint32_t what,
                  std::uint64_t value) { self(device)->ask(static_cast<ir::Control>(what), value); },
        .wall_time = [](void* device) { return self(device)->wall_time(); },
        .drive =
            [](void* device, std::uint64_t levels) {
                const Described& me = *self(device);
                if (me.changed_) me.changed_();  // an interrupt has the guest look at the pages
                for (std::size_t i = 0; i < me.program_.lines.size(); ++i)
                    me.environment_.lines[i]->set((levels >> i & 1) != 0);
            },
        .finish = [](void* device) { self(device)->finish(); }};
    return host;
}

}  // namespace nyx::dev::described
