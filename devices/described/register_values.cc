#include "devices/described/register_values.h"

namespace nyx::dev::described {

std::uint64_t RegisterValues::read(const Piece& piece) {
    const ir::Register& reg = program_.registers[piece.reg];
    if (reg.by_parts) return functions_.call(reg.on_read, {piece.index, piece.first, piece.size});
    const std::uint64_t value =
        reg.on_read == ir::kNone ? peek(piece.reg, piece.index) : functions_.call(reg.on_read, {piece.index});
    if (reg.read_clears != 0)
        state_.set(reg.storage, state_.get(reg.storage, piece.index) & ~reg.read_clears, piece.index);
    return (value & ir::low_bits(8u * reg.width)) >> (8 * piece.first);
}

void RegisterValues::write(const Piece& piece, std::uint64_t part) {
    const ir::Register& reg = program_.registers[piece.reg];
    if (reg.by_parts) {
        if (functions_.holds(reg.phase)) functions_.call(reg.on_write, {part, 0, piece.index, piece.first, piece.size});
        return;
    }
    const std::uint64_t mask = ir::low_bits(8 * piece.size) << (8 * piece.first);
    const std::uint64_t rest = piece.size == reg.width ? 0 : untouched(piece.reg, piece.index) & ~mask;
    write_whole(reg, piece.index, rest | part << (8 * piece.first));
}

// What a write to a part of a register says of its other bits, so that they stay.
std::uint64_t RegisterValues::untouched(std::uint32_t number, std::uint64_t index) const {
    const ir::WriteMasks& write = program_.registers[number].write;
    return (peek(number, index) & ~(write.one_clears | write.one_sets)) | write.zero_clears;
}

std::uint64_t RegisterValues::peek(std::uint32_t number, std::uint64_t index) const {
    const ir::Register& reg = program_.registers[number];
    std::uint64_t value = reg.storage == ir::kNone ? 0 : state_.get(reg.storage, index);
    value = (value & ~reg.fixed_mask) | reg.fixed;
    if (reg.computed != ir::kNone)
        value = (value & ~reg.computed_mask) | (functions_.call(reg.computed, {index}) & reg.computed_mask);
    return value;
}

void RegisterValues::write_whole(const ir::Register& reg, std::uint32_t index, std::uint64_t value) {
    if (!functions_.holds(reg.phase)) return;
    std::uint64_t before = 0;
    if (reg.storage != ir::kNone) {
        before = state_.get(reg.storage, index);
        std::uint64_t after = (before & ~reg.write.plain) | (value & reg.write.plain);
        after &= ~(value & reg.write.one_clears);
        after |= value & reg.write.one_sets;
        after &= value | ~reg.write.zero_clears;
        state_.set(reg.storage, after, index);
    }
    if (reg.on_write != ir::kNone) functions_.call(reg.on_write, {value, before, index});
}

}  // namespace nyx::dev::described
