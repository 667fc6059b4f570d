#include "runtime/soft/exec/vector/lower.h"

#include <algorithm>

#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/forms.h"

namespace nyx::soft {

bool has_known_encoding(const Lowering& l) {
    return l.instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY || is_vex(l);
}

ZydisRegisterClass class_of(const Lowering& l, unsigned operand) {
    return l.is_register(operand) ? ZydisRegisterGetClass(l.operands[operand].reg.value) : ZYDIS_REGCLASS_INVALID;
}

std::uint16_t offset_of(const Lowering& l, unsigned operand) {
    const auto id = static_cast<unsigned>(std::max<ZyanI8>(ZydisRegisterGetId(l.operands[operand].reg.value), 0));
    switch (class_of(l, operand)) {
        case ZYDIS_REGCLASS_XMM:
        case ZYDIS_REGCLASS_YMM:
            return static_cast<std::uint16_t>(id * sizeof(VectorRegister));
        case ZYDIS_REGCLASS_MMX:
            return static_cast<std::uint16_t>(id * sizeof(X87State::Register));
        default:
            return l.general(operand);
    }
}

namespace {

// The operands of an instruction by what they are for. kNone: there is none.
struct Roles {
    static constexpr unsigned kNone = 9;
    unsigned a = 0, b = kNone;
    bool is_mmx = false, is_ymm = false, has_immediate = false;
};

Roles roles_of(const Lowering& l, const VectorLine& line) {
    Roles roles;
    unsigned count = l.instruction.operand_count_visible;
    if (count > 1 && l.is_immediate(count - 1)) {
        roles.has_immediate = true;
        --count;
    } else if ((line.traits & kSelects) != 0) {
        count = is_vex(l) ? 3 : 2;
    }
    for (unsigned i = 0; i < count; ++i) {
        roles.is_mmx |= class_of(l, i) == ZYDIS_REGCLASS_MMX;
        roles.is_ymm |= class_of(l, i) == ZYDIS_REGCLASS_YMM || (l.is_memory(i) && l.bits(i) == 256);
    }
    if ((line.traits & kShifts) != 0 && roles.has_immediate) {  // the immediate is b
        roles.a = count - 1;
        return roles;
    }
    roles.b = count - 1;
    roles.a = count == 3 ? 1 : 0;
    return roles;
}

Kernel kernel_for(const Lowering& l, const VectorLine& line, const Roles& roles) {
    if (roles.has_immediate && line.by_immediate != nullptr) return line.by_immediate;
    if (roles.is_mmx && line.mmx != nullptr) return line.mmx;
    if (roles.is_ymm && line.whole != nullptr) return line.whole;
    const unsigned general = ZydisRegisterGetClass(l.operands[0].reg.value) == ZYDIS_REGCLASS_XMM ? roles.b : 0;
    if (line.wide != nullptr && general != Roles::kNone && l.bits(general) == 64) return line.wide;
    return line.kernel;
}

bool set_detail(Lowering& l, const VectorLine& line, const Roles& roles) {
    const auto* step = std::ranges::find(Detail::kSteps, line.halves.step);
    const auto* shift = std::ranges::find(Detail::kShifts, line.halves.shift);
    if (step == Detail::kSteps.end() || shift == Detail::kShifts.end()) return false;
    auto shift_code = static_cast<unsigned>(shift - Detail::kShifts.begin());
    if ((line.traits & kSelects) != 0) shift_code = Detail::kThird;
    auto unit = static_cast<unsigned>(is_vex(l) ? Unit::kAvx : Unit::kSse);
    if (roles.is_mmx) unit = line.mmx != nullptr ? static_cast<unsigned>(Unit::kMmx) : Detail::kSseAndMmx;
    l.op.detail = static_cast<std::uint8_t>(unsigned(step - Detail::kSteps.begin()) | shift_code << 3 | unit << 6);
    return true;
}

std::uint8_t immediate_of(const Lowering& l, const VectorLine& line, const Roles& roles) {
    const unsigned last = l.instruction.operand_count_visible - 1u;
    if ((line.traits & kSelects) != 0)  // XMM0, which the legacy encoding does not name, or a register
        return is_vex(l) ? static_cast<std::uint8_t>(offset_of(l, last) / sizeof(VectorRegister)) : std::uint8_t{0};
    if (!roles.has_immediate) return 0;
    auto value = static_cast<std::uint8_t>(l.immediate(last));
    const bool is_insertps = line.legacy == ZYDIS_MNEMONIC_INSERTPS;
    return is_insertps && l.is_memory(roles.b) ? value & 0x3F : value;
}

template <class To, bool kRounding, std::size_t kBytes, bool kAligned = false>
Run from_memory(AddressKind kind) {
    return by_address(kind, []<class Address>() -> Run {
        return &vector_op<To, kRounding, &memory_operand<kBytes, Address, kAligned>>;
    });
}

template <class To, bool kRounding>
Run pick_source(Lowering& l, const VectorLine& line, const Roles& roles) {
    if (roles.b == Roles::kNone) return &vector_op<To, kRounding, &immediate_count>;
    if (l.is_register(roles.b)) {
        l.op.src = offset_of(l, roles.b);
        switch (class_of(l, roles.b)) {
            case ZYDIS_REGCLASS_XMM:
            case ZYDIS_REGCLASS_YMM:
                return &vector_op<To, kRounding, &vector_register>;
            case ZYDIS_REGCLASS_MMX:
                return &vector_op<To, kRounding, &mmx_register>;
            default:
                return &vector_op<To, kRounding, &general_register>;
        }
    }
    const AddressKind kind = l.address(roles.b);
    const bool is_aligned = l.bits(roles.b) == 128 && !is_vex(l) && (line.traits & kUnaligned) == 0;
    if (is_aligned) return from_memory<To, kRounding, 16, true>(kind);
    return by_bytes<1, 2, 4, 8, 16, 32>(
        l.bits(roles.b), [kind]<std::size_t kBytes>() -> Run { return from_memory<To, kRounding, kBytes>(kind); });
}

template <bool kRounding>
Run pick_memory_result(Lowering& l, const Roles& roles) {
    const AddressKind kind = l.address(0);
    l.op.src = offset_of(l, roles.b);
    const bool is_mmx = class_of(l, roles.b) == ZYDIS_REGCLASS_MMX;
    auto pick = [&]<std::size_t kBytes>() {
        return by_address(kind, [&]<class Address>() -> Run {
            if constexpr (kRounding)
                return &rounded_to_memory<kBytes, Address>;
            else
                return is_mmx ? &vector_to_memory<kBytes, Address, true> : &vector_to_memory<kBytes, Address, false>;
        });
    };
    return by_bytes<1, 2, 4, 8, 16>(l.bits(0), pick);
}

template <bool kRounding>
Run pick_result(Lowering& l, const VectorLine& line, const Roles& roles) {
    if (l.is_memory(0) && roles.b != 0) return pick_memory_result<kRounding>(l, roles);
    if ((line.traits & kFlags) != 0) return pick_source<ToFlags, kRounding>(l, line, roles);
    l.op.dst = offset_of(l, 0);
    switch (class_of(l, 0)) {
        case ZYDIS_REGCLASS_YMM:
            if (line.whole != nullptr) return pick_source<ToWhole, kRounding>(l, line, roles);
            return pick_source<ToYmm, kRounding>(l, line, roles);
        case ZYDIS_REGCLASS_XMM:
            if (is_vex(l)) return pick_source<ToVex, kRounding>(l, line, roles);
            return pick_source<ToLegacy, kRounding>(l, line, roles);
        case ZYDIS_REGCLASS_MMX:
            return pick_source<ToMmx, kRounding>(l, line, roles);
        default:
            return pick_source<ToGeneral, kRounding>(l, line, roles);
    }
}

}  // namespace

bool lower_vector(Lowering& l, const VectorLine& line) {
    if (!has_known_encoding(l)) return false;
    const Roles roles = roles_of(l, line);
    const Kernel kernel = kernel_for(l, line, roles);
    if (kernel == nullptr || !set_detail(l, line, roles)) return false;
    l.op.imm = reinterpret_cast<std::uint64_t>(kernel);
    l.op.imm8 = immediate_of(l, line, roles);
    if (l.is_register(roles.a)) l.op.src2 = offset_of(l, roles.a);
    l.op.run = (line.traits & kRounds) != 0 ? pick_result<true>(l, line, roles) : pick_result<false>(l, line, roles);
    return l.op.run != nullptr;
}

}  // namespace nyx::soft
