// Packed integers: MMX, SSE2, SSSE3, SSE4.1, SSE4.2, AVX2; and what only moves bits about between lanes.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

#define NYX_SHIFT(NAME, insn)         \
    {.legacy = ZYDIS_MNEMONIC_##NAME, \
     .vex = ZYDIS_MNEMONIC_V##NAME,   \
     .kernel = NYX_SSE(insn),         \
     .traits = kShifts,               \
     .halves = {.step = 0},           \
     .mmx = NYX_MMX(insn)}
// b has fewer bytes than the result.
#define NYX_WIDEN(NAME, insn, bytes)                                                                         \
    {                                                                                                        \
        .legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME, .kernel = NYX_SSE(insn), .halves = { \
            .step = (bytes)                                                                                  \
        }                                                                                                    \
    }

template <unsigned kBytes>
void move_mask_bytes(std::uint8_t* dst, const std::uint8_t*, const std::uint8_t* b, std::uint64_t) {
    std::uint64_t mask = 0;
    for (unsigned i = 0; i < kBytes; ++i) mask |= static_cast<std::uint64_t>(b[i] >> 7) << i;
    std::memcpy(dst, &mask, sizeof(mask));
}

constexpr VectorLine kLines[] = {
    NYX_LINE_MMX(PADDB, "paddb"),
    NYX_LINE_MMX(PADDW, "paddw"),
    NYX_LINE_MMX(PADDD, "paddd"),
    NYX_LINE_MMX(PADDQ, "paddq"),
    NYX_LINE_MMX(PADDSB, "paddsb"),
    NYX_LINE_MMX(PADDSW, "paddsw"),
    NYX_LINE_MMX(PADDUSB, "paddusb"),
    NYX_LINE_MMX(PADDUSW, "paddusw"),
    NYX_LINE_MMX(PSUBB, "psubb"),
    NYX_LINE_MMX(PSUBW, "psubw"),
    NYX_LINE_MMX(PSUBD, "psubd"),
    NYX_LINE_MMX(PSUBQ, "psubq"),
    NYX_LINE_MMX(PSUBSB, "psubsb"),
    NYX_LINE_MMX(PSUBSW, "psubsw"),
    NYX_LINE_MMX(PSUBUSB, "psubusb"),
    NYX_LINE_MMX(PSUBUSW, "psubusw"),
    NYX_LINE_MMX(PMULLW, "pmullw"),
    NYX_LINE_MMX(PMULHW, "pmulhw"),
    NYX_LINE_MMX(PMULHUW, "pmulhuw"),
    NYX_LINE_MMX(PMULUDQ, "pmuludq"),
    NYX_LINE_MMX(PMADDWD, "pmaddwd"),
    NYX_LINE_MMX(PSADBW, "psadbw"),
    NYX_LINE_MMX(PAVGB, "pavgb"),
    NYX_LINE_MMX(PAVGW, "pavgw"),
    NYX_LINE_MMX(PMINUB, "pminub"),
    NYX_LINE_MMX(PMAXUB, "pmaxub"),
    NYX_LINE_MMX(PMINSW, "pminsw"),
    NYX_LINE_MMX(PMAXSW, "pmaxsw"),
    NYX_LINE_MMX(PCMPEQB, "pcmpeqb"),
    NYX_LINE_MMX(PCMPEQW, "pcmpeqw"),
    NYX_LINE_MMX(PCMPEQD, "pcmpeqd"),
    NYX_LINE_MMX(PCMPGTB, "pcmpgtb"),
    NYX_LINE_MMX(PCMPGTW, "pcmpgtw"),
    NYX_LINE_MMX(PCMPGTD, "pcmpgtd"),
    NYX_LINE_MMX(PAND, "pand"),
    NYX_LINE_MMX(PANDN, "pandn"),
    NYX_LINE_MMX(POR, "por"),
    NYX_LINE_MMX(PXOR, "pxor"),
    NYX_LINE_MMX(PACKSSWB, "packsswb"),
    NYX_LINE_MMX(PACKSSDW, "packssdw"),
    NYX_LINE_MMX(PACKUSWB, "packuswb"),
    NYX_LINE_MMX(PUNPCKLBW, "punpcklbw"),
    NYX_LINE_MMX(PUNPCKLWD, "punpcklwd"),
    NYX_LINE_MMX(PUNPCKLDQ, "punpckldq"),
    NYX_LINE_MMX(PUNPCKHBW, "punpckhbw"),
    NYX_LINE_MMX(PUNPCKHWD, "punpckhwd"),
    NYX_LINE_MMX(PUNPCKHDQ, "punpckhdq"),
    NYX_LINE_MMX(PSHUFB, "pshufb"),
    NYX_LINE_MMX(PHADDW, "phaddw"),
    NYX_LINE_MMX(PHADDD, "phaddd"),
    NYX_LINE_MMX(PHADDSW, "phaddsw"),
    NYX_LINE_MMX(PHSUBW, "phsubw"),
    NYX_LINE_MMX(PHSUBD, "phsubd"),
    NYX_LINE_MMX(PHSUBSW, "phsubsw"),
    NYX_LINE_MMX(PMADDUBSW, "pmaddubsw"),
    NYX_LINE_MMX(PMULHRSW, "pmulhrsw"),
    NYX_LINE_MMX(PSIGNB, "psignb"),
    NYX_LINE_MMX(PSIGNW, "psignw"),
    NYX_LINE_MMX(PSIGND, "psignd"),
    NYX_LINE_MMX(PABSB, "pabsb"),
    NYX_LINE_MMX(PABSW, "pabsw"),
    NYX_LINE_MMX(PABSD, "pabsd"),
    NYX_SHIFT(PSLLW, "psllw"),
    NYX_SHIFT(PSLLD, "pslld"),
    NYX_SHIFT(PSLLQ, "psllq"),
    NYX_SHIFT(PSRLW, "psrlw"),
    NYX_SHIFT(PSRLD, "psrld"),
    NYX_SHIFT(PSRLQ, "psrlq"),
    NYX_SHIFT(PSRAW, "psraw"),
    NYX_SHIFT(PSRAD, "psrad"),
    NYX_LINE(PUNPCKLQDQ, "punpcklqdq"),
    NYX_LINE(PUNPCKHQDQ, "punpckhqdq"),
    NYX_LINE(PACKUSDW, "packusdw"),
    NYX_LINE(PCMPEQQ, "pcmpeqq"),
    NYX_LINE(PCMPGTQ, "pcmpgtq"),
    NYX_LINE(PMULDQ, "pmuldq"),
    NYX_LINE(PMULLD, "pmulld"),
    NYX_LINE(PMINSB, "pminsb"),
    NYX_LINE(PMINSD, "pminsd"),
    NYX_LINE(PMINUW, "pminuw"),
    NYX_LINE(PMINUD, "pminud"),
    NYX_LINE(PMAXSB, "pmaxsb"),
    NYX_LINE(PMAXSD, "pmaxsd"),
    NYX_LINE(PMAXUW, "pmaxuw"),
    NYX_LINE(PMAXUD, "pmaxud"),
    NYX_LINE(PHMINPOSUW, "phminposuw"),
    NYX_WIDEN(PMOVSXBW, "pmovsxbw", 8),
    NYX_WIDEN(PMOVSXBD, "pmovsxbd", 4),
    NYX_WIDEN(PMOVSXBQ, "pmovsxbq", 2),
    NYX_WIDEN(PMOVSXWD, "pmovsxwd", 8),
    NYX_WIDEN(PMOVSXWQ, "pmovsxwq", 4),
    NYX_WIDEN(PMOVSXDQ, "pmovsxdq", 8),
    NYX_WIDEN(PMOVZXBW, "pmovzxbw", 8),
    NYX_WIDEN(PMOVZXBD, "pmovzxbd", 4),
    NYX_WIDEN(PMOVZXBQ, "pmovzxbq", 2),
    NYX_WIDEN(PMOVZXWD, "pmovzxwd", 8),
    NYX_WIDEN(PMOVZXWQ, "pmovzxwq", 4),
    NYX_WIDEN(PMOVZXDQ, "pmovzxdq", 8),
    // Bits of floating point values, without looking at them as such.
    NYX_LINE(ANDPS, "andps"),
    NYX_LINE(ANDPD, "andpd"),
    NYX_LINE(ANDNPS, "andnps"),
    NYX_LINE(ANDNPD, "andnpd"),
    NYX_LINE(ORPS, "orps"),
    NYX_LINE(ORPD, "orpd"),
    NYX_LINE(XORPS, "xorps"),
    NYX_LINE(XORPD, "xorpd"),
    NYX_LINE(UNPCKLPS, "unpcklps"),
    NYX_LINE(UNPCKLPD, "unpcklpd"),
    NYX_LINE(UNPCKHPS, "unpckhps"),
    NYX_LINE(UNPCKHPD, "unpckhpd"),
    NYX_LINE(MOVSHDUP, "movshdup"),
    NYX_LINE(MOVSLDUP, "movsldup"),
    NYX_LINE(MOVDDUP, "movddup"),
    {.legacy = ZYDIS_MNEMONIC_PMOVMSKB,
     .vex = ZYDIS_MNEMONIC_VPMOVMSKB,
     .kernel = &move_mask_bytes<16>,
     .mmx = &move_mask_bytes<8>,
     .whole = &move_mask_bytes<32>},
};

}  // namespace

std::span<const VectorLine> integer_lines() {
    return kLines;
}

}  // namespace nyx::soft
