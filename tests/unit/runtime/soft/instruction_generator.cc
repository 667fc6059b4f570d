#include "instruction_generator.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <sstream>
#include <string_view>

#include "runtime/soft/state.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kData = HostRunner::kData, kDataSize = HostRunner::kDataSize;

std::uint8_t hex_byte(std::string_view text) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return static_cast<std::uint8_t>(value);
}

bool is_hex(std::string_view text) {
    return text.size() == 2 && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

}  // namespace

// A form's encoding taken apart, and what was chosen for it.
struct InstructionGenerator::Encoding {
    std::vector<std::uint8_t> opcode;
    std::vector<std::string> immediates;
    std::optional<std::uint8_t> mandatory_prefix;
    std::optional<unsigned> digit;
    bool has_modrm = false, has_opcode_register = false, is_vex = false, has_third = false, is_absolute = false;
    unsigned vex_map = 2, vex_pp = 0;

    bool is_wide = false, is_narrow = false, has_rex = false;
    bool r = false, x = false, b = false;
    std::optional<std::size_t> rip_relative_at;
    bool may_be_memory = true, may_be_register = true;

    explicit Encoding(const InstructionForm& form) {
        std::istringstream words(form.encoding);
        for (std::string word; words >> word;) take(word);
        may_be_memory = (form.traits & kRegisterOnly) == 0;
        may_be_register = (form.traits & kMemoryOnly) == 0;
    }
    void take(const std::string& word) {
        if (word.starts_with("VEX")) {
            is_vex = true;
            vex_map = word.ends_with("3A") ? 3 : 2;
            vex_pp = word[4] == '0' ? 0 : word.substr(4, 2) == "66" ? 1 : word.substr(4, 2) == "F3" ? 2 : 3;
        } else if (word == "/r") {
            has_modrm = true;
        } else if (word[0] == '/') {
            has_modrm = true;
            digit = static_cast<unsigned>(word[1] - '0');
        } else if (word == "+r") {
            has_opcode_register = true;
        } else if (word == "vvvv") {
            has_third = true;
        } else if (word == "moffs") {
            is_absolute = true;
        } else if (is_hex(word)) {
            std::uint8_t byte = hex_byte(word);
            bool is_prefix = !is_vex && opcode.empty() && (byte == 0x66 || byte == 0xF2 || byte == 0xF3);
            if (is_prefix)
                mandatory_prefix = byte;
            else
                opcode.push_back(byte);
        } else {
            immediates.push_back(word);
        }
    }
};

void InstructionGenerator::put(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) made_.code.bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Where a memory operand is to be: mostly somewhere in the data, at times over the edge of a page or of all of it.
std::uint64_t InstructionGenerator::target(unsigned alignment) {
    std::uint64_t at;
    switch (random_.below(16)) {
        case 0:
            at = kData + 0x1000 - random_.below(24);
            break;
        case 1:
            at = kData + kDataSize - random_.below(24);
            break;
        case 2:
            at = kData + random_.below(16) - 8;
            break;
        default:
            at = kData + 64 + random_.below(kDataSize - 128);
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
    auto mod = static_cast<unsigned>(random_.below(3)), rm = static_cast<unsigned>(random_.below(8));
    bool has_base = true;
    unsigned base = rm, sib = 0;
    if (rm == 4) {
        unsigned index = static_cast<unsigned>(random_.below(8)) + (e.x ? 8 : 0);
        base = static_cast<unsigned>(random_.below(8));
        has_base = mod != 0 || base != 5;
        // One register as both would have no solution for most addresses.
        if (has_base && index == base + (e.b ? 8u : 0u)) index = 4 + (e.x ? 8 : 0);
        if (has_base && index == base + (e.b ? 8u : 0u)) index = 13;
        if (index == 13 && !e.x) index = 4;
        m.scale = static_cast<unsigned>(random_.below(4));
        if (index != 4) m.index = index;
        sib = m.scale << 6 | (index & 7) << 3 | base;
    }
    const bool is_rip = mod == 0 && rm == 5;
    if (has_base && !is_rip) m.base = base + (e.b ? 8 : 0);
    put(mod << 6 | reg << 3 | rm, 1);
    if (rm == 4) put(sib, 1);
    if (is_rip) {
        m.disp = fixed_offset();
        if (bits_ == 64) e.rip_relative_at = made_.code.bytes.size();
        put(m.disp, 4);
    } else if (mod == 0 && !has_base) {
        m.disp = m.index ? static_cast<std::uint64_t>(static_cast<std::int32_t>(random_.operand())) : fixed_offset();
        put(m.disp, 4);
    } else {
        put_displacement(mod, 4);
    }
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

namespace {

// Puts as much of a value into data at a linear address as lies there.
void poke(std::span<std::uint8_t> data, std::uint64_t at, std::uint64_t value) {
    if (at < kData || at - kData >= data.size()) return;
    std::span<std::uint8_t> place = data.subspan(at - kData);
    std::memcpy(place.data(), &value, std::min<std::size_t>(place.size(), 8));
}
std::uint64_t peek(std::span<const std::uint8_t> data, std::uint64_t at) {
    std::uint64_t value = 0;
    if (at >= kData && at - kData + 8 <= data.size()) std::memcpy(&value, data.data() + (at - kData), 8);
    return value;
}

}  // namespace

void InstructionGenerator::set_up_dividend(UserState& state) {
    std::uint64_t& rdx = state.gpr[kRdx];
    std::uint64_t& rax = state.gpr[kRax];
    switch (random_.below(4)) {
        case 0:
            rdx = 0;
            rax &= ~0xFF00ull;
            break;
        case 1:
            rdx = (rax >> (made_.width - 1) & 1) != 0 ? ~0ull : 0;
            break;
        case 2:
            rdx = random_.below(0x100);
            break;
        default:
            break;
    }
}

void InstructionGenerator::set_up_implicit(UserState& state, std::span<std::uint8_t> data) {
    const std::uint32_t traits = made_.traits;
    const std::uint64_t base = HostRunner::data_base(bits_);
    if ((traits & kCountForm) != 0 && random_.one_in(2)) state.gpr[kRcx] = random_.below(70);
    if ((traits & kDivideForm) != 0) set_up_dividend(state);
    if ((traits & kFrameForm) != 0) state.gpr[kRbp] = target(1) - base;
    if ((traits & kTableForm) != 0) state.gpr[kRbx] = target(1) - base - 0x80;
    if ((traits & kBitForm) != 0 && made_.memory)
        state.gpr[*made_.reg_register] = random_.one_in(16) ? random_.next() : random_.below(0x8000) - 0x4000;
    if ((traits & kStringForm) != 0) {
        state.gpr[kRsi] = target(1) - base;
        state.gpr[kRdi] = random_.one_in(4) ? state.gpr[kRsi] + random_.below(32) - 16 : target(1) - base;
        state.gpr[kRcx] = random_.one_in(8) ? random_.below(0x1000) : random_.below(20);
        if (made_.address_bits < bits_)
            for (Reg reg : {kRsi, kRdi, kRcx}) state.gpr[reg] |= random_.next() << made_.address_bits;
        // Equal stretches, so that a comparison gets somewhere.
        if (random_.one_in(2))
            for (std::uint64_t i = 0; i < 64; i += 8) {
                std::uint64_t value = random_.one_in(8) ? random_.next() : 0;
                poke(data, (state.gpr[kRsi] & 0xFFFFFFFF) + base + i, value);
                poke(data, (state.gpr[kRdi] & 0xFFFFFFFF) + base + i, value);
            }
        if (random_.one_in(2)) state.gpr[kRax] = 0;
    }
    if (!made_.code.targets.empty()) {
        std::uint64_t to = HostRunner::kCode - HostRunner::code_base(bits_);
        to += static_cast<std::uint64_t>(made_.code.targets[0]);
        if ((traits & kReturnForm) != 0) poke(data, state.gpr[kRsp] + base, to);
        if ((traits & kIndirectBranch) != 0 && made_.rm_register) state.gpr[*made_.rm_register] = to;
    }
}

void InstructionGenerator::aim_memory(UserState& state, std::span<std::uint8_t> data) {
    const MemoryOperand& m = *made_.memory;
    const std::uint64_t segment = m.is_gs ? HostRunner::kGsBase : HostRunner::data_base(bits_);
    std::uint64_t to = target((made_.traits & kAlignedForm) != 0 && !random_.one_in(4) ? 16 : 1) - segment;
    const std::uint64_t mask = m.address_bits == 64 ? ~0ull : (std::uint64_t{1} << m.address_bits) - 1;
    const std::uint64_t beyond = random_.next() & ~mask;  // takes no part in the address
    if (m.base) {
        std::uint64_t others = m.disp + (m.index ? state.gpr[*m.index] << m.scale : 0);
        std::uint64_t value = ((to - others) & mask) | beyond;
        if (m.address_bits == 64 && random_.one_in(64)) value ^= std::uint64_t{1} << 62;  // not canonical
        state.gpr[*m.base] = value;
    } else if (m.index) {
        // Cannot reach every byte: what is next to it, then.
        std::uint64_t value = static_cast<std::uint64_t>(static_cast<std::int64_t>(to - m.disp) >> m.scale);
        if (m.address_bits != 64) value = (((to - m.disp) & mask) >> m.scale) | beyond;
        state.gpr[*m.index] = value;
        to = m.disp + (value << m.scale);
    } else {
        to = m.disp;
    }
    to = (to & mask) + segment;
    if ((made_.traits & kCompareForm) != 0 && random_.one_in(2)) {
        if (m.base != unsigned{kRax} && m.index != unsigned{kRax}) state.gpr[kRax] = peek(data, to);
        if (m.base != unsigned{kRdx} && m.index != unsigned{kRdx}) {
            bool is_pair = (made_.traits & kAlignedForm) != 0;
            state.gpr[kRdx] = !is_pair            ? state.gpr[kRdx]
                              : made_.width == 64 ? peek(data, to + 8)
                                                  : peek(data, to) >> 32;
        }
    }
    if ((made_.traits & kIndirectBranch) != 0)
        poke(data, to,
             HostRunner::kCode - HostRunner::code_base(bits_) + static_cast<std::uint64_t>(made_.code.targets[0]));
}

UserState InstructionGenerator::prepare(const Generated& generated, std::span<std::uint8_t> data) {
    made_ = generated;
    UserState state;
    for (std::uint64_t& reg : state.gpr) reg = random_.operand();
    if (random_.one_in(8)) state.gpr[random_.below(16)] = state.gpr[random_.below(16)];
    state.gpr[kRsp] = target(1) - HostRunner::data_base(bits_);
    state.rflags = (random_.next() & kFlagsOfTests) | 0x202;
    set_up_implicit(state, data);
    if (made_.memory) aim_memory(state, data);
    if (bits_ != 64)
        for (std::size_t i = 0; i < 16; ++i) state.gpr[i] = i < 8 ? state.gpr[i] & 0xFFFFFFFF : 0;
    return state;
}

}  // namespace nyx::soft
