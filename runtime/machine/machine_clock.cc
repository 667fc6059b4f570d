#include "runtime/machine/machine_clock.h"

#include <chrono>

namespace nyx::vm {

std::uint64_t host_monotonic_ns() {
    auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

std::uint64_t HostClock::monotonic_ns() const {
    std::lock_guard lock(mutex_);
    return elapsed_ns_ + (running_ ? host_monotonic_ns() - started_ns_ : 0);
}

std::int64_t HostClock::wall_ns() const {
    auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

void HostClock::run() {
    std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = true;
    started_ns_ = host_monotonic_ns();
}

void HostClock::stop() {
    std::lock_guard lock(mutex_);
    if (!running_) return;
    elapsed_ns_ += host_monotonic_ns() - started_ns_;
    running_ = false;
}

}  // namespace nyx::vm
