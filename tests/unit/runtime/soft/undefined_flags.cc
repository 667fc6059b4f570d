#include "undefined_flags.h"

#include "runtime/soft/flags.h"
#include "undefined_results.h"

namespace nyx::soft {
namespace {

struct Row {
    ZydisMnemonic mnemonic;
    std::uint64_t flags;
    const char* reason;  // SDM volume 2, "Flags affected" of the instruction
};

constexpr Row kRows[] = {
    {ZYDIS_MNEMONIC_SHL, kAf | kOf | kCf, "AF undefined; OF for counts above 1; CF for counts above the width"},
    {ZYDIS_MNEMONIC_SHR, kAf | kOf | kCf, "AF undefined; OF for counts above 1; CF for counts above the width"},
    {ZYDIS_MNEMONIC_SAR, kAf, "AF undefined for counts above 0"},
    {ZYDIS_MNEMONIC_ROL, kOf, "OF for counts above 1"},
    {ZYDIS_MNEMONIC_ROR, kOf, "OF for counts above 1"},
    {ZYDIS_MNEMONIC_RCL, kOf, "OF for counts above 1"},
    {ZYDIS_MNEMONIC_RCR, kOf, "OF for counts above 1"},
    {ZYDIS_MNEMONIC_SHLD, kArithmeticFlags, "AF; OF for counts above 1; all for counts above the width"},
    {ZYDIS_MNEMONIC_SHRD, kArithmeticFlags, "AF; OF for counts above 1; all for counts above the width"},
    {ZYDIS_MNEMONIC_MUL, kSf | kZf | kAf | kPf, "only CF and OF are defined"},
    {ZYDIS_MNEMONIC_IMUL, kSf | kZf | kAf | kPf, "only CF and OF are defined"},
    {ZYDIS_MNEMONIC_DIV, kArithmeticFlags, "all are undefined"},
    {ZYDIS_MNEMONIC_IDIV, kArithmeticFlags, "all are undefined"},
    {ZYDIS_MNEMONIC_BT, kOf | kSf | kAf | kPf, "only CF is defined, ZF is unchanged"},
    {ZYDIS_MNEMONIC_BTS, kOf | kSf | kAf | kPf, "only CF is defined, ZF is unchanged"},
    {ZYDIS_MNEMONIC_BTR, kOf | kSf | kAf | kPf, "only CF is defined, ZF is unchanged"},
    {ZYDIS_MNEMONIC_BTC, kOf | kSf | kAf | kPf, "only CF is defined, ZF is unchanged"},
    {ZYDIS_MNEMONIC_BSF, kArithmeticFlags & ~kZf, "only ZF is defined"},
    {ZYDIS_MNEMONIC_BSR, kArithmeticFlags & ~kZf, "only ZF is defined"},
    {ZYDIS_MNEMONIC_TZCNT, kOf | kSf | kPf | kAf, "only CF and ZF are defined"},
    {ZYDIS_MNEMONIC_LZCNT, kOf | kSf | kPf | kAf, "only CF and ZF are defined"},
    {ZYDIS_MNEMONIC_ANDN, kAf | kPf, "AF and PF undefined"},
    {ZYDIS_MNEMONIC_BLSI, kAf | kPf, "AF and PF undefined"},
    {ZYDIS_MNEMONIC_BLSMSK, kAf | kPf, "AF and PF undefined"},
    {ZYDIS_MNEMONIC_BLSR, kAf | kPf, "AF and PF undefined"},
    {ZYDIS_MNEMONIC_BZHI, kAf | kPf, "AF and PF undefined"},
    {ZYDIS_MNEMONIC_BEXTR, kAf | kSf | kPf, "AF, SF and PF undefined"},
    {ZYDIS_MNEMONIC_AND, kAf, "AF undefined"},
    {ZYDIS_MNEMONIC_OR, kAf, "AF undefined"},
    {ZYDIS_MNEMONIC_XOR, kAf, "AF undefined"},
    {ZYDIS_MNEMONIC_TEST, kAf, "AF undefined"},
    {ZYDIS_MNEMONIC_AAA, kOf | kSf | kZf | kPf, "only AF and CF are defined"},
    {ZYDIS_MNEMONIC_AAS, kOf | kSf | kZf | kPf, "only AF and CF are defined"},
    {ZYDIS_MNEMONIC_AAM, kOf | kAf | kCf, "OF, AF and CF undefined"},
    {ZYDIS_MNEMONIC_AAD, kOf | kAf | kCf, "OF, AF and CF undefined"},
    {ZYDIS_MNEMONIC_DAA, kOf, "OF undefined"},
    {ZYDIS_MNEMONIC_DAS, kOf, "OF undefined"},
};

}  // namespace

static const Row* row_of(ZydisMnemonic mnemonic) {
    if (host_is_amd()) return nullptr;
    for (const Row& row : kRows)
        if (row.mnemonic == mnemonic) return &row;
    return nullptr;
}

std::uint64_t undefined_flags(ZydisMnemonic mnemonic) {
    const Row* row = row_of(mnemonic);
    return row != nullptr ? row->flags : 0;
}

const char* why_undefined(ZydisMnemonic mnemonic) {
    const Row* row = row_of(mnemonic);
    return row != nullptr ? row->reason : "";
}

}  // namespace nyx::soft
