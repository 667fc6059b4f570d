#include "runtime/cli/input_pump.h"

#include <array>

namespace nyx::cli {

InputPump::InputPump(vm::Machine& machine, vm::EventLoop& loop, dev::Backend& backend, vm::DeviceSlot& slot,
                     Filter filter)
    : machine_(machine),
      loop_(loop),
      backend_(backend),
      slot_(slot),
      filter_(std::move(filter)),
      alive_(std::make_shared<InputPump*>(this)) {}

InputPump::~InputPump() {
    *alive_ = nullptr;
    if (listening_ && !always_ready_) loop_.remove(backend_.input_fd());
}

Status InputPump::start() {
    return backend_.input_fd() < 0 ? Status{} : listen();
}

Status InputPump::listen() {
    listening_ = true;
    if (!always_ready_) {
        Status added = loop_.add(backend_.input_fd(), [this] { read_more(); });
        if (added || added.error().code != ErrorCode::kUnsupported) return added;
        always_ready_ = true;
    }
    loop_.post([alive = alive_] {
        if (*alive != nullptr) (*alive)->read_more();
    });
    return {};
}

void InputPump::read_more() {
    std::array<std::uint8_t, 256> buffer;
    dev::InputBytes got = backend_.read(buffer);
    ByteView bytes(buffer.data(), got.count);
    pending_ = filter_ ? filter_(bytes) : Bytes(bytes.begin(), bytes.end());
    closed_ = got.closed;
    bool taken = offer_pending();
    bool go_on = taken && !closed_;
    if (always_ready_) {
        listening_ = false;
        if (go_on) (void)listen();
    } else if (!go_on) {
        loop_.remove(backend_.input_fd());
        listening_ = false;
    }
}

bool InputPump::offer_pending() {
    if (pending_.empty()) return true;
    std::size_t taken = machine_.give_input(slot_, pending_);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(taken));
    return pending_.empty();
}

void InputPump::room() {
    loop_.post([alive = alive_] {
        if (*alive != nullptr) (*alive)->resume();
    });
}

void InputPump::resume() {
    if (listening_ || !offer_pending() || closed_) return;
    (void)listen();  // it was listened to before
}

}  // namespace nyx::cli
