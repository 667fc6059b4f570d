#include "runtime/soft/exec/system.h"

namespace nyx::soft {

namespace {

bool is_memory(const Op* op) {
    return (op->scale & kIsMemory) != 0;
}

template <class T>
std::optional<std::uint64_t> read_sized(Cpu& cpu, const Op* op) {
    if (!is_memory(op)) return get<T>(cpu, op->src);
    auto linear = operand_address(cpu, op, 0, sizeof(T), Touch::kRead);
    T value = 0;
    if (!linear || !cpu.load(*linear, value)) return std::nullopt;
    return value;
}

}  // namespace

void take_operand(Lowering& l, unsigned operand) {
    if (l.is_memory(operand)) {
        l.address(operand);
        l.op.scale = static_cast<std::uint8_t>(l.op.scale | kIsMemory);
    } else {
        l.op.src = l.general(operand);
    }
}

std::optional<std::uint64_t> operand_address(Cpu& cpu, const Op* op, std::uint64_t offset, unsigned size, Touch touch) {
    std::uint64_t at =
        cpu.gpr[op->base] + (cpu.gpr[op->index] << (op->scale & 3u)) + static_cast<std::uint64_t>(op->disp) + offset;
    if (op->address_bits != 64) at &= (std::uint64_t{1} << op->address_bits) - 1;
    return cpu.linear_address(op->segment, at, size, touch);
}

std::optional<std::uint64_t> read_operand(Cpu& cpu, const Op* op, unsigned size) {
    switch (size) {
        case 1:
            return read_sized<std::uint8_t>(cpu, op);
        case 2:
            return read_sized<std::uint16_t>(cpu, op);
        case 4:
            return read_sized<std::uint32_t>(cpu, op);
        default:
            return read_sized<std::uint64_t>(cpu, op);
    }
}

bool write_operand(Cpu& cpu, const Op* op, std::uint64_t value, unsigned register_size, unsigned memory_size) {
    if (is_memory(op)) {
        auto linear = operand_address(cpu, op, 0, memory_size, Touch::kWrite);
        if (!linear) return false;
        return memory_size == 2 ? cpu.store(*linear, static_cast<std::uint16_t>(value))
                                : cpu.store(*linear, static_cast<std::uint32_t>(value));
    }
    if (register_size == 2) set<std::uint16_t>(cpu, op->src, static_cast<std::uint16_t>(value));
    if (register_size == 4) set<std::uint32_t>(cpu, op->src, static_cast<std::uint32_t>(value));
    if (register_size == 8) set<std::uint64_t>(cpu, op->src, value);
    return true;
}

}  // namespace nyx::soft
