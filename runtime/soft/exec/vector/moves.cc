// Moves of vectors and of parts of them (SDM volume 2: MOVAPS to VMOVUPD). Non-temporal ones are ordinary here.
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/forms.h"
#include "runtime/soft/exec/vector/lower.h"
#include "runtime/soft/exec/vector/tables.h"

namespace nyx::soft {
namespace {

using u8 = std::uint8_t;
template <std::size_t kBytes>
using Bytes = std::array<u8, kBytes>;

// -- whole registers: kBytes 16 or 32, without a kernel since they are frequent --
template <Unit kUnit, std::size_t kBytes>
void move_vector(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, kUnit)) return stop_at(cpu, op);
    u8* to = vector_bytes(cpu) + op->dst;
    std::memmove(to, vector_bytes(cpu) + op->src, kBytes);
    if constexpr (kUnit == Unit::kAvx && kBytes == 16) std::memset(to + 16, 0, 16);
    return go_on(cpu, op);
}

template <std::size_t kBytes, class Address, bool kAligned>
std::optional<std::uint64_t> vector_address(Cpu& cpu, const Op* op, Touch touch) {
    auto linear = Address::address(cpu, op, kBytes, touch);
    if constexpr (kAligned) {
        if (linear && *linear % kBytes != 0) {
            cpu.raise(kGeneralProtection, 0);
            return std::nullopt;
        }
    }
    return linear;
}

template <Unit kUnit, std::size_t kBytes, class Address, bool kAligned>
void load_vector(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, kUnit)) return stop_at(cpu, op);
    auto linear = vector_address<kBytes, Address, kAligned>(cpu, op, Touch::kRead);
    u8* to = vector_bytes(cpu) + op->dst;
    if (!linear || !cpu.load(*linear, *reinterpret_cast<Bytes<kBytes>*>(to))) return stop_at(cpu, op);
    if constexpr (kUnit == Unit::kAvx && kBytes == 16) std::memset(to + 16, 0, 16);
    return go_on(cpu, op);
}

template <Unit kUnit, std::size_t kBytes, class Address, bool kAligned>
void store_vector(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, kUnit)) return stop_at(cpu, op);
    auto linear = vector_address<kBytes, Address, kAligned>(cpu, op, Touch::kWrite);
    if (!linear) return stop_at(cpu, op);
    Bytes<kBytes> value;
    std::memcpy(value.data(), vector_bytes(cpu) + op->src, kBytes);
    if (!cpu.store(*linear, value)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <Unit kUnit, std::size_t kBytes, bool kAligned>
Run pick_whole(Lowering& l) {
    const unsigned memory = l.is_memory(0) ? 0 : 1;
    if (l.is_register(0)) l.op.dst = offset_of(l, 0);
    if (l.is_register(1)) l.op.src = offset_of(l, 1);
    if (!l.is_memory(memory)) return &move_vector<kUnit, kBytes>;
    return by_address(l.address(memory), [&]<class Address>() -> Run {
        if (memory == 0) return &store_vector<kUnit, kBytes, Address, kAligned>;
        return &load_vector<kUnit, kBytes, Address, kAligned>;
    });
}

template <bool kAligned>
bool lower_whole(Lowering& l) {
    if (!has_known_encoding(l)) return false;
    if (class_of(l, l.is_register(0) ? 0 : 1) == ZYDIS_REGCLASS_YMM)
        l.op.run = pick_whole<Unit::kAvx, 32, kAligned>(l);
    else
        l.op.run = is_vex(l) ? pick_whole<Unit::kAvx, 16, kAligned>(l) : pick_whole<Unit::kSse, 16, kAligned>(l);
    return l.op.run != nullptr;
}

// -- parts: kBytes of b, at kTo of the result --
// What is left of the result is a.
template <std::size_t kBytes, std::size_t kTo = 0, std::size_t kFrom = 0>
void merge(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<u8> to(a);
    std::memcpy(&to[kTo], b + kFrom, kBytes);
    to.store(dst);
}
// What is left of the result is zero.
template <std::size_t kBytes>
void extend(u8* dst, const u8*, const u8* b, std::uint64_t) {
    Lanes<u8> to;
    std::memcpy(&to[0], b, kBytes);
    to.store(dst);
}
// The result is eight bytes, of which kBytes count.
template <std::size_t kBytes, std::size_t kFrom = 0>
void part(u8* dst, const u8*, const u8* b, std::uint64_t) {
    std::uint64_t value = 0;
    std::memcpy(&value, b + kFrom, kBytes);
    std::memcpy(dst, &value, sizeof(value));
}

template <Kernel kKernel>
bool with_kernel(Lowering& l) {
    static constexpr VectorLine kLine{.kernel = kKernel, .traits = kUnaligned};
    return lower_vector(l, kLine);
}
template <Kernel kKernel>
bool with_mmx_kernel(Lowering& l) {
    static constexpr VectorLine kLine{.mmx = kKernel};
    return lower_vector(l, kLine);
}

// MOVSS, MOVSD: registers merge, loads extend.
template <std::size_t kBytes>
bool lower_scalar(Lowering& l) {
    if (l.is_memory(0)) return with_kernel<&part<kBytes>>(l);
    return l.is_memory(1) ? with_kernel<&extend<kBytes>>(l) : with_kernel<&merge<kBytes>>(l);
}
// MOVLPS, MOVLPD.
bool lower_low(Lowering& l) {
    return l.is_memory(0) ? with_kernel<&part<8>>(l) : with_kernel<&merge<8>>(l);
}
bool lower_high(Lowering& l) {
    return l.is_memory(0) ? with_kernel<&part<8, 8>>(l) : with_kernel<&merge<8, 8>>(l);
}
// MOVD and MOVQ, between any two of vector, MMX, general registers and memory.
bool lower_doubleword(Lowering& l) {
    const unsigned bits = std::min(l.bits(0), l.bits(1));
    const bool is_mmx = class_of(l, 0) == ZYDIS_REGCLASS_MMX || class_of(l, 1) == ZYDIS_REGCLASS_MMX;
    if (is_mmx) return bits == 32 ? with_mmx_kernel<&part<4>>(l) : with_mmx_kernel<&part<8>>(l);
    if (class_of(l, 0) == ZYDIS_REGCLASS_XMM)
        return bits == 32 ? with_kernel<&extend<4>>(l) : with_kernel<&extend<8>>(l);
    return bits == 32 ? with_kernel<&part<4>>(l) : with_kernel<&part<8>>(l);
}

// MOVNTQ.
bool lower_quadword_mmx(Lowering& l) {
    return with_mmx_kernel<&part<8>>(l);
}

struct Both {
    ZydisMnemonic legacy, vex;
    Lower lower;
};
constexpr ZydisMnemonic kNone = ZYDIS_MNEMONIC_INVALID;
#define NYX_MOVE(NAME, lower)                                \
    Both {                                                   \
        ZYDIS_MNEMONIC_##NAME, ZYDIS_MNEMONIC_V##NAME, lower \
    }
constexpr Both kMoves[] = {
    NYX_MOVE(MOVAPS, &lower_whole<true>),
    NYX_MOVE(MOVAPD, &lower_whole<true>),
    NYX_MOVE(MOVDQA, &lower_whole<true>),
    NYX_MOVE(MOVNTPS, &lower_whole<true>),
    NYX_MOVE(MOVNTPD, &lower_whole<true>),
    NYX_MOVE(MOVNTDQ, &lower_whole<true>),
    NYX_MOVE(MOVNTDQA, &lower_whole<true>),
    NYX_MOVE(MOVUPS, &lower_whole<false>),
    NYX_MOVE(MOVUPD, &lower_whole<false>),
    NYX_MOVE(MOVDQU, &lower_whole<false>),
    NYX_MOVE(LDDQU, &lower_whole<false>),
    NYX_MOVE(MOVSS, &lower_scalar<4>),
    NYX_MOVE(MOVSD, &lower_scalar<8>),
    NYX_MOVE(MOVLPS, &lower_low),
    NYX_MOVE(MOVLPD, &lower_low),
    NYX_MOVE(MOVHPS, &lower_high),
    NYX_MOVE(MOVHPD, &lower_high),
    NYX_MOVE(MOVHLPS, (&with_kernel<&merge<8, 0, 8>>)),
    NYX_MOVE(MOVLHPS, (&with_kernel<&merge<8, 8, 0>>)),
    NYX_MOVE(MOVD, &lower_doubleword),
    NYX_MOVE(MOVQ, &lower_doubleword),
    Both{ZYDIS_MNEMONIC_MOVNTQ, kNone, &lower_quadword_mmx},
};

}  // namespace

void add_vector_moves(InstructionTable& table) {
    for (const Both& move : kMoves) {
        if (move.vex != kNone) table[move.vex] = move.lower;
        table[move.legacy] = move.lower;
    }
}

}  // namespace nyx::soft
