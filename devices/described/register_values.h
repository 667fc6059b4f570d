// What reads and writes of a described device's registers do: storage, masks, computed bits, handlers
// (devices/ir/program.h, ir::Register). Its thread-safety is dev::Device's.
#pragma once

#include <cstdint>

#include "devices/described/register_map.h"
#include "devices/described/state.h"

namespace nyx::dev::described {

class RegisterValues {
  public:
    RegisterValues(const ir::Program& program, State& state, Interpreter& functions)  // which outlive it
        : program_(program), state_(state), functions_(functions) {}

    // Of a piece that is a register's: its bytes, lowest first; what is above them is of no meaning.
    std::uint64_t read(const Piece& piece);
    void write(const Piece& piece, std::uint64_t part);
    // What a read of the whole register would give without its handler.
    std::uint64_t peek(std::uint32_t number, std::uint64_t index) const;

  private:
    std::uint64_t untouched(std::uint32_t number, std::uint64_t index) const;
    void write_whole(const ir::Register& reg, std::uint32_t index, std::uint64_t value);

    const ir::Program& program_;
    State& state_;
    Interpreter& functions_;
};

}  // namespace nyx::dev::described
