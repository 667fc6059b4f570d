// The prompt of `nyx replay --interactive`: a command a line, its answer on stdout.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "runtime/replay/session.h"

namespace nyx::cli {

// One line, without `nyx: ` where nothing was compared: whether the run agreed with the recording.
std::string replay_verdict(const replay::Session& session, const std::string& disagreement);

class ReplayPrompt {
  public:
    // Both outlive this.
    ReplayPrompt(replay::Session& session, vm::Machine& machine) : session_(session), machine_(machine) {}

    // Until `quit` or the end of the input. 0, or 1 where the replay once disagreed.
    Result<int> run(std::FILE* in, std::FILE* out);
    // What to print. An error is one of the line; the prompt goes on.
    Result<std::string> answer(const std::string& line);

  private:
    using Words = std::vector<std::string>;

    Result<std::string> move_to(std::uint64_t instructions);
    Result<std::string> step(const Words& words);
    Result<std::string> back(const Words& words);
    Result<std::string> go(const Words& words);
    Result<std::string> go_on(const Words& words);
    Result<std::string> registers(const Words& words);
    Result<std::string> memory(const Words& words);
    Result<std::string> digest(const Words& words);
    Result<std::string> help(const Words& words);

    replay::Session& session_;
    vm::Machine& machine_;
    bool disagreed_ = false;
};

}  // namespace nyx::cli
