#include "runtime/replay/replayer.h"

#include <algorithm>

namespace nyx::replay {

using vm::Turns;

// A waypoint is waited for by at_cold_point(), a decision by happened().
std::uint64_t Replayer::next_input() const {
    if (is_over_) return Turns::kNever;
    if (next_ == recording_.events.size()) return recording_.last().boundary;
    const Event& next = recording_.events[next_];
    bool comes_by_itself = next.kind == EventKind::kWaypoint || next.kind == EventKind::kDecision;
    return comes_by_itself ? Turns::kNever : next.at.boundary;
}

void Replayer::at_input() {
    if (next_ == recording_.events.size()) {
        is_over_ = true;
        return machine_.stop_at(std::min(machine_.stops_at(), recording_.last().instructions));
    }
    const Event& event = recording_.events[next_];
    const Turns& turns = *machine_.turns();
    if (turns.boundary() != event.at.boundary || turns.instructions() != event.at.instructions)
        return disagree(fmt::format("what was given at instruction {} falls on instruction {}", event.at.instructions,
                                    turns.instructions()));
    ++next_;
    give(event);
}

vm::Recovery Replayer::happened(const vm::Event& event) {
    if (event.by_host || next_ == recording_.events.size()) return vm::Recovery::kNone;
    const Event& next = recording_.events[next_];
    if (next.kind != EventKind::kDecision || next.at.instructions != machine_.turns()->instructions())
        return vm::Recovery::kNone;
    ++next_;
    return next.decision;
}

void Replayer::give(const Event& event) {
    if (event.kind == EventKind::kReset) {
        if (auto done = machine_.reset(); !done) disagree("reset: " + done.error().message);
        return;
    }
    if (event.kind == EventKind::kPowerButton) {
        if (!machine_.press_power_button()) disagree("the machine has no power button");
        return;
    }
    vm::DeviceSlot* slot = machine_.find_device(event.device);
    if (slot == nullptr || slot->device->byte_receiver() == nullptr)
        return disagree("no device takes the input of " + event.device);
    std::size_t taken = machine_.give_input(*slot, event.bytes);
    if (taken != event.bytes.size())
        disagree(fmt::format("{} takes {} bytes of {} that it took", event.device, taken, event.bytes.size()));
}

std::string Replayer::differing_parts(const Event& waypoint) const {
    auto parts = parts_of(machine_);
    if (!parts) return parts.error().message;
    if (parts->size() != waypoint.parts.size()) return "the number of its parts";
    std::string names;
    for (std::size_t i = 0; i < parts->size(); ++i)
        if ((*parts)[i].digest != waypoint.parts[i]) names += (names.empty() ? "" : ", ") + (*parts)[i].path;
    return names;
}

void Replayer::at_cold_point() {
    const std::uint64_t now = machine_.turns()->instructions();
    if (next_ < recording_.events.size()) {
        const Event& event = recording_.events[next_];
        if (event.kind != EventKind::kWaypoint || event.at.instructions != now)
            return disagree(fmt::format("nothing was compared at instruction {} when it was recorded", now));
        if (std::string parts = differing_parts(event); !parts.empty()) return disagree("the state differs: " + parts);
        ++next_;
    }
    if (on_cold_point_) on_cold_point_();
}

void Replayer::at_standstill() {
    if (next_input() > machine_.turns()->boundary()) disagree("the guest waits for input that was not recorded");
}

void Replayer::disagree(std::string what) {
    if (!disagreement_.empty()) return;
    std::uint64_t agreed = next_ > 0 ? recording_.events[next_ - 1].at.instructions : 0;
    disagreement_ = fmt::format("between instruction {} and {} the run went another way: {}", agreed,
                                machine_.turns()->instructions(), what);
    machine_.request_stop(disagreement_);
}

std::string Replayer::compare_end(const Digests& digests) const {
    if (!recording_.end) return "";
    const Digests& recorded = recording_.end->digests;
    if (digests.instructions != recorded.instructions)
        return fmt::format("{} instructions were executed, {} were recorded", digests.instructions,
                           recorded.instructions);
    if (digests.by_vcpu != recorded.by_vcpu) return "the vCPUs' shares of the instructions differ";
    if (digests.state != recorded.state) return "the state of vCPUs and devices differs";
    return digests.memory != recorded.memory ? "memory differs" : "";
}

void Replayer::go_back_to(std::size_t position) {
    next_ = position;
    is_over_ = false;
    disagreement_.clear();
}

}  // namespace nyx::replay
