#include "runtime/cli/accelerator.h"

#include "runtime/soft/vm/hypervisor.h"

namespace nyx::cli {

Preference prefer(std::optional<kvm::HostKind> host) {
    if (!host) return {"soft", "this host has no usable KVM"};
    if (*host == kvm::HostKind::kPvm)
        return {"soft", "this host's KVM has no hardware behind it and cannot run every guest"};
    return {"kvm", "this host's KVM has hardware behind it"};
}

namespace {

Error no_kvm(Error error) {
    error.hint += (error.hint.empty() ? "" : "; ") + std::string("`--accel soft` runs machines without KVM, slower");
    return error;
}

std::unique_ptr<hv::Hypervisor> software() {
    return std::make_unique<soft::Hypervisor>();
}

}  // namespace

Result<Accelerator> choose_accelerator(const std::string& choice) {
    if (choice == "soft") return Accelerator{software(), "it was asked for"};
    auto kvm = kvm::System::open();
    if (choice == "kvm" && !kvm) return fail(no_kvm(std::move(kvm).error()));
    Preference best = prefer(kvm ? std::optional(kvm->host_kind()) : std::nullopt);
    if (choice == "kvm") best = {"kvm", "it was asked for"};
    if (best.name == "soft") return Accelerator{software(), std::string(best.why)};
    return Accelerator{std::make_unique<kvm::System>(std::move(*kvm)), std::string(best.why)};
}

}  // namespace nyx::cli
