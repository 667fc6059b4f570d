// Moves of chosen elements: MASKMOVDQU, MASKMOVQ, VMASKMOVPS and its kind, the gathers of AVX2 (SDM volume 2).
//
// Elements that are not chosen are not touched, so they cannot fault.
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/forms.h"
#include "runtime/soft/exec/vector/lower.h"
#include "runtime/soft/exec/vector/tables.h"

namespace nyx::soft {
namespace {

using u8 = std::uint8_t;

// The chosen elements of a store: faults come before anything is written.
struct MaskedStore {
    const u8* values;
    const u8* mask;  // the top bit of each element
    std::size_t bytes, element;

    bool chooses(std::size_t at) const { return (mask[at + element - 1] & 0x80) != 0; }
    std::uint64_t address(const Cpu& cpu, std::uint64_t linear, std::size_t at) const {
        return cpu.is_64() ? linear + at : (linear + at) & 0xFFFFFFFF;
    }
    bool can_write(Cpu& cpu, std::uint64_t linear) const {
        std::uint64_t page = ~std::uint64_t{0};
        for (std::size_t at = 0; at < bytes; ++at) {
            const std::uint64_t byte = address(cpu, linear, at);
            if (!chooses(at - at % element) || (byte & kPageMask) == page) continue;
            if (!cpu.translate(byte, Touch::kWrite)) return false;
            page = byte & kPageMask;
        }
        return true;
    }
    bool write(Cpu& cpu, std::uint64_t linear) const {
        if (!can_write(cpu, linear)) return false;
        for (std::size_t at = 0; at < bytes; ++at)
            if (chooses(at - at % element) && !cpu.store<u8>(address(cpu, linear, at), values[at])) return false;
        return true;
    }
};

// MASKMOVDQU, MASKMOVQ: bytes of the first register to DS:rDI, by the second.
template <Unit kUnit, class Address>
void store_bytes(Cpu& cpu, const Op* op) {
    constexpr std::size_t kBytes = kUnit == Unit::kMmx ? 8 : 16;
    if (!may_use(cpu, kUnit) || (kUnit == Unit::kMmx && !waits_for_x87(cpu))) return stop_at(cpu, op);
    const u8* file = kUnit == Unit::kMmx ? mmx_bytes(cpu) : vector_bytes(cpu);
    auto linear = Address::address(cpu, op, kBytes, Touch::kWrite);
    if (!linear || !cpu.open(*linear, kBytes)) return stop_at(cpu, op);  // all of it must be there
    if (!MaskedStore{file + op->dst, file + op->src, kBytes, 1}.write(cpu, *linear)) return stop_at(cpu, op);
    if constexpr (kUnit == Unit::kMmx) enter_mmx(cpu);
    return go_on(cpu, op);
}

template <Unit kUnit>
Run pick_store_bytes(AddressKind kind) {
    return by_address(kind, []<class Address>() -> Run { return &store_bytes<kUnit, Address>; });
}

bool lower_store_bytes(Lowering& l) {
    if (!has_known_encoding(l)) return false;
    unsigned memory = 0;
    while (memory < l.instruction.operand_count && !l.is_memory(memory)) ++memory;
    if (memory == l.instruction.operand_count) return false;
    // The operands that are named are the registers, wherever the memory stands.
    unsigned first = memory == 0 ? 1 : 0;
    l.op.dst = offset_of(l, first);
    l.op.src = offset_of(l, first + 1);
    const AddressKind kind = l.address(memory);
    if (class_of(l, first) == ZYDIS_REGCLASS_MMX)
        l.op.run = pick_store_bytes<Unit::kMmx>(kind);
    else
        l.op.run = is_vex(l) ? pick_store_bytes<Unit::kAvx>(kind) : pick_store_bytes<Unit::kSse>(kind);
    return true;
}

// VMASKMOVPS, VPMASKMOVD and the like. dst, mask: src2, memory; and memory, mask: src2, src.
template <class T, std::size_t kBytes, class Address>
[[gnu::noinline]] bool load_elements(Cpu& cpu, const Op* op) {
    auto linear = Address::address(cpu, op, kBytes, Touch::kRead);
    if (!linear) return false;
    const u8* mask = vector_bytes(cpu) + op->src2;
    std::array<u8, 32> result{};
    for (std::size_t at = 0; at < kBytes; at += sizeof(T)) {
        if ((mask[at + sizeof(T) - 1] & 0x80) == 0) continue;
        T value;
        if (!cpu.load<T>(cpu.is_64() ? *linear + at : (*linear + at) & 0xFFFFFFFF, value)) return false;
        std::memcpy(&result[at], &value, sizeof(T));
    }
    std::memcpy(vector_bytes(cpu) + op->dst, result.data(), 32);
    return true;
}
template <class T, std::size_t kBytes, class Address>
void load_masked(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kAvx) || !load_elements<T, kBytes, Address>(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}
template <class T, std::size_t kBytes, class Address>
void store_masked(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kAvx)) return stop_at(cpu, op);
    const u8* file = vector_bytes(cpu);
    auto linear = Address::address(cpu, op, kBytes, Touch::kWrite);
    if (!linear || !MaskedStore{file + op->src, file + op->src2, kBytes, sizeof(T)}.write(cpu, *linear))
        return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class T>
bool lower_masked(Lowering& l) {
    if (!is_vex(l)) return false;
    const bool is_store = l.is_memory(0);
    if (is_store)
        l.op.src = offset_of(l, 2);
    else
        l.op.dst = offset_of(l, 0);
    l.op.src2 = offset_of(l, 1);
    const bool is_whole = class_of(l, 1) == ZYDIS_REGCLASS_YMM;
    l.op.run = by_address(l.address(is_store ? 0 : 2), [&]<class Address>() -> Run {
        if (is_store) return is_whole ? &store_masked<T, 32, Address> : &store_masked<T, 16, Address>;
        return is_whole ? &load_masked<T, 32, Address> : &load_masked<T, 16, Address>;
    });
    return true;
}

// Gathers. An element that is there leaves the mask, so that after a fault the rest can follow. src: the indices,
// src2: the mask, imm8: how many elements.
template <class T, class Index, class Address>
[[gnu::noinline]] bool gather_elements(Cpu& cpu, const Op* op) {
    u8* to = vector_bytes(cpu) + op->dst;
    u8* mask = vector_bytes(cpu) + op->src2;
    for (std::size_t i = 0; i < op->imm8; ++i) {
        if ((mask[(i + 1) * sizeof(T) - 1] & 0x80) != 0) {
            Index index;
            std::memcpy(&index, vector_bytes(cpu) + op->src + i * sizeof(Index), sizeof(Index));
            Op element = *op;
            element.disp += static_cast<std::int64_t>(static_cast<std::uint64_t>(std::int64_t{index}) << op->scale);
            T value;
            if (!load<Address>(cpu, &element, value)) return false;
            std::memcpy(to + i * sizeof(T), &value, sizeof(T));
        }
        std::memset(mask + i * sizeof(T), 0, sizeof(T));
    }
    const std::size_t count = op->imm8, end = count * sizeof(T);
    std::memset(to + end, 0, 32 - end);
    std::memset(mask + end, 0, 32 - end);
    return true;
}
template <class T, class Index, class Address>
void gather(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kAvx) || !gather_elements<T, Index, Address>(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class T, class Index>
bool lower_gather(Lowering& l) {
    if (!is_vex(l)) return false;
    const ZydisRegister indices = l.operands[1].mem.index;
    const bool is_wide_index = ZydisRegisterGetClass(indices) == ZYDIS_REGCLASS_YMM;
    const std::size_t by_index = (is_wide_index ? 32u : 16u) / sizeof(Index), by_result = l.bits(0) / 8 / sizeof(T);
    l.op.imm8 = static_cast<u8>(std::min(by_index, by_result));
    l.op.dst = offset_of(l, 0);
    l.op.src =
        static_cast<std::uint16_t>(static_cast<std::size_t>(ZydisRegisterGetId(indices)) * sizeof(VectorRegister));
    l.op.src2 = offset_of(l, 2);
    if (l.op.dst == l.op.src || l.op.dst == l.op.src2 || l.op.src == l.op.src2) return false;
    l.op.run = by_address(l.address(1), []<class Address>() -> Run { return &gather<T, Index, Address>; });
    return true;
}

}  // namespace

void add_masked_moves(InstructionTable& table) {
    using std::int32_t, std::int64_t, std::uint32_t, std::uint64_t;
    for (auto mnemonic : {ZYDIS_MNEMONIC_MASKMOVQ, ZYDIS_MNEMONIC_MASKMOVDQU, ZYDIS_MNEMONIC_VMASKMOVDQU})
        table[mnemonic] = &lower_store_bytes;
    table[ZYDIS_MNEMONIC_VMASKMOVPS] = table[ZYDIS_MNEMONIC_VPMASKMOVD] = &lower_masked<uint32_t>;
    table[ZYDIS_MNEMONIC_VMASKMOVPD] = table[ZYDIS_MNEMONIC_VPMASKMOVQ] = &lower_masked<uint64_t>;
    table[ZYDIS_MNEMONIC_VGATHERDPS] = table[ZYDIS_MNEMONIC_VPGATHERDD] = &lower_gather<uint32_t, int32_t>;
    table[ZYDIS_MNEMONIC_VGATHERQPS] = table[ZYDIS_MNEMONIC_VPGATHERQD] = &lower_gather<uint32_t, int64_t>;
    table[ZYDIS_MNEMONIC_VGATHERDPD] = table[ZYDIS_MNEMONIC_VPGATHERDQ] = &lower_gather<uint64_t, int32_t>;
    table[ZYDIS_MNEMONIC_VGATHERQPD] = table[ZYDIS_MNEMONIC_VPGATHERQQ] = &lower_gather<uint64_t, int64_t>;
}

}  // namespace nyx::soft
