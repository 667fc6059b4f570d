#include "runtime/soft/msr.h"

#include <algorithm>

#include "runtime/soft/control_registers.h"
#include "runtime/soft/descriptors.h"

namespace nyx::soft {
namespace {

enum Msr : std::uint32_t {
    kTsc = 0x10,
    kPlatformId = 0x17,
    kApicBase = 0x1B,
    kFeatureControl = 0x3A,
    kTscAdjust = 0x3B,
    kSpecCtrl = 0x48,
    kPredCmd = 0x49,
    kBiosUpdate = 0x79,
    kBiosSignature = 0x8B,
    kPlatformInfo = 0xCE,
    kMtrrCap = 0xFE,
    kArchCapabilities = 0x10A,
    kFlushCmd = 0x10B,
    kSysenterCs = 0x174,
    kSysenterEsp = 0x175,
    kSysenterEip = 0x176,
    kMcgCap = 0x179,
    kMcgStatus = 0x17A,
    kMiscEnable = 0x1A0,
    kDebugCtl = 0x1D9,
    kMtrrVariable = 0x200,
    kMtrrFixed64K = 0x250,
    kMtrrFixed16K = 0x258,
    kMtrrFixed4K = 0x268,
    kPat = 0x277,
    kMtrrDefType = 0x2FF,
    kTscDeadline = 0x6E0,
    kX2Apic = 0x800,
    kXss = 0xDA0,
    kEfer = 0xC0000080,
    kStar = 0xC0000081,
    kLstar = 0xC0000082,
    kCstar = 0xC0000083,
    kSfmask = 0xC0000084,
    kFsBase = 0xC0000100,
    kGsBase = 0xC0000101,
    kKernelGsBase = 0xC0000102,
    kTscAux = 0xC0000103,
    kHwcr = 0xC0010015,
    kDeCfg = 0xC0011029,
};

// Registers of particular models that firmware and kernels read and write without asking: zero, and writes are lost.
constexpr std::uint32_t kQuietIntel[] = {0x2A, 0xCD, 0x198, 0x199, 0x19A, 0x19B, 0x19C, 0x1A2, 0x1FC, 0x606};
constexpr std::uint32_t kQuietAmd[] = {0xC0010010, 0xC001001F, 0xC0010055, 0xC0010112, 0xC0010113,
                                       0xC0010114, 0xC0010140, 0xC0010141, 0xC0011020, 0xC0011021,
                                       0xC0011022, 0xC0011023, 0xC001102A};

bool is_quiet(const Cpu& cpu, std::uint32_t number) {
    return cpu.is_amd() ? std::ranges::count(kQuietAmd, number) != 0 : std::ranges::count(kQuietIntel, number) != 0;
}

bool is_apic(std::uint32_t number) {
    return number == kApicBase || number == kTscDeadline || (number >= kX2Apic && number < kX2Apic + 0x100);
}

// Number of a fixed-range MTRR in MsrState, or nothing.
std::optional<std::size_t> fixed_range(std::uint32_t number) {
    if (number == kMtrrFixed64K) return 0;
    if (number == kMtrrFixed16K || number == kMtrrFixed16K + 1) return 1 + number - kMtrrFixed16K;
    if (number >= kMtrrFixed4K && number < kMtrrFixed4K + 8) return 3 + number - kMtrrFixed4K;
    return std::nullopt;
}

// Plain storage without conditions.
std::uint64_t* storage(Cpu& cpu, std::uint32_t number) {
    MsrState& msr = cpu.msr;
    switch (number) {
        case kSysenterCs:
            return &msr.sysenter_cs;
        case kMcgStatus:
            return &msr.mcg_status;
        case kMiscEnable:
            return &msr.misc_enable;
        case kStar:
            return &msr.star;
        case kSfmask:
            return &msr.sfmask;
        default:
            return nullptr;
    }
}

// Storage of linear addresses, which must be canonical.
std::uint64_t* address_storage(Cpu& cpu, std::uint32_t number) {
    MsrState& msr = cpu.msr;
    switch (number) {
        case kSysenterEsp:
            return &msr.sysenter_esp;
        case kSysenterEip:
            return &msr.sysenter_eip;
        case kLstar:
            return &msr.lstar;
        case kCstar:
            return &msr.cstar;
        case kFsBase:
            return &cpu.segments[kFs].base;
        case kGsBase:
            return &cpu.segments[kGs].base;
        case kKernelGsBase:
            return &msr.kernel_gs_base;
        default:
            return nullptr;
    }
}

bool is_long_only(std::uint32_t number) {
    return number >= kStar && number <= kKernelGsBase;
}

// SDM volume 3, table 11-10: without UC-, which only the PAT has.
bool is_memory_type(std::uint64_t type) {
    return type == 0 || type == 1 || type == 4 || type == 5 || type == 6;
}
bool are_memory_types(std::uint64_t eight, bool with_uncached_minus) {
    for (unsigned i = 0; i < 8; ++i, eight >>= 8)
        if (!is_memory_type(eight & 0xFF) && !(with_uncached_minus && (eight & 0xFF) == 7)) return false;
    return true;
}

// Nothing that this CPU does on its own account leaks: it speculates nowhere (SDM volume 4, IA32_ARCH_CAPABILITIES).
constexpr std::uint64_t kNotAffected = 1u << 0 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 8 | 1u << 13 | 1u << 14 |
                                       1u << 15 | 1u << 24 | 1u << 26 | 1u << 27;

bool write_mtrr(Cpu& cpu, std::uint32_t number, std::uint64_t value) {
    MsrState& msr = cpu.msr;
    if (number == kMtrrDefType) {
        if ((value & ~std::uint64_t{0xCFF}) != 0 || !is_memory_type(value & 0xFF)) return false;
        msr.mtrr_def_type = value;
        return true;
    }
    if (auto fixed = fixed_range(number)) {
        if (!are_memory_types(value, false)) return false;
        msr.mtrr_fixed[*fixed] = value;
        return true;
    }
    bool is_mask = (number & 1) != 0;
    std::uint64_t reserved = ~std::uint64_t{0} << cpu.physical_bits() | (is_mask ? 0x7FFu : 0xF00u);
    if ((value & reserved) != 0 || (!is_mask && !is_memory_type(value & 0xFF))) return false;
    msr.mtrr_variable[number - kMtrrVariable] = value;
    return true;
}

bool is_mtrr(std::uint32_t number) {
    return number == kMtrrDefType || fixed_range(number).has_value() ||
           (number >= kMtrrVariable && number < kMtrrVariable + 16);
}

bool has_adjust(const Cpu& cpu) {
    return cpu.has_feature(7, 'b', 1);
}
bool has_tsc_aux(const Cpu& cpu) {
    return cpu.has_feature(0x80000001, 'd', 27) || cpu.has_feature(7, 'c', 22);
}
bool has_speculation_control(const Cpu& cpu) {
    return cpu.has_feature(7, 'd', 26) || (cpu.is_amd() && cpu.has_feature(0x80000008, 'b', 14));
}

// SDM volume 3, §17.17.3: whatever moves the counter is seen in TSC_ADJUST too.
void move_tsc(Cpu& cpu, std::uint64_t by) {
    cpu.msr.tsc_offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(cpu.msr.tsc_offset) + by);
    cpu.msr.tsc_adjust = static_cast<std::int64_t>(static_cast<std::uint64_t>(cpu.msr.tsc_adjust) + by);
}

std::optional<std::uint64_t> when(bool is_there, std::uint64_t value) {
    return is_there ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> read_msr(Cpu& cpu, std::uint32_t number) {
    if (is_apic(number)) return cpu.surroundings.read_apic_msr(number);
    if (is_long_only(number) && !cpu.has_feature(0x80000001, 'd', 29)) return std::nullopt;
    if (const std::uint64_t* plain = storage(cpu, number)) return *plain;
    if (const std::uint64_t* address = address_storage(cpu, number)) return *address;
    if (auto fixed = fixed_range(number)) return cpu.msr.mtrr_fixed[*fixed];
    if (number >= kMtrrVariable && number < kMtrrVariable + 16) return cpu.msr.mtrr_variable[number - kMtrrVariable];
    switch (number) {
        case kTsc:
            return cpu.tsc();
        case kTscAdjust:
            return when(has_adjust(cpu), static_cast<std::uint64_t>(cpu.msr.tsc_adjust));
        case kTscAux:
            return when(has_tsc_aux(cpu), cpu.msr.tsc_aux);
        case kFeatureControl:
            return when(!cpu.is_amd(), 1);  // locked, nothing enabled
        case kBiosSignature:
            return cpu.is_amd() ? 0x01000065 : std::uint64_t{1} << 32;
        case kMtrrCap:
            return cpu.msr.mtrr_capabilities;
        case kMtrrDefType:
            return cpu.msr.mtrr_def_type;
        case kPat:
            return cpu.msr.pat;
        case kEfer:
            return cpu.control.efer;
        case kSpecCtrl:
            return when(has_speculation_control(cpu), cpu.msr.speculation_control);
        case kArchCapabilities:
            return when(cpu.has_feature(7, 'd', 29), kNotAffected);
        case kXss:
            return when(cpu.has_feature(1, 'c', 26), 0);
        case kPlatformId:
        case kPlatformInfo:
        case kMcgCap:  // no banks
        case kDebugCtl:
            return 0;
        case kHwcr:
            return when(cpu.is_amd(), 1u << 24);  // the TSC runs at the nominal frequency
        case kDeCfg:
            return when(cpu.is_amd(), 2);  // LFENCE serializes
        default:
            return when(is_quiet(cpu, number), 0);
    }
}

bool write_msr(Cpu& cpu, std::uint32_t number, std::uint64_t value) {
    if (is_apic(number)) return cpu.surroundings.write_apic_msr(number, value);
    if (is_long_only(number) && !cpu.has_feature(0x80000001, 'd', 29)) return false;
    if (is_mtrr(number)) return write_mtrr(cpu, number, value);
    if (std::uint64_t* plain = storage(cpu, number)) {
        *plain = value;
        return true;
    }
    if (std::uint64_t* address = address_storage(cpu, number)) {
        if (!is_canonical(value)) return false;
        *address = value;
        return true;
    }
    switch (number) {
        case kTsc:
            move_tsc(cpu, value - cpu.tsc());
            return true;
        case kTscAdjust:
            if (!has_adjust(cpu)) return false;
            move_tsc(cpu, value - static_cast<std::uint64_t>(cpu.msr.tsc_adjust));
            return true;
        case kTscAux:
            if (!has_tsc_aux(cpu) || value >> 32 != 0) return false;
            cpu.msr.tsc_aux = value;
            return true;
        case kPat:
            if (!are_memory_types(value, true)) return false;
            cpu.msr.pat = value;
            return true;
        case kEfer:
            return write_efer(cpu, value);
        case kSpecCtrl:
            if (!has_speculation_control(cpu) || value >> 11 != 0) return false;
            cpu.msr.speculation_control = value;
            return true;
        case kPredCmd:
            return has_speculation_control(cpu) && value <= 1;
        case kFlushCmd:
            return cpu.has_feature(7, 'd', 28) && value <= 1;
        case kXss:
            return cpu.has_feature(1, 'c', 26) && value == 0;
        case kDebugCtl:
            return value == 0;
        case kBiosUpdate:
        case kBiosSignature:
            return true;
        case kHwcr:
        case kDeCfg:
            return cpu.is_amd();
        default:
            return is_quiet(cpu, number);
    }
}

}  // namespace nyx::soft
