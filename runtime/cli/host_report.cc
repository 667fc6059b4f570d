#include "runtime/cli/host_report.h"

#include <algorithm>

#include "runtime/cli/accelerator.h"

namespace nyx::cli {
namespace {

using Level = Finding::Level;

Finding processor(const HostFacts& facts) {
    if (facts.architecture != "x86_64")
        return {Level::kBad,
                fmt::format("this host is {}; Nyx runs x86-64 guests on x86-64 hosts", facts.architecture),
                {},
                "use an x86-64 host"};
    Finding finding{Level::kGood,
                    fmt::format("{}, {} processors, Linux {}", facts.cpu_model, facts.processors, facts.kernel),
                    {},
                    ""};
    if (facts.virtualisation.empty())
        finding.details.emplace_back("the CPU shows neither VT-x (vmx) nor AMD-V (svm)");
    else
        finding.details.push_back(fmt::format("with hardware virtualisation ({})", facts.virtualisation));
    return finding;
}

Finding no_kvm(const HostFacts& facts) {
    const Error& error = *facts.kvm_error;
    Finding finding{Level::kNote, "no KVM: " + error.message, {}, error.hint};
    if (error.code == ErrorCode::kNotFound && facts.virtualisation.empty())
        finding.details.emplace_back(
            "this CPU shows no VT-x or AMD-V: on a machine of your own switch it on in the firmware setup; on a "
            "virtual "
            "machine ask for nested virtualisation, or take another instance type");
    return finding;
}

// Measured on such hosts; see docs for what was tried.
Finding kind_of_host(const HostFacts& facts) {
    switch (facts.host_kind) {
        case kvm::HostKind::kHardware:
            return {Level::kGood, "KVM on the hardware itself (hardware)", {}, ""};
        case kvm::HostKind::kNested:
            return {Level::kGood,
                    "KVM inside a virtual machine, by nested virtualisation (nested)",
                    {"everything runs; each exit costs more than on the hardware"},
                    ""};
        case kvm::HostKind::kPvm:
            break;
    }
    return {Level::kNote,
            "KVM by page tables alone, without VT-x or AMD-V (kvm_pvm)",
            {"runs: 64-bit programs at privilege level 3, at full speed",
             "runs: small guests; all code at privilege level 0, in real and in 32-bit mode is emulated by KVM",
             "speed of emulated code: 1 to 2 million instructions a second",
             "runs: a small uncompressed Linux (vmlinux, by PVH) up to the start of its first program",
             "does not run in useful time: compressed kernels (bzImage)",
             "does not run: stock distribution kernels; 32-bit kernels that take interrupts; GRUB, iPXE",
             "an instruction that the emulator lacks ends the guest with a report that names it"},
            "for guests at full speed use a host with VT-x, AMD-V or nested virtualisation"};
}

Finding masking(const HostFacts& facts) {
    const std::vector<std::string>& shown = *facts.unhidable;
    if (shown.empty()) return {Level::kGood, "CPU features that a machine hides are hidden from its guest", {}, ""};
    return {Level::kNote,
            fmt::format("this KVM shows guests {} CPU features, whatever their machine hides", shown.size()),
            {fmt::format("{}", fmt::join(shown, " "))},
            "tell the guest itself not to use them: Linux takes `noxsave` and `clearcpuid=` on its command line"};
}

Finding accelerator(const HostFacts& facts) {
    Decision best = prefer(facts.kvm_error ? std::nullopt : std::optional(facts.host_kind));
    Finding finding{Level::kGood, fmt::format("machines run on `{}` here: {}", best.name, best.why), {}, ""};
    if (best.name == "soft") {
        finding.details.emplace_back("every guest runs, in software, slower than on hardware");
        if (!facts.kvm_error) finding.details.emplace_back("`nyx run --accel kvm` uses this host's KVM all the same");
    }
    return finding;
}

Finding soft_tier(const HostFacts& facts) {
    if (facts.compiles_soft) return {Level::kGood, "the software CPU (`soft`) compiles hot guest code", {}, ""};
    return {Level::kNote,
            "the software CPU (`soft`) only interprets guest code: lib/nyx/libnyx_soft_llvm.so is not installed",
            {"loops that run for seconds are several times slower so; boots hardly"},
            "install the whole of Nyx; a build has the library where CMake finds clang++-19"};
}

}  // namespace

Finding preference_finding(const std::string& machine, const plan::RunPreferences& preferences,
                           const HostFacts& facts) {
    const Decision decision =
        decide("", preferences.accelerator, facts.kvm_error ? std::nullopt : std::optional(facts.host_kind));
    Finding finding{decision.warning.empty() ? Level::kGood : Level::kNote,
                    fmt::format("machine {} runs on `{}` here: {}", machine, decision.name, decision.why),
                    {},
                    ""};
    if (!decision.warning.empty()) finding.details.push_back(decision.warning);
    if (decision.name == "kvm")
        finding.details.push_back(
            fmt::format("with the interrupt controllers of {}", preferences.irqchip == "user" ? "nyx" : "the kernel"));
    finding.details.emplace_back("`nyx run --accel` and `--irqchip` have the last word");
    return finding;
}

namespace {

Finding trial(const HostFacts& facts) {
    if (!facts.trial_error) return {Level::kGood, "a test guest ran", {}, ""};
    return {Level::kBad, "a test guest did not run: " + facts.trial_error->message, {}, facts.trial_error->hint};
}

Finding capabilities(const HostFacts& facts) {
    Finding finding{Level::kGood, "", {}, ""};
    for (const kvm::Capability& capability : kvm::capabilities()) {
        auto found = facts.capabilities.find(capability.key);
        if (found != facts.capabilities.end() && found->second != 0) continue;
        finding.details.push_back(fmt::format("without {}: {}", capability.key, capability.purpose));
    }
    std::size_t missing = finding.details.size();
    finding.what = fmt::format("{} of {} capabilities of KVM that Nyx can use, up to {} vCPUs",
                               kvm::capabilities().size() - missing, kvm::capabilities().size(), facts.max_vcpus);
    if (missing == 0) return finding;
    finding.level = Level::kNote;
    finding.fix = "each is useful, none is needed; a newer kernel may have it";
    return finding;
}

Finding memory(const HostFacts& facts) {
    constexpr std::uint64_t kMiB = 1 << 20;
    constexpr std::uint64_t kLittle = 256 * kMiB;
    Finding finding{Level::kGood,
                    fmt::format("{} MiB of memory, {} MiB available", facts.memory_bytes / kMiB,
                                facts.memory_available_bytes / kMiB),
                    {},
                    ""};
    if (facts.memory_available_bytes < kLittle) {
        finding.level = Level::kNote;
        finding.fix = "give guests little memory, or end other programs";
    }
    return finding;
}

Finding compiler(bool found) {
    if (found) return {Level::kGood, "nyxc is there: `nyx run FILE.ny` and `nyx boot` work", {}, ""};
    return {Level::kNote,
            "nyxc was not found beside nyx or in PATH",
            {},
            "bundles run without it; for `nyx run FILE.ny` and `nyx boot` install it or add its folder to PATH"};
}

const char* mark(Level level) {
    switch (level) {
        case Level::kGood:
            return "ok";
        case Level::kNote:
            return "note";
        case Level::kBad:
            return "missing";
    }
    return "";
}

}  // namespace

std::vector<Finding> examine(const HostFacts& facts, bool compiler_found) {
    std::vector<Finding> findings{processor(facts)};
    if (facts.kvm_error) {
        findings.push_back(no_kvm(facts));
    } else {
        findings.push_back(kind_of_host(facts));
        findings.push_back(trial(facts));
        if (facts.unhidable) findings.push_back(masking(facts));
        findings.push_back(capabilities(facts));
    }
    findings.push_back(accelerator(facts));
    findings.push_back(soft_tier(facts));
    findings.push_back(memory(facts));
    findings.push_back(compiler(compiler_found));
    return findings;
}

bool can_run(const std::vector<Finding>& findings) {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.level == Level::kBad; });
}

std::string findings_text(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) {
        out += fmt::format("{:<8} {}\n", mark(finding.level), finding.what);
        for (const std::string& detail : finding.details) out += fmt::format("         - {}\n", detail);
        if (!finding.fix.empty()) out += fmt::format("         fix: {}\n", finding.fix);
    }
    return out + (can_run(findings) ? "This host runs machines.\n" : "This host cannot run machines yet.\n");
}

nlohmann::json findings_json(const std::vector<Finding>& findings) {
    nlohmann::json list = nlohmann::json::array();
    for (const Finding& finding : findings)
        list.push_back({{"level", mark(finding.level)},
                        {"what", finding.what},
                        {"details", finding.details},
                        {"fix", finding.fix.empty() ? nlohmann::json(nullptr) : nlohmann::json(finding.fix)}});
    return {{"can_run", can_run(findings)}, {"findings", list}};
}

}  // namespace nyx::cli
