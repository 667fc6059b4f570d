#include "runtime/soft/decode/decoder.h"

#include <utility>

#include "runtime/base/check.h"
#include "runtime/soft/decode/lowering.h"
#include "runtime/soft/go_on.h"

namespace nyx::soft {
namespace {

void invalid_opcode(Cpu& cpu, const Op* op) {
    cpu.raise(kInvalidOpcode);
    return stop_at(cpu, op);
}

void too_long(Cpu& cpu, const Op* op) {
    cpu.raise(kGeneralProtection, 0);
    return stop_at(cpu, op);
}

void end_block(Cpu& cpu, const Op* op) {
    return cpu.go_to<1>(op->imm, op);
}

// Of every code mode, with and without LZCNT and TZCNT. Of MPX and CET only the encodings remain, which do nothing.
class Decoders {
  public:
    Decoders() {
        for (unsigned which = 0; which < decoders_.size(); ++which)
            decoders_[which] = make(which / 4, (which & 1) != 0, (which & 2) != 0);
    }
    const ZydisDecoder& of(CodeMode mode, const Offer& offer) const {
        unsigned kind = mode.code_bits == 64 ? 0 : mode.code_bits == 32 ? 1 : mode.is_protected ? 2 : 3;
        return decoders_[kind * 4 + (offer.lzcnt ? 1 : 0) + (offer.tzcnt ? 2 : 0)];
    }

  private:
    static ZydisDecoder make(unsigned kind, bool lzcnt, bool tzcnt) {
        constexpr std::array<ZydisMachineMode, 4> kModes{ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_MACHINE_MODE_LEGACY_32,
                                                         ZYDIS_MACHINE_MODE_LEGACY_16, ZYDIS_MACHINE_MODE_REAL_16};
        constexpr std::array<ZydisStackWidth, 4> kWidths{ZYDIS_STACK_WIDTH_64, ZYDIS_STACK_WIDTH_32,
                                                         ZYDIS_STACK_WIDTH_16, ZYDIS_STACK_WIDTH_16};
        ZydisDecoder decoder;
        bool ok = ZYAN_SUCCESS(ZydisDecoderInit(&decoder, kModes.at(kind), kWidths.at(kind)));
        auto enable = [&](ZydisDecoderMode what, bool is_enabled) {
            ok = ok && ZYAN_SUCCESS(ZydisDecoderEnableMode(&decoder, what, is_enabled ? ZYAN_TRUE : ZYAN_FALSE));
        };
        enable(ZYDIS_DECODER_MODE_LZCNT, lzcnt);
        enable(ZYDIS_DECODER_MODE_TZCNT, tzcnt);
        enable(ZYDIS_DECODER_MODE_MPX, false);
        enable(ZYDIS_DECODER_MODE_CET, false);
        NYX_CHECK(ok, "Zydis");
        return decoder;
    }

    std::array<ZydisDecoder, 16> decoders_;
};

InstructionTable make_table() {
    InstructionTable table;
    add_arithmetic(table);
    add_moves(table);
    add_branches(table);
    add_vectors(table);
    add_x87(table);
    add_shifts(table);
    add_multiply(table);
    add_bits(table);
    add_bit_fields(table);
    add_exchange(table);
    add_conditions(table);
    add_conversions(table);
    add_stack(table);
    add_decimal(table);
    add_interrupts(table);
    add_segments(table);
    add_descriptor_tables(table);
    add_control(table);
    add_processor(table);
    add_system_calls(table);
    add_system_flags(table);
    add_ports(table);
    return table;
}

// MOVSD and CMPSD are each the name of a string instruction and of one of SSE2.
InstructionTable make_string_table() {
    InstructionTable table;
    add_strings(table);
    return table;
}

Decoded wrong(Run run, std::size_t length, Op& op) {
    op = {};
    op.run = run;
    op.length = static_cast<std::uint8_t>(length);
    return Decoded::kEndsBlock;
}

}  // namespace

Op end_of_block(std::uint64_t rip) {
    Op op;
    op.run = &end_block;
    op.imm = rip;
    return op;
}

Decoded decode(std::span<const std::uint8_t> bytes, std::uint64_t rip, CodeMode mode, const Offer& offer, Op& op) {
    Pair alone;
    return decode(bytes, rip, mode, offer, op, alone);
}

Decoded decode(std::span<const std::uint8_t> bytes, std::uint64_t rip, CodeMode mode, const Offer& offer, Op& op,
               Pair& pair) {
    static const Decoders kDecoders;
    static const InstructionTable kTable = make_table(), kStrings = make_string_table();
    ZydisDecodedInstruction instruction;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    ZyanStatus status =
        ZydisDecoderDecodeFull(&kDecoders.of(mode, offer), bytes.data(), bytes.size(), &instruction, operands.data());
    if (status == ZYDIS_STATUS_NO_MORE_DATA && bytes.size() < kLongestInstruction) return Decoded::kTooShort;
    if (status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG) return wrong(&too_long, 1, op);
    if (!ZYAN_SUCCESS(status)) return wrong(&invalid_opcode, 1, op);
    Lowering lowering{instruction, operands.data(), mode, rip, {}, false, std::exchange(pair, {}).comparison,
                      {},          nullptr};
    lowering.op.length = instruction.length;
    lowering.op.base = lowering.op.index = kZeroRegister;
    bool is_string = instruction.meta.category == ZYDIS_CATEGORY_STRINGOP;
    Lower lower = (is_string ? kStrings : kTable)[instruction.mnemonic];
    if (offer.missing[instruction.meta.isa_set]) lower = nullptr;
    if (lower == nullptr || !lower(lowering)) return wrong(&invalid_opcode, instruction.length, op);
    op = lowering.op;
    pair = {lowering.comparison, lowering.run_before};
    return lowering.ends_block ? Decoded::kEndsBlock : Decoded::kGoesOn;
}

}  // namespace nyx::soft
