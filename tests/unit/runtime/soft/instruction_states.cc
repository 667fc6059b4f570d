// States in which a generated instruction has something to work on.
#include <algorithm>
#include <cstring>

#include "instruction_generator.h"
#include "runtime/soft/state.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kData = HostRunner::kData;

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
    if ((traits & kStringForm) != 0) set_up_strings(state, data);
    if (!made_.code.targets.empty()) set_up_target(state, data);
}

void InstructionGenerator::set_up_strings(UserState& state, std::span<std::uint8_t> data) {
    const std::uint64_t base = HostRunner::data_base(bits_);
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

// Where a return or an indirect branch goes.
void InstructionGenerator::set_up_target(UserState& state, std::span<std::uint8_t> data) {
    std::uint64_t to = HostRunner::kCode - HostRunner::code_base(bits_);
    to += static_cast<std::uint64_t>(made_.code.targets[0]);
    if ((made_.traits & kReturnForm) != 0) poke(data, state.gpr[kRsp] + HostRunner::data_base(bits_), to);
    if ((made_.traits & kIndirectBranch) != 0 && made_.rm_register) state.gpr[*made_.rm_register] = to;
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
    if ((made_.traits & kCompareForm) != 0 && random_.one_in(2)) set_up_comparison(state, data, to);
    if ((made_.traits & kIndirectBranch) != 0)
        poke(data, to,
             HostRunner::kCode - HostRunner::code_base(bits_) + static_cast<std::uint64_t>(made_.code.targets[0]));
}

// The accumulator holds what the operand at `at` does, where the address does not need the register.
void InstructionGenerator::set_up_comparison(UserState& state, std::span<const std::uint8_t> data, std::uint64_t at) {
    const MemoryOperand& m = *made_.memory;
    if (m.base != unsigned{kRax} && m.index != unsigned{kRax}) state.gpr[kRax] = peek(data, at);
    if (m.base != unsigned{kRdx} && m.index != unsigned{kRdx}) {
        bool is_pair = (made_.traits & kAlignedForm) != 0;
        state.gpr[kRdx] = !is_pair ? state.gpr[kRdx] : made_.width == 64 ? peek(data, at + 8) : peek(data, at) >> 32;
    }
}

}  // namespace nyx::soft
