#include "undefined_results.h"

#include <cpuid.h>

#include "runtime/soft/flags.h"
#include "runtime/soft/state.h"
#include "undefined_flags.h"

namespace nyx::soft {
namespace {

bool is_shift(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_SHL:
        case ZYDIS_MNEMONIC_SHR:
        case ZYDIS_MNEMONIC_SAR:
        case ZYDIS_MNEMONIC_ROL:
        case ZYDIS_MNEMONIC_ROR:
        case ZYDIS_MNEMONIC_RCL:
        case ZYDIS_MNEMONIC_RCR:
        case ZYDIS_MNEMONIC_SHLD:
        case ZYDIS_MNEMONIC_SHRD:
            return true;
        default:
            return false;
    }
}

bool has_two_in_memory(ZydisMnemonic mnemonic) {
    return mnemonic == ZYDIS_MNEMONIC_CMPSB || mnemonic == ZYDIS_MNEMONIC_CMPSW || mnemonic == ZYDIS_MNEMONIC_CMPSD ||
           mnemonic == ZYDIS_MNEMONIC_CMPSQ || mnemonic == ZYDIS_MNEMONIC_BOUND;
}

bool repeats(const ZydisDecodedInstruction& one) {
    return (one.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) != 0;
}

// Whatever its operands are: a shift by 0 leaves all flags, a repeated string instruction may do nothing.
std::uint64_t surely_written(const ZydisDecodedInstruction& one) {
    if (is_shift(one.mnemonic) || repeats(one) || one.cpu_flags == nullptr) return 0;
    return one.cpu_flags->modified | one.cpu_flags->set_0 | one.cpu_flags->set_1;
}

}  // namespace

bool host_is_amd() {
    static const bool kIsAmd = [] {
        std::uint32_t a = 0, b = 0, c = 0, d = 0;
        __cpuid(0, a, b, c, d);
        return b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx;
    }();
    return kIsAmd;
}

UndefinedResults::UndefinedResults(std::span<const ZydisDecodedInstruction> code, unsigned bits) {
    if (host_is_amd()) return;
    for (const ZydisDecodedInstruction& one : code) look_at(one, &one == &code.front(), bits);
}

void UndefinedResults::look_at(const ZydisDecodedInstruction& one, bool is_first, unsigned bits) {
    if (one.cpu_flags != nullptr && (one.cpu_flags->tested & undefined_) != 0)
        why_left_out_ = "uses flags that an earlier instruction leaves undefined";
    const bool is_double_shift = one.mnemonic == ZYDIS_MNEMONIC_SHLD || one.mnemonic == ZYDIS_MNEMONIC_SHRD;
    if (one.mnemonic == ZYDIS_MNEMONIC_MOVSXD && one.operand_width == 16)
        why_left_out_ = "reads 32 bits on AMD's processors, 16 on Intel's";
    if (is_double_shift && one.operand_width == 16) look_at_double_shift(one, is_first);
    looks_at_two_ = looks_at_two_ || has_two_in_memory(one.mnemonic);
    if (repeats(one)) look_at_string(one, is_first, bits);
    flags_ |= undefined_flags(one.mnemonic);
    undefined_ = (undefined_ & ~surely_written(one)) | undefined_flags(one.mnemonic);
}

// SDM volume 2B, SHLD: "if the count is greater than the operand size, the result is undefined".
void UndefinedResults::look_at_double_shift(const ZydisDecodedInstruction& one, bool is_first) {
    constexpr std::uint64_t kWidth = 16, kCountMask = 31;
    const bool by_immediate = one.raw.imm[0].size != 0;
    if (by_immediate ? (one.raw.imm[0].value.u & kCountMask) > kWidth : !is_first)
        why_left_out_ = "shifts 16 bits by more than 16";
    else if (!by_immediate)
        limits_count_ = true;
}

// Intel's processors clear the upper halves of RCX, RSI and RDI when ECX counts, also where it was 0 or the first
// access faults; and where one faults, their flags are those of another comparison than AMD's.
void UndefinedResults::look_at_string(const ZydisDecodedInstruction& one, bool is_first, unsigned bits) {
    flags_at_fault_ |= kArithmeticFlags;
    if (bits != 64 || one.address_width != 32) return;
    if (is_first)
        limits_repeats_ = true;
    else
        why_left_out_ = "repeats by ECX";
}

bool UndefinedResults::may_differ(const Outcome& on_host, const Outcome& on_soft) const {
    return looks_at_two_ && on_host.fault && on_soft.fault && on_host.rip == on_soft.rip;
}

void UndefinedResults::define(UserState& state) const {
    if (limits_count_ && (state.gpr[kRcx] & 31) > 16) state.gpr[kRcx] &= ~std::uint64_t{16};
    if (!limits_repeats_) return;
    for (const Reg reg : {kRcx, kRsi, kRdi}) state.gpr[reg] &= 0xFFFFFFFF;
}

}  // namespace nyx::soft
