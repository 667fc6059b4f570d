// Gives a machine what was recorded, when it was recorded, and compares on the way.
#pragma once

#include "runtime/replay/recording.h"

namespace nyx::replay {

// Belongs to the machine's thread. Where the run goes another way than the recording it stops.
class Replayer final : public vm::TurnWatcher, public vm::EventListener {
  public:
    // Both outlive this.
    Replayer(const Recording& recording, vm::Machine& machine) : recording_(recording), machine_(machine) {}

    std::uint64_t next_input() const override;
    void at_input() override;
    void at_cold_point() override;
    void at_standstill() override;
    // What a handler decided then; handlers are not run.
    vm::Recovery happened(const vm::Event& event) override;
    // What is called at a cold point after the comparison: the run can be taken back to here.
    void on_cold_point(std::function<void()> function) { on_cold_point_ = std::move(function); }

    // The first difference; empty: none so far.
    const std::string& disagreement() const { return disagreement_; }
    // Everything recorded has happened; the run is at its end, or only instructions away from it.
    bool is_over() const { return next_ == recording_.events.size() && is_over_; }
    // At the end: counts and digests against those recorded. Empty: they agree.
    std::string compare_end(const Digests& digests) const;

    // How many events have happened, for checkpoints.
    std::size_t position() const { return next_; }
    void go_back_to(std::size_t position);

  private:
    void give(const Event& event);
    void disagree(std::string what);
    std::string differing_parts(const Event& waypoint) const;

    const Recording& recording_;
    vm::Machine& machine_;
    std::function<void()> on_cold_point_;
    std::size_t next_ = 0;
    bool is_over_ = false;
    std::string disagreement_;
};

}  // namespace nyx::replay
