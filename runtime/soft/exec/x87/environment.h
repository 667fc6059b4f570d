// The x87 state in the shapes that instructions store it in (SDM volume 1, §8.1).
#pragma once

#include <span>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

inline constexpr std::uint16_t kX87Flags = 0x3F, kX87StackFault = 0x40, kX87Summary = 0x80, kX87Busy = 0x8000;
inline constexpr std::uint16_t kX87Top = 0x3800;

// With TOP.
std::uint16_t x87_status_word(const X87State& x87);
void set_x87_status_word(X87State& x87, std::uint16_t word);
// ES and B say whether an exception is both raised and unmasked; after either has changed.
void summarize_x87(X87State& x87);
// Two bits a register: valid, zero, special, empty.
std::uint16_t x87_tag_word(const X87State& x87);
void set_x87_tag_word(X87State& x87, std::uint16_t word);
// What FNINIT does.
void initialize_x87(X87State& x87);

// ST(0) to ST(7) in a row.
inline X87State::Register& x87_register(X87State& x87, unsigned i) {
    return x87.registers[(x87.top + i) % 8];
}
void put_x87_registers(X87State& x87, std::span<const std::uint8_t> bytes, std::size_t stride);
void get_x87_registers(const X87State& x87, std::span<std::uint8_t> bytes, std::size_t stride);

// The environment of FNSTENV: four layouts.
struct EnvironmentLayout {
    bool is_wide = true;       // of 32 bits, 28 bytes; else 14
    bool is_protected = true;  // selectors and offsets; else linear addresses
    std::size_t size() const { return is_wide ? 28 : 14; }
};
void store_environment(const X87State& x87, EnvironmentLayout layout, std::span<std::uint8_t> out);
void load_environment(X87State& x87, EnvironmentLayout layout, std::span<const std::uint8_t> in);

}  // namespace nyx::soft
