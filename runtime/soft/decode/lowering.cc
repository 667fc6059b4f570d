#include "runtime/soft/decode/lowering.h"

namespace nyx::soft {

std::uint8_t general_number(ZydisRegister reg) {
    if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH) return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_AH);
    if (reg >= ZYDIS_REGISTER_AL && reg <= ZYDIS_REGISTER_BL) return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_AL);
    if (reg >= ZYDIS_REGISTER_SPL && reg <= ZYDIS_REGISTER_R15B)
        return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_SPL + kRsp);
    if (reg >= ZYDIS_REGISTER_AX && reg <= ZYDIS_REGISTER_R15W)
        return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_AX);
    if (reg >= ZYDIS_REGISTER_EAX && reg <= ZYDIS_REGISTER_R15D)
        return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_EAX);
    if (reg >= ZYDIS_REGISTER_RAX && reg <= ZYDIS_REGISTER_R15)
        return static_cast<std::uint8_t>(reg - ZYDIS_REGISTER_RAX);
    return kZeroRegister;
}

std::uint16_t general_offset(ZydisRegister reg) {
    bool is_high = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;
    return static_cast<std::uint16_t>(general_number(reg) * 8 + (is_high ? 1 : 0));
}

std::uint16_t Lowering::general(unsigned operand) const {
    return general_offset(operands[operand].reg.value);
}

std::uint64_t Lowering::target() const {
    std::uint64_t next = rip + instruction.length;
    std::uint64_t mask = ip_mask();
    if (mode.code_bits != 64 && instruction.operand_width == 16) mask = 0xFFFF;
    return (next + operands[0].imm.value.u) & mask;
}

std::optional<std::uint8_t> segment_of(ZydisRegister reg) {
    switch (reg) {
        case ZYDIS_REGISTER_ES:
            return kEs;
        case ZYDIS_REGISTER_CS:
            return kCs;
        case ZYDIS_REGISTER_SS:
            return kSs;
        case ZYDIS_REGISTER_DS:
            return kDs;
        case ZYDIS_REGISTER_FS:
            return kFs;
        case ZYDIS_REGISTER_GS:
            return kGs;
        default:
            return std::nullopt;
    }
}

AddressKind Lowering::address(unsigned operand) {
    const ZydisDecodedOperandMem& memory = operands[operand].mem;
    op.segment = segment_of(memory.segment).value_or(kDs);
    op.address_bits = instruction.address_width;
    op.index = general_number(memory.index);
    op.scale = static_cast<std::uint8_t>(memory.scale == 8 ? 3 : memory.scale == 4 ? 2 : memory.scale == 2 ? 1 : 0);
    op.disp = memory.disp.has_displacement ? memory.disp.value : 0;
    if (memory.base == ZYDIS_REGISTER_RIP || memory.base == ZYDIS_REGISTER_EIP) {
        op.base = kZeroRegister;
        op.disp += static_cast<std::int64_t>(rip + instruction.length);
    } else {
        op.base = general_number(memory.base);
    }
    // Zydis 4.0.0 takes R13 for the base where REX.B is set and there is none, only a displacement (SDM volume 2, table
    // 2-5: B does not take part in this).
    const auto& raw = instruction.raw;
    if (instruction.address_width != 16 && raw.modrm.mod == 0 && raw.modrm.rm == 4 && raw.sib.base == 5) {
        op.base = kZeroRegister;
        op.disp = raw.disp.value;
    }
    bool has_base = op.segment == kFs || op.segment == kGs;
    if (mode.code_bits == 64 && !has_base)
        return instruction.address_width == 64 ? AddressKind::kFlat : AddressKind::kFlat32;
    if (mode.is_flat && !has_base && op.segment != kCs && instruction.address_width == 32) return AddressKind::kFlat32;
    return AddressKind::kSegmented;
}

}  // namespace nyx::soft
