#include "runtime/machine/run_gate.h"

#include "runtime/base/check.h"

namespace nyx::vm {

bool RunGate::enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_.load() || shut_down_; });
    if (shut_down_) return false;
    ++inside_;
    return true;
}

void RunGate::leave() {
    std::lock_guard lock(mutex_);
    NYX_CHECK(inside_ > 0, "leave() without enter()");
    --inside_;
    changed_.notify_all();
}

void RunGate::open() {
    std::lock_guard lock(mutex_);
    NYX_CHECK(!shut_down_, "the gate was shut down");
    open_.store(true);
    changed_.notify_all();
}

void RunGate::close() {
    std::lock_guard lock(mutex_);
    open_.store(false);
}

void RunGate::wait_parked() {
    std::unique_lock lock(mutex_);
    NYX_CHECK(!open_.load(), "wait_parked() on an open gate");
    changed_.wait(lock, [this] { return inside_ == 0; });
}

void RunGate::shut_down() {
    std::lock_guard lock(mutex_);
    open_.store(false);
    shut_down_ = true;
    changed_.notify_all();
}

}  // namespace nyx::vm
