#include "runtime/kvm/cpuid_table.h"

#include <algorithm>
#include <cerrno>

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/system.h"
#include "runtime/kvm/user_irqchip_vm.h"

namespace nyx::kvm {

CpuidTable::CpuidTable(std::size_t capacity)
    : capacity_(capacity),
      words_(std::make_unique<std::uint64_t[]>((sizeof(kvm_cpuid2) + capacity * sizeof(kvm_cpuid_entry2) + 7) / 8)) {
    get()->nent = static_cast<std::uint32_t>(capacity);
}

CpuidTable::CpuidTable(std::span<const CpuidEntry> entries) : CpuidTable(entries.size()) {
    kvm_cpuid_entry2* out = get()->entries;
    for (const CpuidEntry& entry : entries) {
        kvm_cpuid_entry2 raw{};
        raw.function = entry.leaf;
        raw.index = entry.subleaf;
        raw.flags = entry.subleaf_matters ? KVM_CPUID_FLAG_SIGNIFCANT_INDEX : 0;
        raw.eax = entry.eax;
        raw.ebx = entry.ebx;
        raw.ecx = entry.ecx;
        raw.edx = entry.edx;
        *out++ = raw;
    }
}

std::vector<CpuidEntry> CpuidTable::entries() const {
    const auto* table = reinterpret_cast<const kvm_cpuid2*>(words_.get());
    std::vector<CpuidEntry> entries;
    for (std::size_t i = 0; i < std::min<std::size_t>(table->nent, capacity_); ++i) {
        const kvm_cpuid_entry2& raw = table->entries[i];
        entries.push_back({raw.function, raw.index, (raw.flags & KVM_CPUID_FLAG_SIGNIFCANT_INDEX) != 0, raw.eax,
                           raw.ebx, raw.ecx, raw.edx});
    }
    return entries;
}

Result<std::vector<CpuidEntry>> System::supported_cpuid() const {
    // E2BIG asks for a longer table; no kernel has anywhere near the last size.
    for (std::size_t capacity = 128; capacity <= 4096; capacity *= 2) {
        CpuidTable table(capacity);
        auto done = NYX_KVM(fd_.get(), KVM_GET_SUPPORTED_CPUID, table.get());
        if (!done && errno == E2BIG) continue;
        if (!done) return fail(std::move(done).error());
        std::vector<CpuidEntry> entries = table.entries();
        // Not reported, because it depends on the local APIC being in the kernel (api.rst,
        // KVM_CAP_TSC_...).
        CpuidEntry* features = find_leaf(entries, 1, 0);
        if (features != nullptr && capability(KVM_CAP_TSC_DEADLINE_TIMER) != 0) features->ecx |= 1u << 24;
        if (make_irq_chip_) NYX_TRY(hide_kernel_apic(entries, asks_for_msrs()));
        return entries;
    }
    return fail(ErrorCode::kUnsupported, "KVM_GET_SUPPORTED_CPUID reports more leaves than can be");
}

}  // namespace nyx::kvm
