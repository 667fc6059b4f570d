// Runs a program without a shell and waits for it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace nyx::package {

struct Ran {
    int status = 0;  // of its exit; 128 and more: a signal ended it
    std::string output;
    std::string errors;
};

// words.front() is looked for in PATH. environment: variables that are added or replaced. Standard input is empty; at
// most `most` bytes of each stream are kept. kNotFound where there is no such program.
Result<Ran> run_program(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                        std::size_t most = std::size_t{64} << 20);

}  // namespace nyx::package
