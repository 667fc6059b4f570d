// Deterministic execution: all vCPUs on one thread, one at a time, in turns of so many instructions; time is a function
// of what was executed.
//
// An instruction takes one nanosecond, whichever vCPU executes it; when none can, jump() takes time to the next timer.
// The run is thus a sequence of *slices*, each some instructions of one vCPU or one jump. A slice ends when its turn
// does, when a timer is due or armed, when the vCPU waits, after the access that asked something of the machine, and
// every `cold_every` instructions. Between two slices is a *boundary*, and boundaries are numbered from 0: what the
// host gives to the guest, it gives at a boundary, so that the boundary's number says exactly when.
//
// Every `cold_every` instructions is a *cold point*: the vCPUs drop all that they derived from memory (translations,
// decoded code), because what a processor has cached may show (accessed bits of page tables). From there the run
// follows from saved state alone, so that is where a checkpoint may be taken.
//
// Belongs to the thread that made it, except that end_slice() from another thread does nothing.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "devices/kit/state.h"
#include "devices/kit/timer_queue.h"
#include "runtime/hv/counted.h"
#include "runtime/machine/events.h"
#include "runtime/machine/machine_clock.h"

namespace nyx::vm {

struct TurnOptions {
    std::uint64_t length = 10'000;                           // instructions a turn
    std::uint64_t cold_every = std::uint64_t{1} << 27;       // instructions
    std::uint64_t seed = 0;                                  // of RDRAND and RDSEED
    std::int64_t start_wall_ns = 1'704'067'200'000'000'000;  // 2024-01-01 00:00:00 UTC
    bool paced = false;                                      // somebody watches: time does not jump ahead of the host's
};

class Turns final : public MachineClock {
  public:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    // stop_wanted: after a slice, whether to come back.
    Turns(const TurnOptions& options, dev::TimerQueue& timers, std::function<bool()> stop_wanted);

    // At each power-on: who takes turns, and who serves the exits of each. Both outlive the next slices.
    void use(std::vector<hv::CountedVcpu*> vcpus, std::vector<hv::ExitServer*> servers);

    enum class Pause {
        kSlices,  // enough for now: the host may have something to say
        kStop,    // stop_wanted()
        kGoal,    // the goal is reached
        kCold,    // this boundary is a cold point
        kIdle,    // no vCPU can run
        kExit,    // exit() is not served
    };
    struct Goal {
        std::uint64_t instructions = kNever;  // reached also in the middle of a slice, which then goes on next time
        std::uint64_t boundary = kNever;
    };
    Pause run(const Goal& goal);
    // Only when idle: to the next timer. False: there is none.
    bool jump();
    bool is_idle() const;
    std::optional<std::uint64_t> next_timer_ns() const { return timers_.next_deadline(); }

    // From a device or an interrupt controller, inside a slice: it ends after the instruction that runs.
    void end_slice();
    std::uint64_t random();

    std::uint64_t monotonic_ns() const override;
    std::int64_t wall_ns() const override;
    void run() override {}
    void stop() override {}

    bool at_boundary() const { return !slice_open_; }
    std::uint64_t boundary() const { return boundary_; }
    std::uint64_t instructions() const;
    const std::vector<std::uint64_t>& by_vcpu() const { return by_vcpu_; }
    // With the vCPU that runs, or is to run next.
    std::uint32_t current() const { return current_; }
    // After Pause::kExit.
    hv::Exit take_exit() { return std::move(*exit_); }

    // At a boundary.
    dev::StateUnit save() const;
    Status restore(const dev::StateUnit& unit);

  private:
    bool begin_slice();
    bool choose();
    std::uint64_t longest_slice() const;
    void run_slice(std::uint64_t limit);
    void close_slice();
    bool is_cold_due() const { return instructions_ >= next_cold_; }
    void go_cold();

    const TurnOptions options_;
    dev::TimerQueue& timers_;
    std::function<bool()> stop_wanted_;
    const std::thread::id owner_ = std::this_thread::get_id();
    std::vector<hv::CountedVcpu*> vcpus_;
    std::vector<hv::ExitServer*> servers_;
    hv::CountedVcpu* running_ = nullptr;  // inside a slice
    std::uint64_t running_from_ = 0;      // its executed() when instructions_ was last brought up to date
    std::optional<hv::Exit> exit_;

    std::uint64_t boundary_ = 0;  // the next one, or the one we stand at
    std::uint64_t instructions_ = 0;
    std::uint64_t skipped_ns_ = 0;
    std::uint64_t next_cold_ = 0;
    std::uint64_t random_ = 0;
    std::uint32_t current_ = 0;
    std::uint64_t turn_left_ = 0;
    std::vector<std::uint64_t> by_vcpu_;
    bool slice_open_ = false;
    bool slice_ended_ = false;  // end_slice() was called
    std::uint64_t slice_left_ = 0;
};

// Is told what the host gives to a machine that runs in turns, or gives it itself: recording and replay. Called on the
// controller's thread, at a boundary.
class TurnWatcher {
  public:
    virtual ~TurnWatcher() = default;

    // The first boundary at or after which at_input() is to be called.
    virtual std::uint64_t next_input() const { return Turns::kNever; }
    virtual void at_input() {}
    virtual void at_cold_point() {}
    // No vCPU can run and no timer is armed: only input can end this.
    virtual void at_standstill() {}

    // Only what the device took.
    virtual void input_given(std::string_view /*device*/, ByteView /*bytes*/) {}
    virtual void power_button_pressed() {}
    virtual void reset_by_host() {}
    // A listener chose, other than kNone and kPause: a pause is what the host makes of it later.
    virtual void decided(Recovery /*recovery*/) {}
};

}  // namespace nyx::vm
