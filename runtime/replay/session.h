// A replay that can be gone through in both directions: forwards by execution, backwards from a checkpoint.
//
// Belongs to the machine's thread.
#pragma once

#include <list>

#include "runtime/replay/checkpoint.h"
#include "runtime/replay/replayer.h"

namespace nyx::replay {

// Passes on what was not passed on before: re-execution says everything again.
class OnceSink final : public dev::ByteSink {
  public:
    explicit OnceSink(dev::ByteSink& out) : out_(out) {}
    void write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t position() const { return position_; }
    void go_back_to(std::uint64_t position) { position_ = position; }

  private:
    dev::ByteSink& out_;
    std::uint64_t position_ = 0;
    std::uint64_t shown_ = 0;
};

class Session {
  public:
    // All outlive this. sinks: of the machine's devices. keeps_checkpoints: to go back.
    Session(const Recording& recording, vm::Machine& machine, std::list<OnceSink>& sinks, bool keeps_checkpoints);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // To that instruction count, or, before it, to the end of the run, the end of the recording or a disagreement.
    Status go_to(std::uint64_t instructions);
    std::uint64_t now() const { return machine_.turns()->instructions(); }
    // How the guest ended, if it has.
    const std::optional<vm::Outcome>& outcome() const { return outcome_; }
    // The recording has nothing more.
    bool is_over() const { return outcome_ || (replayer_.is_over() && now() >= recording_.last().instructions); }
    bool has_end() const { return recording_.end.has_value(); }
    // Empty, or where and in what the run differs; at its end also counts and digests.
    Result<std::string> disagreement() const;
    const Checkpoints& checkpoints() const { return checkpoints_; }

  private:
    Status take_checkpoint();
    Status go_back(std::uint64_t instructions);

    const Recording& recording_;
    vm::Machine& machine_;
    std::list<OnceSink>& sinks_;
    const bool keeps_checkpoints_;
    Replayer replayer_;
    Checkpoints checkpoints_;
    Status checkpoint_status_;
    std::optional<vm::Outcome> outcome_;
};

}  // namespace nyx::replay
