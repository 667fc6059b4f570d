// Which registers of a described device an access means. Its thread-safety is dev::Device's.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "devices/described/interpreter.h"
#include "devices/ir/program.h"
#include "devices/kit/device.h"

namespace nyx::dev::described {

// A part of an access: bytes of one register, or bytes that nobody answers.
struct Piece {
    std::uint32_t reg = kNoRegister;
    std::uint32_t index = 0;  // which of an array
    std::uint32_t first = 0;  // byte of the register
    std::uint32_t size = 1;
};

class RegisterMap {
  public:
    RegisterMap(const ir::Program& program, Interpreter& guards);  // which outlive it

    // At least one, lowest first; together they have the access's width. By the guards as they stand.
    std::vector<Piece> pieces(const Access& access, bool is_write) const;

  private:
    void add(std::uint32_t number, const ir::Register& reg);
    std::span<const std::uint32_t> standing_at(std::uint32_t bank, std::uint64_t offset) const;
    Piece piece_at(const Access& access, std::uint32_t done, bool is_write) const;
    std::optional<Piece> part_at(const Access& access, bool is_write) const;

    const ir::Program& program_;
    Interpreter& guards_;
    std::vector<std::vector<std::vector<std::uint32_t>>> by_byte_;  // by bank and offset, to the last register
    std::vector<std::vector<std::uint32_t>> beyond_;  // by bank: arrays that go on behind what by_byte_ has
};

// The registers as everyone sees them, by the program's numbers.
std::vector<Register> registers_of(const ir::Program& program);

}  // namespace nyx::dev::described
