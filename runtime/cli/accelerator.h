// Which hypervisor runs a machine: the user's choice, or the one that this host does best.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/hv/hypervisor.h"
#include "runtime/kvm/system.h"

namespace nyx::cli {

// What `--accel auto` takes on a host with this KVM (nothing: none that can be used): KVM where a processor's
// virtualisation stands behind it, and the software CPU elsewhere.
struct Preference {
    std::string_view name;  // "kvm", "soft"
    std::string_view why;   // one clause
};
Preference prefer(std::optional<kvm::HostKind> host);

struct Accelerator {
    std::unique_ptr<hv::Hypervisor> hypervisor;
    std::string why;  // it was chosen; one clause
};

// choice: "auto", "kvm", "soft". Errors: KVM was asked for and is not there.
Result<Accelerator> choose_accelerator(const std::string& choice);

}  // namespace nyx::cli
