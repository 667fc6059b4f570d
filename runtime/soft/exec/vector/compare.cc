// Comparisons and tests: CMPccPS and its kind, COMISS, PTEST, the sign masks.
#include "runtime/soft/exec/vector/kernel.h"
#include "runtime/soft/flags.h"

namespace nyx::soft {
namespace {

// The legacy encoding has eight predicates, VEX 32 (SDM volume 2, CMPPD).
#define NYX_COMPARE(NAME, insn)                                                                                     \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                                               \
     .kernel = [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b,                                  \
                  std::uint64_t extra) { by_predicate<8>(NYX_SSE_IMMEDIATE(insn, kNumber), extra)(dst, a, b, 0); }, \
     .traits = kRounds},                                                                                            \
    {                                                                                                               \
        .vex = ZYDIS_MNEMONIC_V##NAME,                                                                              \
        .kernel = [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b,                               \
                     std::uint64_t extra) { by_predicate<32>(NYX_PREDICATE_VEX("v" insn), extra)(dst, a, b, 0); },  \
        .traits = kRounds                                                                                           \
    }
#define NYX_PREDICATE_VEX(insn)                                                                      \
    []<std::size_t kNumber>() -> Kernel {                                                            \
        return [](std::uint8_t* to, const std::uint8_t* x, const std::uint8_t* y, std::uint64_t) {   \
            asm volatile("movdqa %1, %%xmm0\n\t" insn " %3, %2, %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %0" \
                         : "=m"(block(to))                                                           \
                         : "m"(block(x)), "m"(block(y)), "i"(kNumber)                                \
                         : "xmm0", "memory");                                                        \
        };                                                                                           \
    }
template <std::size_t kCount, class Make>
Kernel by_predicate(Make make, std::uint64_t predicate) {
    static constexpr auto kKernels = kernels_by_number(make, std::make_index_sequence<kCount>{});
    return kKernels[predicate % kCount];
}

// ZF, PF and CF are the result; the other flags are clear.
#define NYX_TO_FLAGS(NAME, insn, more_traits)                                                 \
    {.legacy = ZYDIS_MNEMONIC_##NAME,                                                         \
     .vex = ZYDIS_MNEMONIC_V##NAME,                                                           \
     .kernel =                                                                                \
         [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t) { \
             bool zero, parity, carry;                                                        \
             asm volatile("movdqa %3, %%xmm0\n\t" insn " %4, %%xmm0"                          \
                          : "=@ccz"(zero), "=@ccp"(parity), "=@ccc"(carry)                    \
                          : "m"(block(a)), "m"(block(b))                                      \
                          : "xmm0", "memory");                                                \
             std::uint64_t flags = (zero ? kZf : 0) | (parity ? kPf : 0) | (carry ? kCf : 0); \
             std::memcpy(dst, &flags, sizeof(flags));                                         \
         },                                                                                   \
     .traits = kFlags | (more_traits)}

// PTEST, VTESTPS, VTESTPD: ZF when a AND b has none of the bits of kMask, CF when NOT a AND b has none.
template <std::uint64_t kMask, std::size_t kBytes>
void test_bits(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t) {
    std::uint64_t both = 0, only_b = 0;
    for (std::size_t at = 0; at < kBytes; at += 8) {
        std::uint64_t x, y;
        std::memcpy(&x, a + at, 8);
        std::memcpy(&y, b + at, 8);
        both |= x & y & kMask;
        only_b |= ~x & y & kMask;
    }
    std::uint64_t flags = (both == 0 ? kZf : 0) | (only_b == 0 ? kCf : 0);
    std::memcpy(dst, &flags, sizeof(flags));
}
#define NYX_TEST(LEGACY, VEX, mask)     \
    {.legacy = ZYDIS_MNEMONIC_##LEGACY, \
     .vex = ZYDIS_MNEMONIC_##VEX,       \
     .kernel = &test_bits<mask, 16>,    \
     .traits = kFlags,                  \
     .whole = &test_bits<mask, 32>}
constexpr std::uint64_t kSign32 = 0x8000000080000000, kSign64 = 0x8000000000000000;

template <class T, std::size_t kBytes>
void move_mask(std::uint8_t* dst, const std::uint8_t*, const std::uint8_t* b, std::uint64_t) {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < kBytes / sizeof(T); ++i)
        mask |= static_cast<std::uint64_t>(b[(i + 1) * sizeof(T) - 1] >> 7) << i;
    std::memcpy(dst, &mask, sizeof(mask));
}
#define NYX_MOVE_MASK(NAME, T)        \
    {.legacy = ZYDIS_MNEMONIC_##NAME, \
     .vex = ZYDIS_MNEMONIC_V##NAME,   \
     .kernel = &move_mask<T, 16>,     \
     .whole = &move_mask<T, 32>}

constexpr VectorLine kLines[] = {
    NYX_COMPARE(CMPPS, "cmpps"),
    NYX_COMPARE(CMPPD, "cmppd"),
    NYX_COMPARE(CMPSS, "cmpss"),
    NYX_COMPARE(CMPSD, "cmpsd"),
    NYX_TO_FLAGS(COMISS, "comiss", kRounds),
    NYX_TO_FLAGS(COMISD, "comisd", kRounds),
    NYX_TO_FLAGS(UCOMISS, "ucomiss", kRounds),
    NYX_TO_FLAGS(UCOMISD, "ucomisd", kRounds),
    NYX_TEST(PTEST, VPTEST, ~std::uint64_t{0}),
    NYX_TEST(INVALID, VTESTPS, kSign32),
    NYX_TEST(INVALID, VTESTPD, kSign64),
    NYX_MOVE_MASK(MOVMSKPS, std::uint32_t),
    NYX_MOVE_MASK(MOVMSKPD, std::uint64_t),
};

}  // namespace

std::span<const VectorLine> compare_lines() {
    return kLines;
}

}  // namespace nyx::soft
