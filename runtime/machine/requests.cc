#include "runtime/machine/requests.h"

#include "runtime/base/log.h"

namespace nyx::vm {

void Requests::make(Request request) {
    {
        std::lock_guard lock(mutex_);
        if (standing_ && !std::holds_alternative<StopRequest>(request)) return;
        standing_ = std::move(request);
    }
    made_();
}

std::optional<Request> Requests::take() {
    std::lock_guard lock(mutex_);
    return std::exchange(standing_, std::nullopt);
}

bool Requests::standing() const {
    std::lock_guard lock(mutex_);
    return standing_.has_value();
}

void Requests::forget_guest() {
    std::lock_guard lock(mutex_);
    if (standing_ && !std::holds_alternative<StopRequest>(*standing_)) standing_.reset();
}

void Requests::guest_panicked(bool crash_loaded) {
    if (!crash_loaded) return make(PanicReport{});
    log_warning("the guest panicked and goes on in its crash kernel");
}

}  // namespace nyx::vm
