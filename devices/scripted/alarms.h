// The timers of a device that is a class, as its field `timers` has them: by name what each that runs has left, in
// nanoseconds.
//
// Before a call of the class show() writes them there; after it follow() arms what the class has changed and cancels
// what it took out. So the field is the whole state of the timers, and is saved as any other. Not thread-safe: the
// device's lock is held.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/ir/program.h"
#include "devices/kit/services.h"
#include "devices/scripted/instance.h"

namespace nyx::dev::scripted {

// Of a mistake of the class, which is told and changes nothing else.
using Complain = std::function<void(const std::string&)>;

class Alarms {
  public:
    // ended(timer) comes from the machine's event loop, with the device's lock held. Until it is over, "now" is when
    // the timer ended: one that is armed there again loses nothing from one end to the next.
    Alarms(const ir::Program& program, Clock& clock, Timers& timers, std::function<void(std::uint32_t)> ended);

    void show(Instance& instance);
    // From what show() took for now. At least a microsecond passes; what is no time is told, and is as if it were not
    // there.
    void follow(Instance& instance, const Complain& complain);
    // None of them runs: another object says what does.
    void forget();

  private:
    struct One {
        std::string name;
        std::unique_ptr<Timer> alarm;
        std::optional<std::uint64_t> end_ns;  // it runs
        std::optional<std::int64_t> shown;
    };
    void arm(One& one, std::int64_t left_ns);
    static void cancel(One& one);
    void remove_unknown(script::Map& left, const Complain& complain) const;

    Clock& clock_;
    std::vector<One> timers_;
    std::optional<std::uint64_t> ended_at_;  // while the end of a timer is told
    std::uint64_t now_ = 0;                  // as of show()
};

}  // namespace nyx::dev::scripted
