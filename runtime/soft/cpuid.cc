// CPUID: the table, and what the instruction makes of it (Intel SDM volume 2, CPUID).
#include <algorithm>

#include "runtime/soft/cpu.h"

namespace nyx::soft {
namespace {

constexpr std::uint32_t kApicBase = 0x1B;

void set_bit(std::uint32_t& reg, unsigned bit, bool value) {
    reg = (reg & ~(1u << bit)) | (value ? 1u << bit : 0);
}

bool is_topology(std::uint32_t leaf) {
    return leaf == 0xB || leaf == 0x1F;
}

}  // namespace

const CpuidLeaf* Cpu::cpuid(std::uint32_t leaf, std::uint32_t subleaf) const {
    auto found = std::ranges::find_if(cpuid_, [&](const CpuidLeaf& entry) {
        return entry.leaf == leaf && (!entry.subleaf_matters || entry.subleaf == subleaf);
    });
    return found == cpuid_.end() ? nullptr : &*found;
}

bool Cpu::has_feature(std::uint32_t leaf, char reg, unsigned bit) const {
    if (cpuid_.empty()) return true;
    const CpuidLeaf* entry = cpuid(leaf, 0);
    if (entry == nullptr) return false;
    std::uint32_t value = reg == 'a' ? entry->eax : reg == 'b' ? entry->ebx : reg == 'c' ? entry->ecx : entry->edx;
    return ((value >> bit) & 1) != 0;
}

void Cpu::know_processor() {
    offer_ = offer_of(cpuid_);
    has_huge_pages_ = has_feature(0x80000001, 'd', 26);
    if (const CpuidLeaf* vendor = cpuid(0, 0)) is_amd_ = vendor->ebx == 0x68747541 || vendor->ebx == 0x6F677948;
    if (const CpuidLeaf* sizes = cpuid(0x80000008, 0)) {
        unsigned bits = sizes->eax & 0xFF;
        if (bits >= 32 && bits <= 52) physical_bits_ = bits;
    }
}

CpuidLeaf Cpu::cpuid_now(std::uint32_t leaf, std::uint32_t subleaf) {
    const CpuidLeaf* entry = cpuid(leaf, subleaf);
    const CpuidLeaf no_level{leaf, subleaf, true, 0, 0, subleaf & 0xFF, 0};
    if (entry == nullptr && is_topology(leaf) && cpuid(leaf, 0) != nullptr) entry = &no_level;
    if (entry == nullptr) {
        // Intel's answer to a leaf that is out of range is the highest basic one; AMD's is zero.
        const CpuidLeaf* first = cpuid(0, 0);
        const CpuidLeaf* extended = cpuid(0x80000000, 0);
        bool is_extended = leaf >= 0x80000000;
        std::uint32_t last =
            is_extended ? (extended != nullptr ? extended->eax : 0) : (first != nullptr ? first->eax : 0);
        if (is_amd_ || first == nullptr || leaf <= last) return {};
        entry = cpuid(first->eax, subleaf);
        if (entry == nullptr) return {};
        leaf = first->eax;
    }
    CpuidLeaf now = *entry;
    switch (leaf) {
        case 1:
            now.ebx = (now.ebx & 0xFFFFFF) | index << 24;
            set_bit(now.edx, 1, false);  // no virtual-8086 extensions
            set_bit(now.ecx, 27, (control.cr4 & kCr4Osxsave) != 0);
            if (auto base = surroundings.read_apic_msr(kApicBase))
                set_bit(now.edx, 9, (now.edx >> 9 & 1) != 0 && (*base >> 11 & 1) != 0);
            break;
        case 7:
            if (subleaf == 0) set_bit(now.ecx, 4, (control.cr4 >> 22 & 1) != 0);
            break;
        case 0xB:
        case 0x1F:
            now.edx = index;
            break;
        case 0xD:
            if (subleaf <= 1) now.ebx = save_area_size();
            break;
        case 0x80000001:  // AMD has the same bits here
            set_bit(now.edx, 1, false);
            if (auto base = surroundings.read_apic_msr(kApicBase))
                set_bit(now.edx, 9, (now.edx >> 9 & 1) != 0 && (*base >> 11 & 1) != 0);
            break;
        case 0x8000001E:
            now.eax = index;
            break;
        default:
            break;
    }
    return now;
}

// For what XCR0 enables: the legacy area and header, then the components where their leaves put them.
std::uint32_t Cpu::save_area_size() const {
    std::uint32_t size = 576;
    for (unsigned component = 2; component < 63; ++component) {
        if ((control.xcr0 >> component & 1) == 0) continue;
        if (const CpuidLeaf* entry = cpuid(0xD, component)) size = std::max(size, entry->eax + entry->ebx);
    }
    return size;
}

}  // namespace nyx::soft
