// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (SDM volume 1, §12.8.7, and volume 2, §4.1).
#include <bit>

#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/forms.h"
#include "runtime/soft/exec/vector/lower.h"
#include "runtime/soft/exec/vector/tables.h"

namespace nyx::soft {
namespace {

// In Op::dst.
enum Kind : std::uint16_t { kExplicitLengths = 1, kMaskResult = 2, kWideLengths = 4 };

// A string: its elements, sign-extended where they are signed, and how many are valid.
struct Text {
    std::array<std::int32_t, 16> elements{};
    unsigned length = 0;
    bool has(unsigned i) const { return i < length; }
};

template <class T>
Text text_of(const std::uint8_t* at) {
    Lanes<T> lanes(at);
    Text text;
    text.length = lanes.kCount;
    for (unsigned i = 0; i < lanes.kCount; ++i) {
        text.elements[i] = std::int32_t{lanes[i]};  // NOLINT(bugprone-signed-char-misuse): elements are numbers
        if (lanes[i] == 0 && text.length == lanes.kCount) text.length = i;
    }
    return text;
}
Text text_of(const std::uint8_t* at, unsigned control) {
    switch (control & 3) {
        case 0:
            return text_of<std::uint8_t>(at);
        case 1:
            return text_of<std::uint16_t>(at);
        case 2:
            return text_of<std::int8_t>(at);
        default:
            return text_of<std::int16_t>(at);
    }
}
// RAX or RDX: the absolute value, at most `most`.
unsigned explicit_length(std::uint64_t value, bool is_wide, unsigned most) {
    auto length = is_wide ? static_cast<std::int64_t>(value) : std::int64_t{static_cast<std::int32_t>(value)};
    if (length < -std::int64_t{most} || length > std::int64_t{most}) return most;
    return static_cast<unsigned>(length < 0 ? -length : length);
}

bool equals_any(const Text& a, std::int32_t element) {
    for (unsigned i = 0; i < a.length; ++i)
        if (a.elements[i] == element) return true;
    return false;
}
bool is_in_range(const Text& a, std::int32_t element) {
    for (unsigned i = 0; i + 1 < a.length; i += 2)
        if (a.elements[i] <= element && element <= a.elements[i + 1]) return true;
    return false;
}
bool starts_with(const Text& a, const Text& b, unsigned from, unsigned count) {
    for (unsigned i = 0; i < a.length && from + i < count; ++i)
        if (!b.has(from + i) || a.elements[i] != b.elements[from + i]) return false;
    return true;
}
// IntRes1: a bit for each element of b (the tables of §4.1.6).
unsigned aggregate(const Text& a, const Text& b, unsigned operation, unsigned count) {
    unsigned bits = 0;
    for (unsigned j = 0; j < count; ++j) {
        bool yes = false;
        switch (operation) {
            case 0:
                yes = b.has(j) && equals_any(a, b.elements[j]);
                break;
            case 1:
                yes = b.has(j) && is_in_range(a, b.elements[j]);
                break;
            case 2:
                yes = a.has(j) == b.has(j) && (!a.has(j) || a.elements[j] == b.elements[j]);
                break;
            default:
                yes = starts_with(a, b, j, count);
        }
        bits |= unsigned{yes} << j;
    }
    return bits;
}

void put_index(Cpu& cpu, unsigned bits, unsigned control, unsigned count) {
    const bool is_last = (control & 0x40) != 0;
    const int index = is_last ? 31 - std::countl_zero(bits) : std::countr_zero(bits);
    set<std::uint32_t>(cpu, kRcx * 8, bits == 0 ? count : static_cast<std::uint32_t>(index));
}
void put_mask(Cpu& cpu, unsigned bits, unsigned control, unsigned count, bool is_vex_encoded) {
    Lanes<std::uint8_t> mask;
    if ((control & 0x40) == 0)
        std::memcpy(&mask[0], &bits, 2);
    else
        for (unsigned i = 0; i < 16; ++i) mask[i] = ((bits >> (i * count / 16)) & 1) != 0 ? 0xFF : 0;
    mask.store(vector_bytes(cpu));
    if (is_vex_encoded) std::memset(vector_bytes(cpu) + 16, 0, 16);
}

[[gnu::noinline]] void compare_strings(Cpu& cpu, const Op* op, const std::uint8_t* at_b) {
    const unsigned control = op->imm8;
    const unsigned count = (control & 1) != 0 ? 8 : 16;
    Text a = text_of(vector_bytes(cpu) + op->src2, control), b = text_of(at_b, control);
    if ((op->dst & kExplicitLengths) != 0) {
        a.length = explicit_length(cpu.gpr[kRax], (op->dst & kWideLengths) != 0, count);
        b.length = explicit_length(cpu.gpr[kRdx], (op->dst & kWideLengths) != 0, count);
    }
    unsigned bits = aggregate(a, b, (control >> 2) & 3, count);
    if ((control & 0x10) != 0) {  // negative polarity; bit 5: of valid elements only
        const unsigned valid = (control & 0x20) != 0 ? (1u << b.length) - 1 : 0xFFFF;
        bits ^= valid & ((1u << count) - 1);
    }
    if ((op->dst & kMaskResult) != 0)
        put_mask(cpu, bits, control, count, Detail::unit(op) == static_cast<unsigned>(Unit::kAvx));
    else
        put_index(cpu, bits, control, count);
    cpu.flags.store((bits != 0 ? kCf : 0) | (b.length < count ? kZf : 0) | (a.length < count ? kSf : 0) |
                    ((bits & 1) != 0 ? kOf : 0));
}

template <Source kSource>
void string_op(Cpu& cpu, const Op* op) {
    if (!enter(cpu, op)) return stop_at(cpu, op);
    const std::uint8_t* b = kSource(cpu, op);
    if (b == nullptr) return stop_at(cpu, op);
    compare_strings(cpu, op, b);
    return go_on(cpu, op);
}

template <unsigned kKind>
bool lower_compare(Lowering& l) {
    if (!has_known_encoding(l)) return false;
    const bool is_wide = (l.instruction.attributes & ZYDIS_ATTRIB_HAS_REX) != 0
                             ? l.instruction.raw.rex.W != 0
                             : is_vex(l) && l.instruction.raw.vex.W != 0;
    l.op.dst = static_cast<std::uint16_t>(kKind | (is_wide && l.mode.code_bits == 64 ? kWideLengths : 0));
    l.op.src2 = offset_of(l, 0);
    l.op.imm8 = static_cast<std::uint8_t>(l.immediate(2));
    l.op.detail = static_cast<std::uint8_t>(static_cast<unsigned>(is_vex(l) ? Unit::kAvx : Unit::kSse) << 6);
    if (l.is_register(1)) {
        l.op.src = offset_of(l, 1);
        l.op.run = &string_op<&vector_register>;
    } else {
        l.op.run = by_address(l.address(1),
                              []<class Address>() -> Run { return &string_op<&memory_operand<16, Address, false>>; });
    }
    return true;
}

}  // namespace

void add_vector_strings(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_PCMPESTRI] = table[ZYDIS_MNEMONIC_VPCMPESTRI] = &lower_compare<kExplicitLengths>;
    table[ZYDIS_MNEMONIC_PCMPESTRM] = table[ZYDIS_MNEMONIC_VPCMPESTRM] =
        &lower_compare < kExplicitLengths | kMaskResult > ;
    table[ZYDIS_MNEMONIC_PCMPISTRI] = table[ZYDIS_MNEMONIC_VPCMPISTRI] = &lower_compare<0>;
    table[ZYDIS_MNEMONIC_PCMPISTRM] = table[ZYDIS_MNEMONIC_VPCMPISTRM] = &lower_compare<kMaskResult>;
}

}  // namespace nyx::soft
