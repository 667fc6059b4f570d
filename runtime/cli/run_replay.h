// A recording, run again: the whole of `nyx replay` after its arguments were read.
#pragma once

#include <cstdint>
#include <string>

namespace nyx::cli {

struct ReplayOptions {
    std::string recording;
    std::string bundle;  // empty: the one that the recording names
    bool partial = false;
    bool interactive = false;
    bool digest = false;
    std::uint64_t stop_at = 0;  // instructions; 0: the end
};

// The process's exit status: 0 the run agreed with the recording, 1 it did not, 3 it could not begin.
int run_replay(const ReplayOptions& options);

}  // namespace nyx::cli
