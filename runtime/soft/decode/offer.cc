#include "runtime/soft/decode/offer.h"

#include <Zydis/Zydis.h>

#include "runtime/soft/cpu.h"

namespace nyx::soft {
namespace {

// A bit of CPUID, and the instructions that a CPU without it lacks.
struct Rule {
    ZydisISASet set;
    std::uint32_t leaf;
    std::uint32_t subleaf;
    char reg;
    unsigned bit;
};

constexpr Rule kRules[] = {
    {ZYDIS_ISA_SET_X87, 1, 0, 'd', 0},
    {ZYDIS_ISA_SET_FCMOV, 1, 0, 'd', 15},
    {ZYDIS_ISA_SET_CMOV, 1, 0, 'd', 15},
    {ZYDIS_ISA_SET_CLFSH, 1, 0, 'd', 19},
    {ZYDIS_ISA_SET_PENTIUMMMX, 1, 0, 'd', 23},
    {ZYDIS_ISA_SET_FXSAVE, 1, 0, 'd', 24},
    {ZYDIS_ISA_SET_FXSAVE64, 1, 0, 'd', 24},
    {ZYDIS_ISA_SET_SSE, 1, 0, 'd', 25},
    {ZYDIS_ISA_SET_SSEMXCSR, 1, 0, 'd', 25},
    {ZYDIS_ISA_SET_SSE2, 1, 0, 'd', 26},
    {ZYDIS_ISA_SET_SSE2MMX, 1, 0, 'd', 26},
    {ZYDIS_ISA_SET_SSE3, 1, 0, 'c', 0},
    {ZYDIS_ISA_SET_SSE3X87, 1, 0, 'c', 0},
    {ZYDIS_ISA_SET_PCLMULQDQ, 1, 0, 'c', 1},
    {ZYDIS_ISA_SET_MONITOR, 1, 0, 'c', 3},
    {ZYDIS_ISA_SET_SSSE3, 1, 0, 'c', 9},
    {ZYDIS_ISA_SET_SSSE3MMX, 1, 0, 'c', 9},
    {ZYDIS_ISA_SET_FMA, 1, 0, 'c', 12},
    {ZYDIS_ISA_SET_CMPXCHG16B, 1, 0, 'c', 13},
    {ZYDIS_ISA_SET_SSE4, 1, 0, 'c', 19},
    {ZYDIS_ISA_SET_SSE42, 1, 0, 'c', 20},
    {ZYDIS_ISA_SET_MOVBE, 1, 0, 'c', 22},
    {ZYDIS_ISA_SET_POPCNT, 1, 0, 'c', 23},
    {ZYDIS_ISA_SET_AES, 1, 0, 'c', 25},
    {ZYDIS_ISA_SET_AVXAES, 1, 0, 'c', 25},
    {ZYDIS_ISA_SET_XSAVE, 1, 0, 'c', 26},
    {ZYDIS_ISA_SET_AVX, 1, 0, 'c', 28},
    {ZYDIS_ISA_SET_AVXAES, 1, 0, 'c', 28},
    {ZYDIS_ISA_SET_F16C, 1, 0, 'c', 29},
    {ZYDIS_ISA_SET_RDRAND, 1, 0, 'c', 30},
    {ZYDIS_ISA_SET_RDWRFSGS, 7, 0, 'b', 0},
    {ZYDIS_ISA_SET_BMI1, 7, 0, 'b', 3},
    {ZYDIS_ISA_SET_AVX2, 7, 0, 'b', 5},
    {ZYDIS_ISA_SET_AVX2GATHER, 7, 0, 'b', 5},
    {ZYDIS_ISA_SET_BMI2, 7, 0, 'b', 8},
    {ZYDIS_ISA_SET_INVPCID, 7, 0, 'b', 10},
    {ZYDIS_ISA_SET_RTM, 7, 0, 'b', 11},
    {ZYDIS_ISA_SET_RDSEED, 7, 0, 'b', 18},
    {ZYDIS_ISA_SET_ADOX_ADCX, 7, 0, 'b', 19},
    {ZYDIS_ISA_SET_SMAP, 7, 0, 'b', 20},
    {ZYDIS_ISA_SET_CLFLUSHOPT, 7, 0, 'b', 23},
    {ZYDIS_ISA_SET_CLWB, 7, 0, 'b', 24},
    {ZYDIS_ISA_SET_SHA, 7, 0, 'b', 29},
    {ZYDIS_ISA_SET_PKU, 7, 0, 'c', 3},
    {ZYDIS_ISA_SET_WAITPKG, 7, 0, 'c', 5},
    {ZYDIS_ISA_SET_GFNI, 7, 0, 'c', 8},
    {ZYDIS_ISA_SET_AVX_GFNI, 7, 0, 'c', 8},
    {ZYDIS_ISA_SET_VAES, 7, 0, 'c', 9},
    {ZYDIS_ISA_SET_VPCLMULQDQ, 7, 0, 'c', 10},
    {ZYDIS_ISA_SET_RDPID, 7, 0, 'c', 22},
    {ZYDIS_ISA_SET_MOVDIR, 7, 0, 'c', 27},
    {ZYDIS_ISA_SET_SERIALIZE, 7, 0, 'd', 14},
    {ZYDIS_ISA_SET_XSAVEOPT, 0xD, 1, 'a', 0},
    {ZYDIS_ISA_SET_XSAVEC, 0xD, 1, 'a', 1},
    {ZYDIS_ISA_SET_XSAVES, 0xD, 1, 'a', 3},
    {ZYDIS_ISA_SET_SSE4A, 0x80000001, 0, 'c', 6},
    {ZYDIS_ISA_SET_AMD3DNOW, 0x80000001, 0, 'd', 31},
    {ZYDIS_ISA_SET_RDTSCP, 0x80000001, 0, 'd', 27},
    {ZYDIS_ISA_SET_CLZERO, 0x80000008, 0, 'b', 0},
};

bool is_set(std::span<const CpuidLeaf> cpuid, const Rule& rule) {
    for (const CpuidLeaf& entry : cpuid) {
        if (entry.leaf != rule.leaf || (entry.subleaf_matters && entry.subleaf != rule.subleaf)) continue;
        std::uint32_t value = rule.reg == 'a'   ? entry.eax
                              : rule.reg == 'b' ? entry.ebx
                              : rule.reg == 'c' ? entry.ecx
                                                : entry.edx;
        return (value >> rule.bit & 1) != 0;
    }
    return false;
}

}  // namespace

Offer offer_of(std::span<const CpuidLeaf> cpuid) {
    static_assert(ZYDIS_ISA_SET_MAX_VALUE < 256);
    Offer offer;
    if (cpuid.empty()) return offer;
    for (const Rule& rule : kRules)
        if (!is_set(cpuid, rule)) offer.missing[rule.set] = true;
    offer.tzcnt = !offer.missing[ZYDIS_ISA_SET_BMI1];
    offer.lzcnt = is_set(cpuid, {ZYDIS_ISA_SET_LZCNT, 0x80000001, 0, 'c', 5});
    return offer;
}

}  // namespace nyx::soft
