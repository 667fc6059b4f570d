// Floating point arithmetic: SSE to SSE4.1, AVX.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

#define NYX_FLOAT(NAME, insn) \
    {.legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME, .kernel = NYX_SSE(insn), .traits = kRounds}
// PS, PD, SS and SD.
#define NYX_FLOAT4(NAME, insn)                                                                      \
    NYX_FLOAT(NAME##PS, insn "ps"), NYX_FLOAT(NAME##PD, insn "pd"), NYX_FLOAT(NAME##SS, insn "ss"), \
        NYX_FLOAT(NAME##SD, insn "sd")

// ROUND: bits 3 to 0 of the immediate (SDM volume 2, ROUNDPD).
#define NYX_ROUND(NAME, insn)                                                                         \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                                 \
     .vex = ZYDIS_MNEMONIC_V##NAME,                                                                   \
     .kernel =                                                                                        \
         [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {   \
             static constexpr auto kByMode =                                                          \
                 kernels_by_number(NYX_SSE_IMMEDIATE(insn, kNumber), std::make_index_sequence<16>{}); \
             kByMode[extra % 16](dst, a, b, 0);                                                       \
         },                                                                                           \
     .traits = kRounds}

// DPPS and DPPD: lanes that the immediate's upper bits leave out count as +0, and products of +0 are that and raise
// nothing; the lower bits choose where the sum goes (SDM volume 2, DPPS).
template <class T, class Multiply>
void dot_product(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra, Multiply all) {
    alignas(16) std::array<std::uint8_t, 16> x, y;
    Lanes<T> left(a), right(b);
    for (std::size_t i = 0; i < left.kCount; ++i)
        if (((extra >> (4 + i)) & 1) == 0) left[i] = right[i] = 0;
    left.store(x.data());
    right.store(y.data());
    all(x.data(), x.data(), y.data(), 0);
    Lanes<T> sum(x.data());
    for (std::size_t i = 0; i < sum.kCount; ++i)
        if (((extra >> i) & 1) == 0) sum[i] = 0;
    sum.store(dst);
}
#define NYX_DOT(NAME, insn, T)                                                                         \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                                  \
     .vex = ZYDIS_MNEMONIC_V##NAME,                                                                    \
     .kernel = [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b,                     \
                  std::uint64_t extra) { dot_product<T>(dst, a, b, extra, NYX_SSE(insn " $0xff,")); }, \
     .traits = kRounds}

constexpr VectorLine kLines[] = {
    NYX_FLOAT4(ADD, "add"),
    NYX_FLOAT4(SUB, "sub"),
    NYX_FLOAT4(MUL, "mul"),
    NYX_FLOAT4(DIV, "div"),
    NYX_FLOAT4(MIN, "min"),
    NYX_FLOAT4(MAX, "max"),
    NYX_FLOAT4(SQRT, "sqrt"),
    NYX_FLOAT(ADDSUBPS, "addsubps"),
    NYX_FLOAT(ADDSUBPD, "addsubpd"),
    NYX_FLOAT(HADDPS, "haddps"),
    NYX_FLOAT(HADDPD, "haddpd"),
    NYX_FLOAT(HSUBPS, "hsubps"),
    NYX_FLOAT(HSUBPD, "hsubpd"),
    NYX_ROUND(ROUNDPS, "roundps"),
    NYX_ROUND(ROUNDPD, "roundpd"),
    NYX_ROUND(ROUNDSS, "roundss"),
    NYX_ROUND(ROUNDSD, "roundsd"),
    NYX_DOT(DPPS, "dpps", std::uint32_t),
    NYX_DOT(DPPD, "dppd", std::uint64_t),
    // Approximations: no flags, no rounding mode (SDM volume 1, §11.5.2).
    NYX_LINE(RCPPS, "rcpps"),
    NYX_LINE(RCPSS, "rcpss"),
    NYX_LINE(RSQRTPS, "rsqrtps"),
    NYX_LINE(RSQRTSS, "rsqrtss"),
};

}  // namespace

std::span<const VectorLine> float_lines() {
    return kLines;
}

}  // namespace nyx::soft
