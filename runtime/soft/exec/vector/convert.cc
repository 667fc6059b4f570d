// Conversions between integers and floating point, and between its formats: SSE to SSE2 with their MMX forms, AVX,
// F16C.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

// Of a 256-bit source whose result has half as many bytes.
template <class Narrow>
void narrow_halves(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra, Narrow half) {
    alignas(16) std::array<std::uint8_t, 16> low, high;
    half(low.data(), a, b, extra);
    half(high.data(), a, b + 16, extra);
    std::memcpy(dst, low.data(), 8);
    std::memcpy(dst + 8, high.data(), 8);
}

#define NYX_CONVERT(NAME, insn, bytes)                                                                              \
    {                                                                                                               \
        .legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME, .kernel = NYX_SSE(insn), .traits = kRounds, \
        .halves = {                                                                                                 \
            .step = (bytes)                                                                                         \
        }                                                                                                           \
    }
#define NYX_NARROW(NAME, insn)                                                                           \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                                    \
     .vex = ZYDIS_MNEMONIC_V##NAME,                                                                      \
     .kernel = NYX_SSE(insn),                                                                            \
     .traits = kRounds,                                                                                  \
     .whole = [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) { \
         narrow_halves(dst, a, b, extra, NYX_SSE(insn));                                                 \
     }}
#define NYX_FROM_GENERAL(NAME, insn)  \
    {.legacy = ZYDIS_MNEMONIC_##NAME, \
     .vex = ZYDIS_MNEMONIC_V##NAME,   \
     .kernel = NYX_SSE(insn "l"),     \
     .traits = kRounds,               \
     .wide = NYX_SSE(insn "q")}
#define NYX_INTO_GENERAL(NAME, insn)        \
    {.legacy = ZYDIS_MNEMONIC_##NAME,       \
     .vex = ZYDIS_MNEMONIC_V##NAME,         \
     .kernel = NYX_TO_GENERAL(insn, "eax"), \
     .traits = kRounds,                     \
     .wide = NYX_TO_GENERAL(insn, "rax")}
// Two lanes between an MMX and an XMM register, by the instruction on XMM registers whose upper lanes are zero.
#define NYX_FROM_MMX(NAME, insn, move)                                                               \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                                \
     .kernel =                                                                                       \
         [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t) {        \
             asm volatile("movdqa %1, %%xmm0\n\tmovq %2, %%xmm1\n\t" insn " %%xmm1, %%xmm1\n\t" move \
                          " %%xmm1, %%xmm0\n\tmovdqa %%xmm0, %0"                                     \
                          : "=m"(block(dst))                                                         \
                          : "m"(block(a)), "m"(*reinterpret_cast<const std::uint64_t*>(b))           \
                          : "xmm0", "xmm1", "memory");                                               \
         },                                                                                          \
     .traits = kRounds}
#define NYX_INTO_MMX(NAME, insn, load)                                                      \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                       \
     .kernel =                                                                              \
         [](std::uint8_t* dst, const std::uint8_t*, const std::uint8_t* b, std::uint64_t) { \
             asm volatile(load " %1, %%xmm0\n\t" insn " %%xmm0, %%xmm0\n\tmovq %%xmm0, %0"  \
                          : "=m"(*reinterpret_cast<std::uint64_t*>(dst))                    \
                          : "m"(block(b))                                                   \
                          : "xmm0", "memory");                                              \
         },                                                                                 \
     .traits = kRounds}

void move_to_mmx(std::uint8_t* dst, const std::uint8_t*, const std::uint8_t* b, std::uint64_t) {
    std::memcpy(dst, b, 8);
}
void move_from_mmx(std::uint8_t* dst, const std::uint8_t*, const std::uint8_t* b, std::uint64_t) {
    std::memcpy(dst, b, 8);
    std::memset(dst + 8, 0, 8);
}

// VCVTPS2PH: bits 2 to 0 of the immediate are the rounding.
void to_half_precision(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {
    static constexpr auto kByMode = kernels_by_number(
        []<std::size_t kNumber>() -> Kernel {
            return [](std::uint8_t* out, const std::uint8_t*, const std::uint8_t* in, std::uint64_t) {
                asm volatile("movdqa %1, %%xmm0\n\tvcvtps2ph %2, %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %0"
                             : "=m"(block(out))
                             : "m"(block(in)), "i"(kNumber)
                             : "xmm0", "memory");
            };
        },
        std::make_index_sequence<8>{});
    kByMode[extra % 8](dst, a, b, 0);
}

constexpr VectorLine kLines[] = {
    NYX_CONVERT(CVTDQ2PS, "cvtdq2ps", 16),
    NYX_CONVERT(CVTPS2DQ, "cvtps2dq", 16),
    NYX_CONVERT(CVTTPS2DQ, "cvttps2dq", 16),
    NYX_CONVERT(CVTDQ2PD, "cvtdq2pd", 8),
    NYX_CONVERT(CVTPS2PD, "cvtps2pd", 8),
    NYX_CONVERT(CVTSS2SD, "cvtss2sd", 16),
    NYX_CONVERT(CVTSD2SS, "cvtsd2ss", 16),
    NYX_NARROW(CVTPD2PS, "cvtpd2ps"),
    NYX_NARROW(CVTPD2DQ, "cvtpd2dq"),
    NYX_NARROW(CVTTPD2DQ, "cvttpd2dq"),
    NYX_FROM_GENERAL(CVTSI2SS, "cvtsi2ss"),
    NYX_FROM_GENERAL(CVTSI2SD, "cvtsi2sd"),
    NYX_INTO_GENERAL(CVTSS2SI, "cvtss2si"),
    NYX_INTO_GENERAL(CVTSD2SI, "cvtsd2si"),
    NYX_INTO_GENERAL(CVTTSS2SI, "cvttss2si"),
    NYX_INTO_GENERAL(CVTTSD2SI, "cvttsd2si"),
    NYX_FROM_MMX(CVTPI2PS, "cvtdq2ps", "movsd"),
    NYX_FROM_MMX(CVTPI2PD, "cvtdq2pd", "movapd"),
    NYX_INTO_MMX(CVTPS2PI, "cvtps2dq", "movq"),
    NYX_INTO_MMX(CVTTPS2PI, "cvttps2dq", "movq"),
    NYX_INTO_MMX(CVTPD2PI, "cvtpd2dq", "movdqa"),
    NYX_INTO_MMX(CVTTPD2PI, "cvttpd2dq", "movdqa"),
    {.legacy = ZYDIS_MNEMONIC_MOVDQ2Q, .kernel = &move_to_mmx},
    {.legacy = ZYDIS_MNEMONIC_MOVQ2DQ, .kernel = &move_from_mmx},
    {.vex = ZYDIS_MNEMONIC_VCVTPH2PS, .kernel = NYX_SSE("vcvtph2ps"), .traits = kRounds, .halves = {.step = 8}},
    {.vex = ZYDIS_MNEMONIC_VCVTPS2PH,
     .kernel = &to_half_precision,
     .traits = kRounds,
     .whole = [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b,
                 std::uint64_t extra) { narrow_halves(dst, a, b, extra, &to_half_precision); }},
};

}  // namespace

std::span<const VectorLine> convert_lines() {
    return kLines;
}

}  // namespace nyx::soft
