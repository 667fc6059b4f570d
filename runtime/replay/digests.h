// What is compared of two deterministic runs.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/sha256.h"
#include "runtime/machine/machine.h"

namespace nyx::replay {

// At the end of a run, or where it was stopped.
struct Digests {
    std::uint64_t instructions = 0;  // in all
    std::vector<std::uint64_t> by_vcpu;
    Digest memory{};  // SHA-256 over RAM
    Digest state{};   // SHA-256 over the saved state of vCPUs, devices and interrupt controllers
    bool operator==(const Digests&) const = default;
};

// A part of the machine, briefly: the first eight bytes of the SHA-256 over its saved state.
struct PartDigest {
    std::string path;  // "cpu0", "com1", "lapic0"
    std::uint64_t digest = 0;
};

// Of a machine that runs in turns, while no vCPU runs.
Result<Digests> digests_of(const vm::Machine& machine);
Result<std::vector<PartDigest>> parts_of(const vm::Machine& machine);

// Lines that end with '\n'.
std::string text_of(const Digests& digests);

}  // namespace nyx::replay
