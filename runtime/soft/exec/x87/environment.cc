#include "runtime/soft/exec/x87/environment.h"

namespace nyx::soft {
namespace {

// Valid, zero or special (SDM volume 1, figure 8-7).
unsigned tag_of(const X87State::Register& value) {
    std::uint64_t significand;
    std::uint16_t exponent;
    std::memcpy(&significand, value.bytes.data(), 8);
    std::memcpy(&exponent, value.bytes.data() + 8, 2);
    exponent &= 0x7FFF;
    if (exponent == 0 && significand == 0) return 1;
    return exponent == 0 || exponent == 0x7FFF || (significand >> 63) == 0 ? 2 : 0;
}

}  // namespace

std::uint16_t x87_status_word(const X87State& x87) {
    return static_cast<std::uint16_t>((x87.status & ~kX87Top) | x87.top << 11);
}
void set_x87_status_word(X87State& x87, std::uint16_t word) {
    x87.top = static_cast<std::uint8_t>((word >> 11) & 7);
    x87.status = static_cast<std::uint16_t>(word & ~kX87Top);
}
void summarize_x87(X87State& x87) {
    const bool is_pending = (x87.status & ~x87.control & kX87Flags) != 0;
    x87.status = static_cast<std::uint16_t>((x87.status & ~(kX87Summary | kX87Busy)) |
                                            (is_pending ? kX87Summary | kX87Busy : 0));
}

std::uint16_t x87_tag_word(const X87State& x87) {
    unsigned word = 0;
    for (unsigned i = 0; i < 8; ++i) word |= (((x87.in_use >> i) & 1) != 0 ? tag_of(x87.registers[i]) : 3u) << (2 * i);
    return static_cast<std::uint16_t>(word);
}
void set_x87_tag_word(X87State& x87, std::uint16_t word) {
    unsigned in_use = 0;
    for (unsigned i = 0; i < 8; ++i) in_use |= unsigned{((word >> (2 * i)) & 3) != 3} << i;
    x87.in_use = static_cast<std::uint8_t>(in_use);
}

void initialize_x87(X87State& x87) {
    auto registers = x87.registers;
    x87 = {};
    x87.registers = registers;
}

void put_x87_registers(X87State& x87, std::span<const std::uint8_t> bytes, std::size_t stride) {
    for (unsigned i = 0; i < 8; ++i) std::memcpy(x87_register(x87, i).bytes.data(), bytes.data() + stride * i, 10);
}
void get_x87_registers(const X87State& x87, std::span<std::uint8_t> bytes, std::size_t stride) {
    for (unsigned i = 0; i < 8; ++i)
        std::memcpy(bytes.data() + stride * i, x87.registers[(x87.top + i) % 8].bytes.data(), 10);
}

// SDM volume 1, figures 8-9 to 8-12. Of the linear addresses of real mode the upper part stands above the opcode.
void store_environment(const X87State& x87, EnvironmentLayout layout, std::span<std::uint8_t> out) {
    std::array<std::uint32_t, 7> words{x87.control, x87_status_word(x87), x87_tag_word(x87)};
    auto ip = static_cast<std::uint32_t>(x87.instruction_pointer), dp = static_cast<std::uint32_t>(x87.data_pointer);
    if (layout.is_protected) {
        words[3] = ip;
        words[4] = x87.instruction_selector | (layout.is_wide ? std::uint32_t{x87.opcode} << 16 : 0);
        words[5] = dp;
        words[6] = x87.data_selector;
    } else {
        ip += std::uint32_t{x87.instruction_selector} << 4;
        dp += std::uint32_t{x87.data_selector} << 4;
        words[3] = ip & 0xFFFF;
        words[4] = (ip >> 16) << 12 | x87.opcode;
        words[5] = dp & 0xFFFF;
        words[6] = (dp >> 16) << 12;
    }
    for (std::size_t i = 0; i < 7; ++i) {
        // The upper halves of the first three words and of the selectors are ones, as processors write them.
        if (layout.is_wide && (i < 3 || (i == 6 && layout.is_protected))) words[i] |= 0xFFFF0000;
        std::memcpy(out.data() + i * (layout.is_wide ? 4 : 2), &words[i], layout.is_wide ? 4 : 2);
    }
}

void load_environment(X87State& x87, EnvironmentLayout layout, std::span<const std::uint8_t> in) {
    std::array<std::uint32_t, 7> words{};
    for (std::size_t i = 0; i < 7; ++i)
        std::memcpy(&words[i], in.data() + i * (layout.is_wide ? 4 : 2), layout.is_wide ? 4 : 2);
    x87.control = static_cast<std::uint16_t>((words[0] & 0x1F7F) | 0x40);
    set_x87_status_word(x87, static_cast<std::uint16_t>(words[1]));
    set_x87_tag_word(x87, static_cast<std::uint16_t>(words[2]));
    summarize_x87(x87);
    if (layout.is_protected) {
        x87.instruction_pointer = words[3];
        x87.instruction_selector = static_cast<std::uint16_t>(words[4]);
        x87.opcode = static_cast<std::uint16_t>(layout.is_wide ? (words[4] >> 16) & 0x7FF : 0);
        x87.data_pointer = words[5];
        x87.data_selector = static_cast<std::uint16_t>(words[6]);
    } else {
        x87.instruction_pointer = (words[3] & 0xFFFF) | (words[4] & 0x0FFFF000) << 4;
        x87.opcode = static_cast<std::uint16_t>(words[4] & 0x7FF);
        x87.data_pointer = (words[5] & 0xFFFF) | (words[6] & 0x0FFFF000) << 4;
        x87.instruction_selector = x87.data_selector = 0;
    }
}

}  // namespace nyx::soft
