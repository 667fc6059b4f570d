#include "runtime/cli/accelerator.h"

#include "devices/board/irq_chip.h"

namespace nyx::cli {

Decision prefer(std::optional<kvm::HostKind> host) {
    if (!host) return {"soft", "this host has no usable KVM"};
    if (*host == kvm::HostKind::kPvm)
        return {"soft", "this host's KVM has no hardware behind it and cannot run every guest"};
    return {"kvm", "this host's KVM has hardware behind it"};
}

Decision decide(std::string_view asked, std::string_view preferred, std::optional<kvm::HostKind> host) {
    if (asked == "kvm" || asked == "soft") return {asked, "it was asked for"};
    if (asked.empty() && preferred == "soft") return {preferred, "the machine prefers it"};
    Decision best = prefer(host);
    if (!asked.empty() || preferred.empty()) return best;
    if (!host) {
        best.warning = "the machine prefers kvm, and this host has no usable KVM: it runs on soft, slower";
        return best;
    }
    if (best.name != preferred)
        best.warning = "the machine prefers kvm, and this host's KVM has no hardware behind it: not every guest runs";
    return {preferred, "the machine prefers it", best.warning};
}

TierDecision decide_tier(std::string_view asked, bool has_compiler) {
    constexpr std::string_view kOnlyInterprets =
        "hot guest code is not compiled: this installation has no lib/nyx/libnyx_soft_llvm.so";
    constexpr std::string_view kSlower =
        "the guest runs slower than it could: hot guest code is not compiled, because this installation has no "
        "lib/nyx/libnyx_soft_llvm.so (`--soft-tier interpreter` is silent about it)";
    if (asked == "interpreter") return {};
    if (has_compiler) return {.compiles = true};
    return asked.empty() ? TierDecision{.note = kSlower} : TierDecision{.warning = kOnlyInterprets};
}

namespace {

Error no_kvm(Error error) {
    error.hint += (error.hint.empty() ? "" : "; ") + std::string("`--accel soft` runs machines without KVM, slower");
    return error;
}

bool wants_user_irqchip(const AcceleratorOptions& options, const plan::RunPreferences& preferences) {
    return (options.irqchip.empty() ? preferences.irqchip : options.irqchip) == "user";
}

Accelerator software(Decision decision, const AcceleratorOptions& options, const plan::RunPreferences& preferences) {
    if (options.irqchip == "kernel")
        decision.warning = "`--irqchip kernel` is for kvm: on soft the interrupt controllers are nyx's";
    dev::irqchip::MakeIrqChip make_irq_chip;
    if (!options.deterministic && wants_user_irqchip(options, preferences)) make_irq_chip = dev::board::make_irq_chip;
    const TierDecision tier = decide_tier(options.soft_tier, soft::can_compile());
    if (!tier.warning.empty()) decision.warning = tier.warning;
    return {std::make_unique<soft::Hypervisor>(soft::Tier{.compiles = tier.compiles, .heat = options.soft_heat},
                                               std::move(make_irq_chip)),
            std::string(decision.why), std::move(decision.warning), std::string(tier.note)};
}

}  // namespace

Result<Accelerator> choose_accelerator(const AcceleratorOptions& options, const plan::RunPreferences& preferences) {
    // Not touched where it is not wanted.
    if (options.accel == "soft") return software({"soft", "it was asked for"}, options, preferences);
    auto kvm = kvm::System::open();
    if (options.accel == "kvm" && !kvm) return fail(no_kvm(std::move(kvm).error()));
    Decision decision =
        decide(options.accel, preferences.accelerator, kvm ? std::optional(kvm->host_kind()) : std::nullopt);
    if (decision.name == "soft") return software(std::move(decision), options, preferences);
    if (wants_user_irqchip(options, preferences)) kvm->use_user_irqchip(dev::board::make_irq_chip);
    return Accelerator{std::make_unique<kvm::System>(std::move(*kvm)), std::string(decision.why),
                       std::move(decision.warning)};
}

}  // namespace nyx::cli
