// What a vector instruction computes, apart from where its operands are and what may go wrong on the way to them.
//
// A kernel works on 16 bytes (MMX: 8): dst = a op b. The arithmetic is the host's own instruction, so results, flags in
// MXCSR and the treatment of NaNs are those of a real processor. 256-bit instructions run the kernel on both halves.
// dst may be a or b. All three are aligned to 16 bytes where they have as many (MMX and general registers: 8).
#pragma once

#include <Zydis/Zydis.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

namespace nyx::soft {

// extra: the immediate, or the address of a third source.
using Kernel = void (*)(std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t extra);

// How a kernel is used. The instruction's operands say the rest.
enum Traits : std::uint8_t {
    kPlain = 0,
    kRounds = 1 << 0,     // looks at MXCSR and sets flags there
    kUnaligned = 1 << 1,  // 16 bytes of memory need no alignment even in the legacy encoding
    kShifts = 1 << 2,     // b is one count for all lanes
    kFlags = 1 << 3,      // the result is RFLAGS
    kSelects = 1 << 4,    // the third source is a register: XMM0, or the one in the immediate
};

// What the second half of a 256-bit operation takes from b and of the immediate.
struct Halves {
    std::uint8_t step = 16;  // bytes of b
    std::uint8_t shift = 0;  // bits of the immediate
};

struct VectorLine {
    ZydisMnemonic legacy = ZYDIS_MNEMONIC_INVALID, vex = ZYDIS_MNEMONIC_INVALID;
    Kernel kernel = nullptr;
    std::uint8_t traits = kPlain;
    Halves halves{};
    Kernel mmx = nullptr;           // on 8 bytes
    Kernel wide = nullptr;          // with a 64-bit general register or operand
    Kernel whole = nullptr;         // all 32 bytes at once, where lanes cross
    Kernel by_immediate = nullptr;  // for the form with an immediate, where there are two
};

using Block16 [[gnu::vector_size(16), gnu::may_alias]] = std::uint8_t;
inline Block16& block(std::uint8_t* at) {
    return *reinterpret_cast<Block16*>(at);
}
inline const Block16& block(const std::uint8_t* at) {
    return *reinterpret_cast<const Block16*>(at);
}

// A kernel that is one instruction of the host's: insn b, %xmm0.
#define NYX_SSE(insn)                                                                   \
    [](std::uint8_t* to, const std::uint8_t* x, const std::uint8_t* y, std::uint64_t) { \
        asm volatile("movdqa %1, %%xmm0\n\t" insn " %2, %%xmm0\n\tmovdqa %%xmm0, %0"    \
                     : "=m"(block(to))                                                  \
                     : "m"(block(x)), "m"(block(y))                                     \
                     : "xmm0", "memory");                                               \
    }
// The same on MMX registers, which are the x87 ones: EMMS gives them back.
#define NYX_MMX(insn)                                                                   \
    [](std::uint8_t* to, const std::uint8_t* x, const std::uint8_t* y, std::uint64_t) { \
        asm volatile("movq %1, %%mm0\n\t" insn " %2, %%mm0\n\tmovq %%mm0, %0\n\temms"   \
                     : "=m"(*reinterpret_cast<std::uint64_t*>(to))                      \
                     : "m"(*reinterpret_cast<const std::uint64_t*>(x)),                 \
                       "m"(*reinterpret_cast<const std::uint64_t*>(y))                  \
                     : "mm0", "memory");                                                \
    }
// From the first bytes of b to a general register; insn b, %rax.
#define NYX_TO_GENERAL(insn, reg)                                                        \
    [](std::uint8_t* to, const std::uint8_t*, const std::uint8_t* y, std::uint64_t) {    \
        asm volatile("movdqa %1, %%xmm0\n\t" insn " %%xmm0, %%" reg "\n\tmovq %%rax, %0" \
                     : "=m"(*reinterpret_cast<std::uint64_t*>(to))                       \
                     : "m"(block(y))                                                     \
                     : "rax", "xmm0", "memory");                                         \
    }

// SSE and AVX; with MMX as well.
#define NYX_LINE(NAME, insn) {.legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME, .kernel = NYX_SSE(insn)}
#define NYX_LINE_MMX(NAME, insn) \
    {.legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME, .kernel = NYX_SSE(insn), .mmx = NYX_MMX(insn)}

// insn $immediate, b, %xmm0 for each value of an immediate: what kernels_by_number() makes its table of. `immediate`
// may use kNumber.
#define NYX_SSE_IMMEDIATE(insn, immediate)                                                         \
    []<std::size_t kNumber>() -> Kernel {                                                          \
        return [](std::uint8_t* to, const std::uint8_t* x, const std::uint8_t* y, std::uint64_t) { \
            asm volatile("movdqa %1, %%xmm0\n\t" insn " %3, %2, %%xmm0\n\tmovdqa %%xmm0, %0"       \
                         : "=m"(block(to))                                                         \
                         : "m"(block(x)), "m"(block(y)), "i"(immediate)                            \
                         : "xmm0", "memory");                                                      \
        };                                                                                         \
    }

// A function with a constant argument, by a number that is known only when it runs.
template <class Make, std::size_t... kNumbers>
constexpr auto kernels_by_number(Make make, std::index_sequence<kNumbers...>) {
    return std::array<Kernel, sizeof...(kNumbers)> { make.template operator()<kNumbers>()... };
}

// Lanes of 128 bits, for kernels in C++.
template <class T>
struct Lanes {
    static constexpr std::size_t kCount = 16 / sizeof(T);
    std::array<T, kCount> lanes{};
    explicit Lanes() = default;
    explicit Lanes(const std::uint8_t* at) { std::memcpy(lanes.data(), at, 16); }
    void store(std::uint8_t* at) const { std::memcpy(at, lanes.data(), 16); }
    T& operator[](std::size_t i) { return lanes[i]; }
    const T& operator[](std::size_t i) const { return lanes[i]; }
};

// The tables, a file each.
std::span<const VectorLine> integer_lines();
std::span<const VectorLine> shuffle_lines();
std::span<const VectorLine> float_lines();
std::span<const VectorLine> compare_lines();
std::span<const VectorLine> convert_lines();
std::span<const VectorLine> fma_lines();
std::span<const VectorLine> crypto_lines();
std::span<const VectorLine> string_lines();
std::span<const VectorLine> cross_lane_lines();

}  // namespace nyx::soft
