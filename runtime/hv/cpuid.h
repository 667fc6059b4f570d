// The CPU that a guest sees through CPUID: what the host's KVM supports, minus what the plan masks, with each vCPU's
// place in the topology (one socket, one thread a core).
//
// Pure functions over values; thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace nyx::hv {

struct CpuidEntry {
    std::uint32_t leaf = 0;
    std::uint32_t subleaf = 0;
    bool subleaf_matters = false;
    std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
    bool operator==(const CpuidEntry&) const = default;
};

// Bits of one register ('a' to 'd') of one leaf.
struct CpuidRule {
    std::uint32_t leaf = 0;
    std::uint32_t subleaf = 0;
    char reg = 'a';
    std::uint32_t clear = 0;    // bits the guest must not see
    std::uint32_t require = 0;  // bits it must see
};

// Null: there is no such leaf.
CpuidEntry* find_leaf(std::vector<CpuidEntry>& entries, std::uint32_t leaf, std::uint32_t subleaf);
const CpuidEntry* find_leaf(std::span<const CpuidEntry> entries, std::uint32_t leaf, std::uint32_t subleaf);
// reg is 'a' to 'd'.
std::uint32_t& register_of(CpuidEntry& entry, char reg);

// Clears, rule by rule, then checks what is required. kUnsupported names every feature that is missing.
Status apply_rules(std::vector<CpuidEntry>& entries, std::span<const CpuidRule> rules);

// One rule for each known feature, that hides it; not for "apic", which KVM keeps in step with the APIC's base
// register.
std::vector<CpuidRule> hide_all_features();
// Names of the features that the rules hide and `seen`, read back from a vCPU, shows all the same.
std::vector<std::string> not_hidden(std::span<const CpuidEntry> seen, std::span<const CpuidRule> rules);

// APIC id and topology of vCPU `index` of `count` in leaves 1, 4, 0xB, 0x1F, 0x80000001, 0x80000008, 0x8000001D,
// 0x8000001E.
void set_topology(std::vector<CpuidEntry>& entries, std::uint32_t index, std::uint32_t count);

// "sse4_2", or "leaf 0x7.0 ebx bit 30" where the bit has no name here.
std::string feature_name(std::uint32_t leaf, std::uint32_t subleaf, char reg, unsigned bit);
// Names of all known features that are set, in the order of cpuid_features.def.
std::vector<std::string_view> feature_names(std::span<const CpuidEntry> entries);

}  // namespace nyx::hv
