#include "instruction_generator.h"

#include <algorithm>
#include <array>

#include "runtime/soft/state.h"

namespace nyx::soft {

void InstructionGenerator::put(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) made_.code.bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Where a memory operand is to be: mostly somewhere in the data, at times over the edge of a page or of all of it.
std::uint64_t InstructionGenerator::target(unsigned alignment) {
    std::uint64_t at;
    switch (random_.below(16)) {
        case 0:
            at = HostRunner::kData + 0x1000 - random_.below(24);
            break;
        case 1:
            at = HostRunner::kData + HostRunner::kDataSize - random_.below(24);
            break;
        case 2:
            at = HostRunner::kData + random_.below(16) - 8;
            break;
        default:
            at = HostRunner::kData + 64 + random_.below(HostRunner::kDataSize - 128);
            break;
    }
    return random_.one_in(2) || alignment > 1 ? at - at % std::max<std::uint64_t>(alignment, 8) : at;
}

// A place for a branch to go to, from the start of the code: clear of the code and of what is put behind it.
std::int64_t InstructionGenerator::landing(std::size_t length) {
    if (random_.one_in(2)) return -static_cast<std::int64_t>(0x10 + random_.below(0x50));
    return static_cast<std::int64_t>(length + 0x10 + random_.below(0x40));
}

void InstructionGenerator::choose_prefixes(const InstructionForm& form, Encoding& e) {
    const bool may_be_narrow = form.widths == Widths::kAll || form.widths == Widths::k16And64;
    e.is_narrow = may_be_narrow && random_.one_in(3);
    if (bits_ != 64) {
        made_.width = e.is_narrow ? 48 - bits_ : bits_;
        if (form.widths == Widths::k8) made_.width = 8;
        if (form.widths == Widths::k32And64) made_.width = 32;
        made_.address_bits = random_.one_in(bits_ == 16 ? 4 : 16) ? 48 - bits_ : bits_;
        return;
    }
    e.is_wide = random_.one_in(2) && (form.widths != Widths::k8 || random_.one_in(4));
    if ((form.traits & kAlignedForm) != 0) e.is_narrow = false;
    e.has_rex = e.is_wide || random_.one_in(2);
    if (e.has_rex || e.is_vex) {
        e.r = random_.one_in(2);
        e.x = random_.one_in(2);
        e.b = random_.one_in(2);
    }
    made_.width = e.is_narrow ? 16 : form.widths == Widths::k16And64 ? 64 : 32;
    if (form.widths == Widths::k8) made_.width = 8;
    if (form.widths != Widths::k8 && e.is_wide) made_.width = 64;
    made_.address_bits = random_.one_in(6) ? 32 : 64;
}

void InstructionGenerator::put_prefixes(const Encoding& e) {
    // ES, SS, DS, CS; that of 16-bit code has no data.
    if (random_.one_in(16)) put(std::array{0x26u, 0x36u, 0x3Eu, 0x2Eu}[random_.below(bits_ == 16 ? 3 : 4)], 1);
    if (made_.memory && made_.memory->is_gs) put(0x65, 1);
    if (made_.address_bits != bits_) put(0x67, 1);
    if (e.is_narrow) put(0x66, 1);
    if ((made_.traits & kStringForm) != 0 && !random_.one_in(4)) {
        made_.has_rep = true;
        put(random_.one_in(2) ? 0xF2 : 0xF3, 1);
    }
    if (e.mandatory_prefix) put(*e.mandatory_prefix, 1);
}

void InstructionGenerator::put_opcode(const Encoding& e) {
    auto bit = [](bool on, unsigned number) { return static_cast<unsigned>(on) << number; };
    if (e.is_vex) {
        unsigned third = e.has_third ? static_cast<unsigned>(random_.below(16)) : 0;
        put(0xC4, 1);
        if (bits_ != 64) third &= 7;
        put(bit(!e.r, 7) | bit(!e.x, 6) | bit(!e.b, 5) | e.vex_map, 1);
        put(bit(e.is_wide, 7) | ((~third & 15) << 3) | e.vex_pp, 1);
    } else if (e.has_rex) {
        put(0x40 | bit(e.is_wide, 3) | bit(e.r, 2) | bit(e.x, 1) | bit(e.b, 0), 1);
    }
    for (std::uint8_t byte : e.opcode) put(byte, 1);
    if (!e.has_opcode_register) return;
    auto number = static_cast<unsigned>(random_.below(8));
    made_.code.bytes.back() = static_cast<std::uint8_t>(made_.code.bytes.back() | number);
    made_.rm_register = number + (e.b ? 8 : 0);
}

void InstructionGenerator::put_modrm(Encoding& e) {
    auto reg = e.digit ? *e.digit : static_cast<unsigned>(random_.below(8));
    if (!e.digit) made_.reg_register = reg + (e.r ? 8 : 0);
    if (made_.memory) return made_.address_bits == 16 ? put_memory_16(reg) : put_memory(e, reg);
    auto rm = static_cast<unsigned>(random_.below(8));
    if ((made_.traits & kIndirectBranch) != 0 && rm == kRsp) rm = kRbp;  // RSP is needed for the stack
    made_.rm_register = rm + (e.b ? 8 : 0);
    put(0xC0 | reg << 3 | rm, 1);
}

void InstructionGenerator::put_memory(Encoding& e, unsigned reg) {
    MemoryOperand& m = *made_.memory;
    const auto mod = static_cast<unsigned>(random_.below(3)), rm = static_cast<unsigned>(random_.below(8));
    const bool has_sib = rm == 4, is_rip = mod == 0 && rm == 5;
    const unsigned sib = has_sib ? choose_sib(e, mod) : 0;
    if (!has_sib && !is_rip) m.base = rm + (e.b ? 8 : 0);
    put(mod << 6 | reg << 3 | rm, 1);
    if (has_sib) put(sib, 1);
    if (is_rip) {
        m.disp = fixed_offset();
        if (bits_ == 64) e.rip_relative_at = made_.code.bytes.size();
        put(m.disp, 4);
    } else if (!m.base) {
        m.disp = m.index ? static_cast<std::uint64_t>(static_cast<std::int32_t>(random_.operand())) : fixed_offset();
        put(m.disp, 4);
    } else {
        put_displacement(mod, 4);
    }
}

// Base, index and scale, with their byte.
unsigned InstructionGenerator::choose_sib(const Encoding& e, unsigned mod) {
    MemoryOperand& m = *made_.memory;
    const unsigned high_base = e.b ? 8 : 0;
    unsigned index = static_cast<unsigned>(random_.below(8)) + (e.x ? 8 : 0);
    const auto base = static_cast<unsigned>(random_.below(8));
    const bool has_base = mod != 0 || base != 5;
    // One register as both would have no solution for most addresses.
    if (has_base && index == base + high_base) index = 4 + (e.x ? 8 : 0);
    if (has_base && index == base + high_base) index = 13;
    if (index == 13 && !e.x) index = 4;
    m.scale = static_cast<unsigned>(random_.below(4));
    if (index != 4) m.index = index;
    if (has_base) m.base = base + high_base;
    return m.scale << 6 | (index & 7) << 3 | base;
}

// Without a register the address is the same in every state.
std::uint64_t InstructionGenerator::fixed_offset() {
    std::uint64_t base = made_.memory && made_.memory->is_gs ? HostRunner::kGsBase : HostRunner::data_base(bits_);
    return target((made_.traits & kAlignedForm) != 0 ? 16 : 1) - base;
}

void InstructionGenerator::put_displacement(unsigned mod, unsigned wide_size) {
    std::uint64_t value = random_.operand();
    if (mod == 1) {
        made_.memory->disp = static_cast<std::uint64_t>(static_cast<std::int8_t>(value));
        put(value, 1);
    } else if (mod == 2) {
        made_.memory->disp = static_cast<std::uint64_t>(wide_size == 2 ? static_cast<std::int16_t>(value)
                                                                       : static_cast<std::int32_t>(value));
        put(value, wide_size);
    }
}

// SDM volume 2, table 2-1.
void InstructionGenerator::put_memory_16(unsigned reg) {
    constexpr std::array<unsigned, 8> kBases = {kRbx, kRbx, kRbp, kRbp, kRsi, kRdi, kRbp, kRbx};
    MemoryOperand& m = *made_.memory;
    auto mod = static_cast<unsigned>(random_.below(3)), rm = static_cast<unsigned>(random_.below(8));
    put(mod << 6 | reg << 3 | rm, 1);
    if (mod == 0 && rm == 6) {
        m.disp = fixed_offset() & 0xFFFF;
        put(m.disp, 2);
        return;
    }
    m.base = kBases[rm];
    if (rm < 4) m.index = rm % 2 == 0 ? kRsi : kRdi;
    put_displacement(mod, 2);
}

void InstructionGenerator::put_branch(unsigned size) {
    std::size_t length = made_.code.bytes.size() + size;
    std::int64_t to = landing(length);
    constexpr std::int64_t kReachOfByte = 0x80;
    if (size == 1 && to < static_cast<std::int64_t>(length) - kReachOfByte)
        to = static_cast<std::int64_t>(length) + 0x10;
    made_.code.targets.push_back(to);
    put(static_cast<std::uint64_t>(to) - length, size);
}

void InstructionGenerator::put_immediates(const Encoding& e) {
    for (const std::string& kind : e.immediates) {
        std::uint64_t value = random_.operand();
        if (kind == "cb") put_branch(1);
        if (kind == "cz") put_branch(bits_ == 16 ? 2 : 4);
        if (kind == "ib") put(value, 1);
        if (kind == "iw") put(value & 0x1FF, 2);
        if (kind == "iz") put(value, made_.width == 16 ? 2 : 4);
        if (kind == "iv") put(value, made_.width / 8);
    }
    if (e.is_absolute) put(fixed_offset(), made_.address_bits / 8);
}

void InstructionGenerator::patch_rip_relative(const Encoding& e) {
    if (!e.rip_relative_at) return;
    std::uint64_t disp = made_.memory->disp - (HostRunner::kCode + made_.code.bytes.size());
    for (unsigned i = 0; i < 4; ++i)
        made_.code.bytes[*e.rip_relative_at + i] = static_cast<std::uint8_t>(disp >> (8 * i));
}

// No processor takes more than 15 bytes: with all prefixes, a displacement and an immediate there would be.
void InstructionGenerator::append(const InstructionForm& form, bool may_be_memory) {
    constexpr std::size_t kLongest = 15;
    const Generated before = made_;
    do {
        made_ = before;
        append_any(form, may_be_memory);
    } while (made_.code.bytes.size() - before.code.bytes.size() > kLongest);
}

void InstructionGenerator::append_any(const InstructionForm& form, bool may_be_memory) {
    made_.traits |= form.traits;
    Encoding e(form);
    choose_prefixes(form, e);
    const bool can_be = e.has_modrm && e.may_be_memory && may_be_memory;
    if (can_be && (!e.may_be_register || random_.one_in(2))) {
        made_.memory = MemoryOperand{};
        made_.memory->address_bits = made_.address_bits;
        made_.memory->is_gs = bits_ == 64 && random_.one_in(8);
        if ((form.traits & kLockable) != 0 && random_.one_in(3)) put(0xF0, 1);
    }
    put_prefixes(e);
    put_opcode(e);
    if (e.has_modrm) put_modrm(e);
    put_immediates(e);
    patch_rip_relative(e);
}

Generated InstructionGenerator::generate(const InstructionForm& form) {
    made_ = {};
    made_.code.bits = bits_;
    append(form, true);
    if ((form.traits & (kIndirectBranch | kReturnForm)) != 0)
        made_.code.targets.push_back(landing(made_.code.bytes.size()));
    return made_;
}

Generated InstructionGenerator::generate_sequence(std::span<const InstructionForm> forms, unsigned count) {
    made_ = {};
    made_.code.bits = bits_;
    made_.code.instructions = count;
    while (count != 0) {
        const InstructionForm& form = forms[random_.below(forms.size())];
        constexpr std::uint32_t kOnlyRegisters = kLockable | kCountForm | kBitForm | kDivideForm | kCompareForm;
        const std::uint32_t allowed = kOnlyRegisters | (count == 1 ? std::uint32_t{kBranchForm} : 0);
        const bool is_stack = form.widths == Widths::k16And64, is_absolute = form.encoding[0] == 'A';
        if ((form.traits & ~allowed) != 0 || is_stack || is_absolute) continue;
        append(form, false);
        --count;
    }
    return made_;
}

}  // namespace nyx::soft
