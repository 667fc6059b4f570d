#include "runtime/machine/requests.h"

namespace nyx::vm {

static bool gives_way(const Request& standing, const Request& other) {
    const auto* panic = std::get_if<PanicReport>(&standing);
    return std::holds_alternative<StopRequest>(other) || (panic != nullptr && panic->crash_loaded);
}

void Requests::make(Request request) {
    {
        std::lock_guard lock(mutex_);
        if (standing_ && !gives_way(*standing_, request)) return;
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

}  // namespace nyx::vm
