// The timers of all devices of a machine, ordered by deadline, for the event loop to run.
//
// The loop waits until next_deadline() and calls run_due(now); `earlier` tells it, from whatever thread armed a timer,
// that the wait has become too long. run_due() takes the device's lock, and is then alone with the device, before it
// looks whether the timer still is due and calls back. Lock order: device, then queue. The loop must have stopped
// before a device with timers, or its lock, is destroyed. Otherwise thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "devices/kit/services.h"

namespace nyx::dev {

class TimerQueue {
  public:
    explicit TimerQueue(std::function<void()> earlier = {}) : earlier_(std::move(earlier)) {}

    // Timers whose callbacks run under `lock`, the lock of the one device that gets them. be_alone: called with the
    // lock held, where somebody may be inside the device without it; returns when nobody is. They and the result
    // outlive the device.
    std::unique_ptr<Timers> for_device(std::mutex& lock, std::function<void()> be_alone = {});

    std::optional<std::uint64_t> next_deadline() const;
    // Calls back every timer whose deadline is at or before now, earliest first.
    void run_due(std::uint64_t now_ns);

  private:
    class Alarm;
    class Maker;
    struct DeviceLock {
        std::mutex& lock;
        std::function<void()> be_alone;
    };

    void arm(Alarm& alarm, std::uint64_t deadline_ns);
    void cancel(Alarm& alarm);
    // The earliest due timer and its device, without taking it off the queue.
    std::pair<Alarm*, const DeviceLock*> first_due(std::uint64_t now_ns) const;
    bool take_if_due(Alarm* alarm, std::uint64_t now_ns);

    std::function<void()> earlier_;
    mutable std::mutex mutex_;
    // By deadline, then by age, so that which of two equal ones comes first does not depend on addresses.
    std::set<std::tuple<std::uint64_t, std::uint64_t, Alarm*>> armed_;
    std::atomic<std::uint64_t> made_{0};
};

}  // namespace nyx::dev
