// FMA: 132, 213 and 231 say which of the three operands are multiplied; the first is also the result.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

#define NYX_FMA(NAME, insn)                                                                                            \
    {.vex = ZYDIS_MNEMONIC_##NAME,                                                                                     \
     .kernel =                                                                                                         \
         [](std::uint8_t* dst, const std::uint8_t* a, const std::uint8_t* b, std::uint64_t) {                          \
             asm volatile("movdqa %0, %%xmm0\n\tmovdqa %1, %%xmm1\n\t" insn " %2, %%xmm1, %%xmm0\n\tmovdqa %%xmm0, %0" \
                          : "+m"(block(dst))                                                                           \
                          : "m"(block(a)), "m"(block(b))                                                               \
                          : "xmm0", "xmm1", "memory");                                                                 \
         },                                                                                                            \
     .traits = kRounds}
#define NYX_FMA_ORDERS(NAME, TYPE, insn, type)                                            \
    NYX_FMA(NAME##132##TYPE, insn "132" type), NYX_FMA(NAME##213##TYPE, insn "213" type), \
        NYX_FMA(NAME##231##TYPE, insn "231" type)
#define NYX_FMA_PACKED(NAME, insn) NYX_FMA_ORDERS(NAME, PS, insn, "ps"), NYX_FMA_ORDERS(NAME, PD, insn, "pd")
#define NYX_FMA_ALL(NAME, insn) \
    NYX_FMA_PACKED(NAME, insn), NYX_FMA_ORDERS(NAME, SS, insn, "ss"), NYX_FMA_ORDERS(NAME, SD, insn, "sd")

constexpr VectorLine kLines[] = {
    NYX_FMA_ALL(VFMADD, "vfmadd"),   NYX_FMA_ALL(VFMSUB, "vfmsub"),          NYX_FMA_ALL(VFNMADD, "vfnmadd"),
    NYX_FMA_ALL(VFNMSUB, "vfnmsub"), NYX_FMA_PACKED(VFMADDSUB, "vfmaddsub"), NYX_FMA_PACKED(VFMSUBADD, "vfmsubadd"),
};

}  // namespace

std::span<const VectorLine> fma_lines() {
    return kLines;
}

}  // namespace nyx::soft
