// Which hypervisor runs a machine: the user's choice, else the machine's preference, else what this host does best.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/hv/hypervisor.h"
#include "runtime/kvm/system.h"
#include "runtime/plan/machine_plan.h"
#include "runtime/soft/vm/hypervisor.h"

namespace nyx::cli {

struct Decision {
    std::string_view name;     // "kvm", "soft"
    std::string_view why;      // one clause
    std::string warning = {};  // a preference that cannot be met, or not well; empty: none
};

// What `--accel auto` takes on a host with this KVM (nothing: none that can be used): KVM where a processor's
// virtualisation stands behind it, and the software CPU elsewhere.
Decision prefer(std::optional<kvm::HostKind> host);

// asked: `--accel`, empty where it was not given. preferred: by the machine, or empty.
Decision decide(std::string_view asked, std::string_view preferred, std::optional<kvm::HostKind> host);

// Whether the software CPU compiles hot guest code, and what is to be said about it. At most one of the two is there.
struct TierDecision {
    bool compiles = false;
    std::string_view warning = {};  // it was asked for and cannot be had
    std::string_view note = {};     // nobody asked, and a complete installation would
};

// asked: `--soft-tier`, empty where it was not given. has_compiler: the library for it is installed.
TierDecision decide_tier(std::string_view asked, bool has_compiler);

// As on the command line; empty where it was not given.
struct AcceleratorOptions {
    std::string accel;        // "auto", "kvm", "soft"
    std::string irqchip{};    // "kernel", "user"
    std::string soft_tier{};  // "llvm", "interpreter"; empty: llvm, where it is installed
    std::uint32_t soft_heat = soft::Tier{}.heat;
    bool deterministic = false;  // what is recorded and replayed holds the state of the classes
};

struct Accelerator {
    std::unique_ptr<hv::Hypervisor> hypervisor;
    std::string why;  // it was chosen; one clause
    std::string warning = {};
    std::string note = {};
};

// Errors: KVM was asked for and is not there.
Result<Accelerator> choose_accelerator(const AcceleratorOptions& options, const plan::RunPreferences& preferences);

}  // namespace nyx::cli
