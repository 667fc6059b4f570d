// Which instructions a CPU has, by its CPUID table (Intel SDM volume 1, chapter 20).
#pragma once

#include <bitset>
#include <cstdint>
#include <span>

namespace nyx::soft {

struct CpuidLeaf;

struct Offer {
    std::bitset<256> missing;         // by ZydisISASet
    bool lzcnt = true, tzcnt = true;  // without them their encodings are BSR and BSF
};

// Without a table everything is there.
Offer offer_of(std::span<const CpuidLeaf> cpuid);

}  // namespace nyx::soft
