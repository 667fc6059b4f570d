#include "compiler/lower/classic_names.h"

#include <algorithm>
#include <array>

namespace nyx::lower {

namespace {

// A name that ends in `_` stands for all that begin with it. Words that anyone might use for something else are not
// here: `memory`, `metrics`, `systems` want their import.
struct ClassicName {
    std::string_view name;
    std::string_view home;
};
constexpr std::array kNames = {
    ClassicName{"ProductionVMBuilder", "vm_production"},
    ClassicName{"ProductionVMMonitor", "vm_production"},
    ClassicName{"production_readiness_check", "vm_production"},
    ClassicName{"VMConfig", "vm"},
    ClassicName{"VirtualMachine", "vm"},
    ClassicName{"VMBuilder", "vm"},
    ClassicName{"EXCEPTION_", "vm_errors"},
    ClassicName{"RECOVERY_", "vm_errors"},
    ClassicName{"LOG_LEVEL_", "vm_logging"},
    ClassicName{"logger", "vm_logging"},
    ClassicName{"TPM_CMD_", "vm_tpm"},
    ClassicName{"LAPIC_BASE", "hardware"},
    ClassicName{"IOAPIC_BASE", "hardware"},
    ClassicName{"TPM_BASE", "hardware"},
    ClassicName{"HPET_BASE", "hardware"},
    ClassicName{"SMI_PORT", "hardware"},
};
// Modules by their own names.
constexpr std::array<std::string_view, 13> kModules = {
    "vm_core",    "hypervisor", "vm_devices", "vm_errors", "vm_tpm",        "vm_acpi_advanced", "vm_migration",
    "vm_hotplug", "vm_logging", "vm_metrics", "vm_iommu",  "vm_production", "hardware",
};

bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view home_of(std::string_view word) {
    for (std::string_view module : kModules) {
        if (word == module) return module;
    }
    for (const ClassicName& one : kNames) {
        bool prefix = one.name.ends_with('_');
        if (prefix ? word.starts_with(one.name) : word == one.name) return one.home;
    }
    return {};
}

}  // namespace

std::vector<std::string_view> classic_modules_used(std::string_view text) {
    std::array<bool, 256> starts{};  // most words end here
    for (std::string_view module : kModules) starts[static_cast<unsigned char>(module.front())] = true;
    for (const ClassicName& one : kNames) starts[static_cast<unsigned char>(one.name.front())] = true;
    std::vector<std::string_view> homes;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t begin = at;
        while (at < text.size() && in_word(text[at])) ++at;
        bool member = begin > 0 && text[begin - 1] == '.';
        if (at > begin && !member && starts[static_cast<unsigned char>(text[begin])]) {
            std::string_view home = home_of(text.substr(begin, at - begin));
            if (!home.empty() && std::find(homes.begin(), homes.end(), home) == homes.end()) homes.push_back(home);
        }
        if (at < text.size()) ++at;
    }
    std::sort(homes.begin(), homes.end());
    return homes;
}

}  // namespace nyx::lower
