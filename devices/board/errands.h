// What parts have to tell each other once the operation is over that they are in.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>

#include "devices/kit/services.h"

namespace nyx::dev::board {

class Errands {
  public:
    void add(std::function<void()> errand) { waiting_.push_back(std::move(errand)); }
    // Until none is left: one may bring more. Ends, as no ring of parts sends for ever: each message is of an edge, or
    // of an interrupt that ended.
    void run() {
        while (!waiting_.empty()) {
            const std::function<void()> errand = std::move(waiting_.front());
            waiting_.pop_front();
            errand();
        }
    }

    // What a restored state has behind it.
    void forget() { waiting_.clear(); }

  private:
    std::deque<std::function<void()>> waiting_;
};

// Timers after whose end the errands are run.
class ErrandTimers final : public Timers {
  public:
    ErrandTimers(Timers& timers, Errands& errands) : timers_(timers), errands_(errands) {}
    std::unique_ptr<Timer> create(std::function<void()> fired) override {
        return timers_.create([this, fired = std::move(fired)] {
            fired();
            errands_.run();
        });
    }

  private:
    Timers& timers_;
    Errands& errands_;
};

// What comes from outside, one at a time: under the lock, and with all that parts had to tell each other about it.
class Turns {
  public:
    Turns(std::mutex& lock, Errands& errands) : lock_(lock), errands_(errands) {}
    template <class Function>
    auto run(Function function) const {
        const std::lock_guard guard(lock_);
        if constexpr (std::is_void_v<decltype(function())>) {
            function();
            errands_.run();
        } else {
            auto result = function();
            errands_.run();
            return result;
        }
    }

  private:
    std::mutex& lock_;
    Errands& errands_;
};

}  // namespace nyx::dev::board
