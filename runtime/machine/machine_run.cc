// The controller's thread from the start to an ending: events, timers, requests, a limit of time, a guest that halted
// for good.
#include <algorithm>

#include "runtime/machine/diagnosis.h"
#include "runtime/machine/machine.h"

namespace nyx::vm {

Outcome Machine::run(std::optional<std::uint64_t> time_limit_ns) {
    std::optional<Outcome> outcome = run_on(time_limit_ns);
    if (!outcome)
        outcome = end(Outcome::Kind::kStopped, fmt::format("stopped at instruction {}", turns_->instructions()), false);
    stop();
    return *outcome;
}

// Nothing: the instruction to stop at.
std::optional<Outcome> Machine::run_on(std::optional<std::uint64_t> time_limit_ns) {
    std::optional<std::uint64_t> deadline;
    if (time_limit_ns) deadline = host_monotonic_ns() + *time_limit_ns;
    if (state_ == State::kCreated) start();
    for (;;) {
        if (auto outcome = settle()) return outcome;
        if (turns_ && turns_->instructions() >= stop_at_) return std::nullopt;
        std::uint64_t now = host_monotonic_ns();
        if (deadline && now >= *deadline) return timed_out(*time_limit_ns);
        loop_.wait(wait_ns(now, deadline));
        if (state_ != State::kRunning || held_) continue;
        if (turns_)
            take_turns();
        else
            run_timers();
    }
}

void Machine::run_timers() {
    exit_free_->settle();
    exit_free_->look(host_monotonic_ns());
    timers_.run_due(clock_.monotonic_ns());
}

// Until the next timer, look or deadline, whichever is first.
std::uint64_t Machine::wait_ns(std::uint64_t now, std::optional<std::uint64_t> deadline) {
    std::uint64_t wait = deadline ? *deadline - now : kLongestWaitNs;
    if (state_ != State::kRunning) return wait;
    if (turns_) return std::min(wait, turns_wait_ns(now));
    std::uint64_t look = halt_watch_.next_ns();
    wait = std::min(wait, look > now ? look - now : 0);
    if (auto queued = exit_free_->look_ns()) wait = std::min(wait, *queued);
    if (auto timer = timers_.next_deadline()) {
        std::uint64_t machine_now = clock_.monotonic_ns();
        wait = std::min(wait, *timer > machine_now ? *timer - machine_now : 0);
    }
    return wait;
}

// In turns there is no need to guess when to look.
std::optional<Outcome> Machine::look_for_halt() {
    if (state_ != State::kRunning) return std::nullopt;
    if (turns_) {
        if (!turns_->is_idle() || !halted_for_good()) return std::nullopt;
    } else {
        std::uint64_t now = host_monotonic_ns();
        if (!halt_watch_.is_due(now)) return std::nullopt;
        halt_watch_.postpone(now);
        if (!all_waiting(processors_->vcpus)) return std::nullopt;
        stand_still();
        if (!halted_for_good() || requests_.standing()) {
            go_on();
            return std::nullopt;
        }
    }
    Outcome outcome =
        end(Outcome::Kind::kHalted, "the guest halted for good: every vCPU waits with interrupts off", true);
    outcome.advice = {"Its last instruction was HLT with the interrupt flag clear: usually the end of a panic handler,",
                      "or of a program that should have written to an exit device or powered off."};
    return outcome;
}

bool Machine::halted_for_good() const {
    return std::ranges::all_of(processors_->vcpus, [](const auto& vcpu) {
        auto activity = vcpu->activity();
        auto state = vcpu->state();
        return activity && state && waits_in_vain(*activity, state->general.rflags);
    });
}

Outcome Machine::end(Outcome::Kind kind, std::string reason, bool with_cpus) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.reason = std::move(reason);
    if (with_cpus) outcome.cpus = vm::look_at_cpus(*processors_, memory_.guest, 0);
    return outcome;
}

Outcome Machine::timed_out(std::uint64_t limit_ns) {
    stand_still();
    constexpr double kSecond = 1e9;
    return end(Outcome::Kind::kTimedOut,
               fmt::format("the time limit of {:g} s was reached; the guest was still running",
                           static_cast<double>(limit_ns) / kSecond),
               true);
}

}  // namespace nyx::vm
