#include "devices/kit/timer_queue.h"

namespace nyx::dev {

class TimerQueue::Alarm : public Timer {
  public:
    Alarm(TimerQueue& queue, const DeviceLock& of, std::function<void()> callback)
        : device(of), fired(std::move(callback)), number(queue.made_.fetch_add(1)), queue_(queue) {}
    ~Alarm() override { queue_.cancel(*this); }
    void arm(std::uint64_t deadline_ns) override { queue_.arm(*this, deadline_ns); }
    void cancel() override { queue_.cancel(*this); }

    const DeviceLock& device;
    std::function<void()> fired;
    const std::uint64_t number;
    std::optional<std::uint64_t> deadline;  // guarded by the queue's mutex

  private:
    TimerQueue& queue_;
};

class TimerQueue::Maker : public Timers {
  public:
    Maker(TimerQueue& queue, DeviceLock device) : queue_(queue), device_(std::move(device)) {}
    std::unique_ptr<Timer> create(std::function<void()> fired) override {
        return std::make_unique<Alarm>(queue_, device_, std::move(fired));
    }

  private:
    TimerQueue& queue_;
    const DeviceLock device_;
};

std::unique_ptr<Timers> TimerQueue::for_device(std::mutex& lock, std::function<void()> be_alone) {
    return std::make_unique<Maker>(*this, DeviceLock{lock, std::move(be_alone)});
}

void TimerQueue::cancel(Alarm& alarm) {
    std::lock_guard guard(mutex_);
    if (alarm.deadline) armed_.erase({*alarm.deadline, alarm.number, &alarm});
    alarm.deadline.reset();
}

void TimerQueue::arm(Alarm& alarm, std::uint64_t deadline_ns) {
    bool is_first = false;
    {
        std::lock_guard guard(mutex_);
        if (alarm.deadline) armed_.erase({*alarm.deadline, alarm.number, &alarm});
        alarm.deadline = deadline_ns;
        armed_.emplace(deadline_ns, alarm.number, &alarm);
        is_first = std::get<Alarm*>(*armed_.begin()) == &alarm;
    }
    if (is_first && earlier_) earlier_();
}

std::optional<std::uint64_t> TimerQueue::next_deadline() const {
    std::lock_guard guard(mutex_);
    if (armed_.empty()) return std::nullopt;
    return std::get<0>(*armed_.begin());
}

std::pair<TimerQueue::Alarm*, const TimerQueue::DeviceLock*> TimerQueue::first_due(std::uint64_t now_ns) const {
    std::lock_guard guard(mutex_);
    if (armed_.empty() || std::get<0>(*armed_.begin()) > now_ns) return {nullptr, nullptr};
    Alarm* alarm = std::get<Alarm*>(*armed_.begin());
    return {alarm, &alarm->device};
}

// False: cancelled, destroyed or armed anew by its device while we waited to be alone with it.
bool TimerQueue::take_if_due(Alarm* alarm, std::uint64_t now_ns) {
    std::lock_guard guard(mutex_);
    for (auto it = armed_.begin(); it != armed_.end() && std::get<0>(*it) <= now_ns; ++it) {
        if (std::get<Alarm*>(*it) != alarm) continue;
        alarm->deadline.reset();
        armed_.erase(it);
        return true;
    }
    return false;
}

void TimerQueue::run_due(std::uint64_t now_ns) {
    for (;;) {
        auto [alarm, device] = first_due(now_ns);
        if (!alarm) return;
        std::lock_guard guard(device->lock);
        if (device->be_alone) device->be_alone();
        if (take_if_due(alarm, now_ns)) alarm->fired();
    }
}

}  // namespace nyx::dev
