// The timers of one described device, in ticks of their own rates.
#pragma once

#include <memory>
#include <vector>

#include "devices/ir/program.h"
#include "devices/kit/services.h"
#include "devices/kit/state.h"

namespace nyx::dev::described {

class TimerSet {
  public:
    // ended(timer) comes from the machine's event loop, with the device's lock held.
    TimerSet(const ir::Program& program, Clock& clock, Timers& timers, std::function<void(std::uint32_t)> ended);

    // Again: from now. At least a microsecond; one of more than 73 years never ends and counts all the same.
    void arm(std::uint32_t timer, std::uint64_t ticks);
    void cancel(std::uint32_t timer);
    void cancel_all();
    bool is_running(std::uint32_t timer) const { return timers_[timer].runs; }
    std::uint64_t elapsed(std::uint32_t timer) const;  // ticks; 0 where it does not run

    void save(StateWriter& state) const;
    // What a state says of the timers, for start(): the reader notes what is wrong.
    struct Saved {
        bool runs = false;
        std::uint64_t elapsed_ns = 0, remaining_ns = 0;
    };
    std::vector<Saved> read(StateReader& state) const;
    void start(const std::vector<Saved>& saved);

  private:
    struct One {
        std::uint32_t id = 0;
        std::uint64_t hertz = 0;
        std::unique_ptr<Timer> alarm;
        bool runs = false;
        std::uint64_t start_ns = 0, end_ns = 0;
        std::uint64_t start_ticks = 0;  // of start_ns: guests read timers often
        void start(std::uint64_t ns);
    };
    static void set_alarm(One& one);

    Clock& clock_;
    std::vector<One> timers_;
};

}  // namespace nyx::dev::described
