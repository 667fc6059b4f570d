// The machine when it runs in turns: on the controller's thread, between two rounds of the event loop.
#include "runtime/base/check.h"
#include "runtime/machine/diagnosis.h"
#include "runtime/machine/machine.h"
#include "runtime/machine/worker.h"

namespace nyx::vm {

std::unique_ptr<Turns> Machine::make_turns() {
    if (!options_.turns) return nullptr;
    return std::make_unique<Turns>(*options_.turns, timers_, [this] { return requests_.standing(); });
}

Status Machine::hand_over_to_turns() {
    std::vector<hv::CountedVcpu*> vcpus;
    std::vector<hv::ExitServer*> servers;
    for (std::uint32_t i = 0; i < workers_.size(); ++i) {
        vcpus.push_back(processors_->vcpus[i]->counted());
        servers.push_back(&workers_[i]->server);
        if (vcpus.back() == nullptr)
            return fail(
                Error{ErrorCode::kUnsupported,
                      fmt::format("{} does not count instructions, so it cannot run a machine deterministically",
                                  hypervisor_.name()),
                      "the software CPU can: `--accel soft`"});
    }
    turns_->use(std::move(vcpus), std::move(servers));
    return {};
}

std::optional<Outcome> Machine::run_to(std::uint64_t instructions) {
    NYX_CHECK(turns_ != nullptr, "run_to()");
    stop_at_ = instructions;
    return run_on(std::nullopt);
}

void Machine::take_turns() {
    const std::uint64_t next_input = watcher_ != nullptr ? watcher_->next_input() : Turns::kNever;
    if (turns_->at_boundary() && turns_->boundary() >= next_input) return watcher_->at_input();
    switch (turns_->run({stop_at_, next_input})) {
        case Turns::Pause::kCold:
            if (watcher_ != nullptr) watcher_->at_cold_point();
            return;
        case Turns::Pause::kExit:
            return requests_.make(FatalExit{turns_->current(), turns_->take_exit()});
        case Turns::Pause::kIdle:
            return pass_idle_time();
        case Turns::Pause::kSlices:
        case Turns::Pause::kStop:
        case Turns::Pause::kGoal:
            return;
    }
}

// Where nobody watches, time jumps to the next timer at once.
void Machine::pass_idle_time() {
    if (halted_for_good() || turns_wait_ns(host_monotonic_ns()) != 0) return;
    timer_waited_for_.reset();
    turns_->jump();
}

// How long the host may sleep before it takes the next turn. Of a guest that is paced, until the next timer would be
// due by the host's clock; of one that has no timer, until there is input.
std::uint64_t Machine::turns_wait_ns(std::uint64_t now_ns) {
    if (!turns_->at_boundary() || !turns_->is_idle()) return 0;
    if (watcher_ != nullptr && watcher_->next_input() <= turns_->boundary()) return 0;
    auto timer = turns_->next_timer_ns();
    if (!timer) {
        if (watcher_ != nullptr) watcher_->at_standstill();
        return kLongestWaitNs;
    }
    if (!options_.turns->paced) return 0;
    if (timer_waited_for_ != timer) {
        timer_waited_for_ = timer;
        waited_until_ns_ = now_ns + *timer - std::min(*timer, turns_->monotonic_ns());
    }
    return waited_until_ns_ > now_ns ? waited_until_ns_ - now_ns : 0;
}

}  // namespace nyx::vm
