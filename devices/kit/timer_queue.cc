#include "devices/kit/timer_queue.h"

namespace nyx::dev {

class TimerQueue::Alarm : public Timer {
  public:
    Alarm(TimerQueue& queue, std::mutex& device_lock, std::function<void()> callback)
        : lock(device_lock), fired(std::move(callback)), number(queue.made_.fetch_add(1)), queue_(queue) {}
    ~Alarm() override { queue_.cancel(*this); }
    void arm(std::uint64_t deadline_ns) override { queue_.arm(*this, deadline_ns); }
    void cancel() override { queue_.cancel(*this); }

    std::mutex& lock;
    std::function<void()> fired;
    const std::uint64_t number;
    std::optional<std::uint64_t> deadline;  // guarded by the queue's mutex

  private:
    TimerQueue& queue_;
};

class TimerQueue::Maker : public Timers {
  public:
    Maker(TimerQueue& queue, std::mutex& lock) : queue_(queue), lock_(lock) {}
    std::unique_ptr<Timer> create(std::function<void()> fired) override {
        return std::make_unique<Alarm>(queue_, lock_, std::move(fired));
    }

  private:
    TimerQueue& queue_;
    std::mutex& lock_;
};

std::unique_ptr<Timers> TimerQueue::for_device(std::mutex& lock) {
    return std::make_unique<Maker>(*this, lock);
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

std::pair<TimerQueue::Alarm*, std::mutex*> TimerQueue::first_due(std::uint64_t now_ns) const {
    std::lock_guard guard(mutex_);
    if (armed_.empty() || std::get<0>(*armed_.begin()) > now_ns) return {nullptr, nullptr};
    Alarm* alarm = std::get<Alarm*>(*armed_.begin());
    return {alarm, &alarm->lock};
}

// False: cancelled, destroyed or armed anew by its device while we waited for the device's lock.
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
        auto [alarm, lock] = first_due(now_ns);
        if (!alarm) return;
        std::lock_guard device(*lock);
        if (take_if_due(alarm, now_ns)) alarm->fired();
    }
}

}  // namespace nyx::dev
