#include "runtime/hv/cpuid.h"

#include <bit>
#include <cstring>
#include <memory>

#include "runtime/base/check.h"

namespace nyx::hv {
namespace {

struct Feature {
    std::uint32_t leaf;
    std::uint32_t subleaf;
    char reg;
    unsigned bit;
    std::string_view name;
};

constexpr Feature kFeatures[] = {
#define NYX_FEATURE(leaf, subleaf, reg, bit, name) {leaf, subleaf, reg, bit, name},
#include "runtime/hv/cpuid_features.def"
#undef NYX_FEATURE
};

std::uint32_t value_of(const CpuidEntry& entry, char reg) {
    CpuidEntry copy = entry;
    return register_of(copy, reg);
}

void set_field(std::uint32_t& word, unsigned low, unsigned width, std::uint32_t value) {
    std::uint32_t mask = ((std::uint32_t{1} << width) - 1) << low;
    word = (word & ~mask) | ((value << low) & mask);
}

// Bits of the APIC id below the socket's.
unsigned core_bits(std::uint32_t count) {
    return static_cast<unsigned>(std::bit_width(count - 1));
}

// Intel SDM volume 2, CPUID leaf 0xB: subleaf 0 the threads of a core (1), subleaf 1 the cores of the socket.
void set_extended_topology(std::vector<CpuidEntry>& entries, std::uint32_t leaf, std::uint32_t index,
                           std::uint32_t count) {
    if (find_leaf(entries, leaf, 0) == nullptr) return;
    std::erase_if(entries, [&](const CpuidEntry& entry) { return entry.leaf == leaf; });
    constexpr std::uint32_t kSmt = 1 << 8;
    constexpr std::uint32_t kCore = 2 << 8;
    entries.push_back({leaf, 0, true, 0, 1, kSmt | 0, index});
    entries.push_back({leaf, 1, true, core_bits(count), count, kCore | 1, index});
    entries.push_back({leaf, 2, true, 0, 0, 2, index});
}

// Caches up to the second level belong to one core, the others to the socket. Type 0 ends the list.
void set_cache_sharing(CpuidEntry& entry, std::uint32_t count, bool intel) {
    if ((entry.eax & 0x1F) == 0) return;
    std::uint32_t level = (entry.eax >> 5) & 7;
    set_field(entry.eax, 14, 12, level >= 3 ? count - 1 : 0);
    if (intel) set_field(entry.eax, 26, 6, count > 64 ? 63 : count - 1);
}

void set_leaf(CpuidEntry& entry, std::uint32_t index, std::uint32_t count) {
    switch (entry.leaf) {
        case 1:
            set_field(entry.ebx, 24, 8, index);
            set_field(entry.ebx, 16, 8, count);
            set_field(entry.edx, 28, 1, count > 1 ? 1 : 0);  // HTT
            break;
        case 4:
            set_cache_sharing(entry, count, true);
            break;
        case 0x80000001:
            set_field(entry.ecx, 1, 1, count > 1 ? 1 : 0);
            break;  // CmpLegacy
        case 0x80000008:
            set_field(entry.ecx, 0, 8, count - 1);
            set_field(entry.ecx, 12, 4, core_bits(count));
            break;
        case 0x8000001D:
            set_cache_sharing(entry, count, false);
            break;
        case 0x8000001E:
            entry.eax = index;
            entry.ebx = index & 0xFF;  // core id; threads per core minus one is 0
            entry.ecx = 0;
            break;
        default:
            break;
    }
}

void note_missing(std::string& missing, const CpuidRule& rule, std::uint32_t bits) {
    for (unsigned bit = 0; bit < 32; ++bit) {
        if ((bits >> bit & 1) == 0) continue;
        if (!missing.empty()) missing += ", ";
        missing += feature_name(rule.leaf, rule.subleaf, rule.reg, bit);
    }
}

}  // namespace

CpuidEntry* find_leaf(std::vector<CpuidEntry>& entries, std::uint32_t leaf, std::uint32_t subleaf) {
    for (CpuidEntry& entry : entries)
        if (entry.leaf == leaf && (!entry.subleaf_matters || entry.subleaf == subleaf)) return &entry;
    return nullptr;
}

const CpuidEntry* find_leaf(std::span<const CpuidEntry> entries, std::uint32_t leaf, std::uint32_t subleaf) {
    for (const CpuidEntry& entry : entries)
        if (entry.leaf == leaf && (!entry.subleaf_matters || entry.subleaf == subleaf)) return &entry;
    return nullptr;
}

std::uint32_t& register_of(CpuidEntry& entry, char reg) {
    NYX_CHECK(reg >= 'a' && reg <= 'd', "CPUID register {}", reg);
    std::uint32_t* registers[] = {&entry.eax, &entry.ebx, &entry.ecx, &entry.edx};
    return *registers[reg - 'a'];
}

Status apply_rules(std::vector<CpuidEntry>& entries, std::span<const CpuidRule> rules) {
    for (const CpuidRule& rule : rules)
        if (CpuidEntry* entry = find_leaf(entries, rule.leaf, rule.subleaf))
            register_of(*entry, rule.reg) &= ~rule.clear;
    std::string missing;
    for (const CpuidRule& rule : rules) {
        const CpuidEntry* entry = find_leaf(entries, rule.leaf, rule.subleaf);
        std::uint32_t have = entry == nullptr ? 0 : value_of(*entry, rule.reg);
        note_missing(missing, rule, rule.require & ~have);
    }
    if (missing.empty()) return {};
    return fail(Error{ErrorCode::kUnsupported, fmt::format("this host cannot give the guest's CPU: {}", missing),
                      "choose a `cpu` profile that does not require it, or another host; `nyx facts` lists what this "
                      "host's KVM offers"});
}

std::vector<CpuidRule> hide_all_features() {
    std::vector<CpuidRule> rules;
    for (const Feature& feature : kFeatures)
        if (feature.name != "apic")
            rules.push_back({feature.leaf, feature.subleaf, feature.reg, std::uint32_t{1} << feature.bit, 0});
    return rules;
}

std::vector<std::string> not_hidden(std::span<const CpuidEntry> seen, std::span<const CpuidRule> rules) {
    std::vector<std::string> names;
    for (const CpuidRule& rule : rules) {
        const CpuidEntry* entry = find_leaf(seen, rule.leaf, rule.subleaf);
        std::uint32_t shown = entry == nullptr ? 0 : rule.clear & value_of(*entry, rule.reg);
        for (unsigned bit = 0; bit < 32; ++bit)
            if ((shown >> bit & 1) != 0) names.push_back(feature_name(rule.leaf, rule.subleaf, rule.reg, bit));
    }
    return names;
}

void set_topology(std::vector<CpuidEntry>& entries, std::uint32_t index, std::uint32_t count) {
    for (CpuidEntry& entry : entries) set_leaf(entry, index, count);
    set_extended_topology(entries, 0xB, index, count);
    set_extended_topology(entries, 0x1F, index, count);
}

std::string feature_name(std::uint32_t leaf, std::uint32_t subleaf, char reg, unsigned bit) {
    for (const Feature& feature : kFeatures)
        if (feature.leaf == leaf && feature.subleaf == subleaf && feature.reg == reg && feature.bit == bit)
            return std::string(feature.name);
    return fmt::format("leaf {:#x}.{} e{}x bit {}", leaf, subleaf, reg, bit);
}

std::vector<std::string_view> feature_names(std::span<const CpuidEntry> entries) {
    std::vector<std::string_view> names;
    for (const Feature& feature : kFeatures) {
        const CpuidEntry* entry = find_leaf(entries, feature.leaf, feature.subleaf);
        if (entry != nullptr && (value_of(*entry, feature.reg) >> feature.bit & 1) != 0) names.push_back(feature.name);
    }
    return names;
}

}  // namespace nyx::hv
