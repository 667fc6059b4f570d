// AES-NI, PCLMULQDQ and SHA; the blends whose mask is a register, which have the same shape as SHA256RNDS2.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

// The immediate is XORed into two lanes of what zero gives (SDM volume 2, AESKEYGENASSIST).
void assist_key(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {
    constexpr Kernel kZero = NYX_SSE("aeskeygenassist $0,");
    kZero(dst, a, b, 0);
    dst[4] = static_cast<std::uint8_t>(dst[4] ^ extra);
    dst[12] = static_cast<std::uint8_t>(dst[12] ^ extra);
}

// Bits 0 and 4 choose the quadwords.
void multiply_carryless(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {
    static constexpr auto kByQuadwords = kernels_by_number(
        NYX_SSE_IMMEDIATE("pclmulqdq", (kNumber % 2) | (kNumber / 2) << 4), std::make_index_sequence<4>{});
    kByQuadwords[(extra & 1) | ((extra >> 3) & 2)](dst, a, b, 0);
}

void sha1_rounds(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {
    static constexpr auto kByFunction =
        kernels_by_number(NYX_SSE_IMMEDIATE("sha1rnds4", kNumber), std::make_index_sequence<4>{});
    kByFunction[extra % 4](dst, a, b, 0);
}

// insn xmm0, b, a: xmm0 is the third source.
#define NYX_THREE_SOURCES(insn)                                                                                   \
    [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra) {                    \
        asm volatile("movdqa %3, %%xmm0\n\tmovdqa %1, %%xmm1\n\t" insn " %%xmm0, %2, %%xmm1\n\tmovdqa %%xmm1, %0" \
                     : "=m"(block(dst))                                                                           \
                     : "m"(block(a)), "m"(block(b)), "m"(block(reinterpret_cast<const std::uint8_t*>(extra)))     \
                     : "xmm0", "xmm1", "memory");                                                                 \
    }
#define NYX_SELECT(NAME, VNAME, insn)   \
    {.legacy = ZYDIS_MNEMONIC_##NAME,   \
     .vex = ZYDIS_MNEMONIC_##VNAME,     \
     .kernel = NYX_THREE_SOURCES(insn), \
     .traits = kSelects}

constexpr VectorLine kLines[] = {
    NYX_LINE(AESENC, "aesenc"),
    NYX_LINE(AESENCLAST, "aesenclast"),
    NYX_LINE(AESDEC, "aesdec"),
    NYX_LINE(AESDECLAST, "aesdeclast"),
    NYX_LINE(AESIMC, "aesimc"),
    {.legacy = ZYDIS_MNEMONIC_AESKEYGENASSIST, .vex = ZYDIS_MNEMONIC_VAESKEYGENASSIST, .kernel = &assist_key},
    {.legacy = ZYDIS_MNEMONIC_PCLMULQDQ, .vex = ZYDIS_MNEMONIC_VPCLMULQDQ, .kernel = &multiply_carryless},
    // AMD's processors ask for no alignment here, against the manual; a guest that relies on the fault is not known.
    {.legacy = ZYDIS_MNEMONIC_SHA1RNDS4, .kernel = &sha1_rounds, .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA1NEXTE, .kernel = NYX_SSE("sha1nexte"), .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA1MSG1, .kernel = NYX_SSE("sha1msg1"), .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA1MSG2, .kernel = NYX_SSE("sha1msg2"), .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA256MSG1, .kernel = NYX_SSE("sha256msg1"), .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA256MSG2, .kernel = NYX_SSE("sha256msg2"), .traits = kUnaligned},
    {.legacy = ZYDIS_MNEMONIC_SHA256RNDS2, .kernel = NYX_THREE_SOURCES("sha256rnds2"), .traits = kSelects | kUnaligned},
    NYX_SELECT(PBLENDVB, VPBLENDVB, "pblendvb"),
    NYX_SELECT(BLENDVPS, VBLENDVPS, "blendvps"),
    NYX_SELECT(BLENDVPD, VBLENDVPD, "blendvpd"),
};

}  // namespace

std::span<const VectorLine> crypto_lines() {
    return kLines;
}

}  // namespace nyx::soft
