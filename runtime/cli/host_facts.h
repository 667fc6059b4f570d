// What this host offers to virtual machines, as found now.
//
// Gathering fails never: what cannot be had is absent, and why is kept. Read-only; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/hv/cpuid.h"
#include "runtime/kvm/system.h"

namespace nyx::cli {

struct HostFacts {
    std::string kernel;        // "6.1.0-18-amd64"
    std::string architecture;  // "x86_64"
    std::string cpu_model;
    unsigned processors = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t memory_available_bytes = 0;
    std::string virtualisation;  // "vmx", "svm" or empty, from the CPU's flags

    bool compiles_soft = false;  // the software CPU has its compiler

    std::optional<Error> kvm_error;  // why there is no KVM; the rest is then empty
    kvm::HostKind host_kind = kvm::HostKind::kHardware;
    std::uint32_t max_vcpus = 0;
    std::map<std::string, int, std::less<>> capabilities;
    std::vector<hv::CpuidEntry> cpuid;
    // Features that guests see even if their machine hides them; absent when that could not be measured.
    std::optional<std::vector<std::string>> unhidable;
    std::optional<Error> trial_error;  // why a guest of one instruction did not run
};

HostFacts gather_facts(const std::string& device = "/dev/kvm");
nlohmann::json facts_json(const HostFacts& facts);

}  // namespace nyx::cli
