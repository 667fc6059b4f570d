// What somebody wants from the machine as a whole, answered on the controller's thread while the vCPUs stand still:
// first the listener hears of it, then it is done.
#include "runtime/base/log.h"
#include "runtime/machine/diagnosis.h"
#include "runtime/machine/machine.h"

namespace nyx::vm {

namespace {

bool is_triple_fault(const Request& request) {
    const auto* fatal = std::get_if<FatalExit>(&request);
    return fatal != nullptr && std::holds_alternative<hv::ShutdownExit>(fatal->exit);
}

bool can_go_on(const Request& request) {
    const auto* reset = std::get_if<ResetRequest>(&request);
    return !is_triple_fault(request) && (reset == nullptr || !reset->is_fatal);
}

// KVM reports some of what devices ask for by exits of its own.
Request in_plain_words(Request request) {
    using Type = hv::SystemEventExit::Type;
    const auto* fatal = std::get_if<FatalExit>(&request);
    const auto* event = fatal != nullptr ? std::get_if<hv::SystemEventExit>(&fatal->exit) : nullptr;
    if (event == nullptr) return request;
    if (event->type == Type::kShutdown) return PowerOffRequest{"KVM system event"};
    if (event->type == Type::kReset) return ResetRequest{"KVM system event"};
    if (event->type == Type::kCrash) return PanicReport{};
    return request;
}

}  // namespace

std::optional<Outcome> Machine::settle() {
    if (state_ == State::kStopped) return Outcome{Outcome::Kind::kStopped, 0, "the machine was stopped", {}, {}};
    if (held_ && state_ == State::kRunning) {
        if (auto outcome = answer(*std::exchange(held_, std::nullopt))) return outcome;
    }
    while (auto request = requests_.take()) {
        stand_still();
        if (auto outcome = decide(std::move(*request))) return outcome;
    }
    return look_for_halt();
}

std::optional<Outcome> Machine::decide(Request request) {
    request = in_plain_words(std::move(request));
    switch (ask_listener(request)) {
        case Recovery::kNone:
            break;
        case Recovery::kIgnore:
            if (state_ == State::kRunning) go_on();
            return std::nullopt;
        case Recovery::kPause:
            if (state_ == State::kRunning) pause();
            held_ = std::move(request);
            return std::nullopt;
        case Recovery::kReset:
            return reset_asked({"recover reset"});
        case Recovery::kShutdown:
            return end_after(std::move(request));
    }
    return answer(std::move(request));
}

// The run ends, with the status that what happened has.
std::optional<Outcome> Machine::end_after(Request request) {
    if (const auto* reset = std::get_if<ResetRequest>(&request))
        return end(Outcome::Kind::kStopped, "ended in place of a reset (" + reset->reason + ")", false);
    if (std::holds_alternative<PanicReport>(request)) return panicked({});
    if (const auto* fatal = std::get_if<FatalExit>(&request)) return diagnosed(*fatal);
    return answer(std::move(request));
}

Recovery Machine::ask_listener(const Request& request) {
    std::optional<Event> event = listener_ != nullptr ? event_of(request) : std::nullopt;
    if (!event) return Recovery::kNone;
    Recovery wanted = listener_->happened(*event);
    if (wanted == Recovery::kIgnore && !can_go_on(request)) {
        log_warning("recover ignore: the guest cannot go on after a triple fault");
        return Recovery::kNone;
    }
    if (event->by_host || wanted == Recovery::kNone) return Recovery::kNone;
    if (watcher_ != nullptr && wanted != Recovery::kPause) watcher_->decided(wanted);
    return wanted;
}

std::optional<Event> Machine::event_of(const Request& request) const {
    using Kind = Event::Kind;
    Event event{.time_ns = clock_.monotonic_ns()};
    if (const auto* reset = std::get_if<ResetRequest>(&request)) {
        event.kind = Kind::kReset;
        event.reason = reset->reason;
    } else if (const auto* off = std::get_if<PowerOffRequest>(&request)) {
        event.kind = Kind::kShutdown;
        event.reason = off->reason;
    } else if (const auto* stop = std::get_if<StopRequest>(&request)) {
        event.kind = Kind::kShutdown;
        event.reason = stop->reason;
        event.by_host = true;
    } else if (const auto* exit = std::get_if<ExitRequest>(&request)) {
        event.kind = Kind::kExit;
        event.status = exit->status;
    } else if (const auto* panic = std::get_if<PanicReport>(&request)) {
        event.kind = Kind::kPanic;
        event.crash_loaded = panic->crash_loaded;
    } else if (is_triple_fault(request)) {
        event.kind = Kind::kTripleFault;
        event.cpu = std::get<FatalExit>(request).vcpu;
        if (auto state = processors_->vcpus[event.cpu]->state()) {
            event.rip = state->general.rip;
            event.address = state->system.cr2;
        }
    } else {
        return std::nullopt;
    }
    return event;
}

// By the host: nobody is asked.
void Machine::tell_of_reset(std::string_view reason) {
    if (watcher_ != nullptr && held_) watcher_->decided(Recovery::kIgnore);
    if (listener_ == nullptr) return;
    Event event{.time_ns = clock_.monotonic_ns(), .reason = std::string(reason), .by_host = true};
    listener_->happened(event);
}

std::optional<Outcome> Machine::answer(Request request) {
    struct Answer {
        Machine& m;
        std::optional<Outcome> operator()(const ResetRequest& reset) const { return m.reset_asked(reset); }
        std::optional<Outcome> operator()(const PowerOffRequest& off) const {
            return m.end(Outcome::Kind::kPoweredOff, "the guest powered off (" + off.reason + ")", false);
        }
        std::optional<Outcome> operator()(const ExitRequest& exit) const {
            Outcome outcome =
                m.end(Outcome::Kind::kExited, fmt::format("the guest ended with status {}", exit.status), false);
            outcome.exit_status = exit.status;
            return outcome;
        }
        std::optional<Outcome> operator()(const StopRequest& stop) const {
            return m.end(Outcome::Kind::kStopped, stop.reason, false);
        }
        std::optional<Outcome> operator()(const PanicReport& panic) const { return m.panicked(panic); }
        std::optional<Outcome> operator()(const FatalExit& fatal) const { return m.fatal_exit(fatal); }
        std::optional<Outcome> operator()(const RunError& error) const {
            Outcome outcome = m.end(Outcome::Kind::kHostError, error.error.message, true);
            if (!error.error.hint.empty()) outcome.advice.push_back(error.error.hint);
            return outcome;
        }
    };
    return std::visit(Answer{*this}, request);
}

std::optional<Outcome> Machine::reset_asked(const ResetRequest& request) {
    if (options_.on_reset == Options::OnReset::kStop)
        return end(Outcome::Kind::kReset, "the guest asked for a reset (" + request.reason + ")", false);
    log_info("reset: {}", request.reason);
    Status done = start_again();
    if (done) return std::nullopt;
    Outcome outcome = end(Outcome::Kind::kHostError, "reset: " + done.error().message, false);
    outcome.advice.push_back(done.error().hint);
    return outcome;
}

std::optional<Outcome> Machine::panicked(const PanicReport& panic) {
    if (!panic.crash_loaded)
        return end(Outcome::Kind::kPanicked, "the guest reported that it panicked (pvpanic)", true);
    log_warning("the guest panicked and goes on in its crash kernel");
    if (state_ == State::kRunning) go_on();
    return std::nullopt;
}

std::optional<Outcome> Machine::fatal_exit(const FatalExit& fatal) {
    if (std::holds_alternative<hv::ShutdownExit>(fatal.exit) && options_.restart_after_triple_fault)
        return decide(ResetRequest{"triple fault", true});
    return diagnosed(fatal);
}

Outcome Machine::diagnosed(const FatalExit& fatal) const {
    return diagnose(fatal.exit, hypervisor_.kind(), vm::look_at_cpus(*processors_, memory_.guest, fatal.vcpu));
}

}  // namespace nyx::vm
