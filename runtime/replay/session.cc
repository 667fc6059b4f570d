#include "runtime/replay/session.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace nyx::replay {

void OnceSink::write(std::span<const std::uint8_t> bytes) {
    position_ += bytes.size();
    if (position_ <= shown_) return;
    out_.write(bytes.last(std::min<std::uint64_t>(bytes.size(), position_ - shown_)));
    shown_ = position_;
}

Session::Session(const Recording& recording, vm::Machine& machine, std::list<OnceSink>& sinks, bool keeps_checkpoints)
    : recording_(recording),
      machine_(machine),
      sinks_(sinks),
      keeps_checkpoints_(keeps_checkpoints),
      replayer_(recording, machine) {
    machine_.watch(&replayer_);
    machine_.listen(&replayer_);
    if (keeps_checkpoints)
        replayer_.on_cold_point([this] {
            if (checkpoint_status_ && checkpoints_.wants(now())) checkpoint_status_ = take_checkpoint();
        });
}

Session::~Session() {
    machine_.watch(nullptr);
    machine_.listen(nullptr);
}

Status Session::take_checkpoint() {
    NYX_ASSIGN(Checkpoint checkpoint, Checkpoint::take(machine_, checkpoints_.last()));
    checkpoint.events = replayer_.position();
    for (const OnceSink& sink : sinks_) checkpoint.output.push_back(sink.position());
    checkpoints_.add(std::move(checkpoint));
    return {};
}

Status Session::go_back(std::uint64_t instructions) {
    const Checkpoint* checkpoint = checkpoints_.before(instructions);
    NYX_CHECK(checkpoint != nullptr, "no checkpoint to go back to");
    NYX_TRY(checkpoint->put_back(machine_));
    replayer_.go_back_to(checkpoint->events);
    auto position = checkpoint->output.begin();
    for (OnceSink& sink : sinks_) sink.go_back_to(*position++);
    outcome_.reset();
    return {};
}

Status Session::go_to(std::uint64_t instructions) {
    if (keeps_checkpoints_ && checkpoints_.count() == 0 && checkpoints_.wants(0)) NYX_TRY(take_checkpoint());
    if (instructions < now()) NYX_TRY(go_back(instructions));
    if (is_over() || !replayer_.disagreement().empty()) return {};
    if (replayer_.is_over()) instructions = std::min(instructions, recording_.last().instructions);
    outcome_ = machine_.run_to(instructions);
    return checkpoint_status_;
}

Result<std::string> Session::disagreement() const {
    if (!replayer_.disagreement().empty()) return replayer_.disagreement();
    if (!is_over()) return std::string();
    NYX_ASSIGN(Digests digests, digests_of(machine_));
    return replayer_.compare_end(digests);
}

}  // namespace nyx::replay
