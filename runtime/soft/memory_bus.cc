#include "runtime/soft/memory_bus.h"

#include "runtime/soft/events.h"

namespace nyx::soft {

void MemoryBus::join(Attention& rider) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_locked_; });
    riders_.push_back(&rider);
}

void MemoryBus::leave(Attention& rider) {
    std::lock_guard guard(mutex_);
    std::erase(riders_, &rider);
    changed_.notify_all();
}

void MemoryBus::give_way(Attention& rider) {
    leave(rider);
    join(rider);
}

// Who waits here stands between two instructions as well, so that two who want it at once do not wait for each other.
void MemoryBus::lock(Attention& rider) {
    std::unique_lock lock(mutex_);
    std::erase(riders_, &rider);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !is_locked_; });
    is_locked_ = true;
    for (Attention* other : riders_) other->fetch_or(kWantBus);
    changed_.wait(lock, [this] { return riders_.empty(); });
}

void MemoryBus::unlock(Attention& rider) {
    std::lock_guard guard(mutex_);
    is_locked_ = false;
    riders_.push_back(&rider);
    changed_.notify_all();
}

}  // namespace nyx::soft
