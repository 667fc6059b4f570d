// How vector instructions reach their operands, and what surrounds a kernel: the check of the unit, the read of memory,
// MXCSR, the upper half of the result.
//
// In an Op: imm is the kernel; dst, src2 and src are byte offsets of the result, of a and of b in their register files;
// imm8 is the immediate; `detail` is a Detail.
#pragma once

#include "runtime/soft/access.h"
#include "runtime/soft/exec/vector/kernel.h"
#include "runtime/soft/exec/vector/mxcsr.h"
#include "runtime/soft/exec/vector/units.h"

namespace nyx::soft {

// What Op::detail holds: two bits each for the unit, three for Halves::step and Halves::shift.
struct Detail {
    static constexpr std::array<std::uint8_t, 5> kSteps{16, 8, 4, 2, 0};
    static constexpr std::array<std::uint8_t, 4> kShifts{0, 2, 3, 4};
    static constexpr unsigned kThird = 4;  // in place of a shift: imm8 is the number of a third source
    static constexpr unsigned kSseAndMmx = 3;

    static unsigned unit(const Op* op) { return op->detail >> 6; }
    static std::uint8_t step(const Op* op) { return kSteps[op->detail & 7]; }
    static unsigned shift_code(const Op* op) { return (op->detail >> 3) & 7; }
};

inline bool enter(Cpu& cpu, const Op* op) {
    unsigned unit = Detail::unit(op);
    if (unit <= static_cast<unsigned>(Unit::kAvx)) return may_use(cpu, static_cast<Unit>(unit));
    if (unit == Detail::kSseAndMmx && !may_use(cpu, Unit::kSse)) return false;
    return may_use(cpu, Unit::kMmx) && waits_for_x87(cpu);
}

inline Kernel kernel_of(const Op* op) {
    return reinterpret_cast<Kernel>(op->imm);
}
inline std::uint64_t extra_of(Cpu& cpu, const Op* op) {
    if (Detail::shift_code(op) != Detail::kThird) return op->imm8;
    return reinterpret_cast<std::uint64_t>(cpu.vector.ymm[op->imm8].bytes.data());
}

// -- where b is; null: raised --
using Source = const std::uint8_t* (*)(Cpu&, const Op*);

inline const std::uint8_t* vector_register(Cpu& cpu, const Op* op) {
    return vector_bytes(cpu) + op->src;
}
inline const std::uint8_t* general_register(Cpu& cpu, const Op* op) {
    return general_bytes(cpu) + op->src;
}
inline const std::uint8_t* mmx_register(Cpu& cpu, const Op* op) {
    enter_mmx(cpu);
    return mmx_bytes(cpu) + op->src;
}
// A shift's count as an immediate.
inline const std::uint8_t* immediate_count(Cpu& cpu, const Op* op) {
    std::array<std::uint64_t, 2> count{op->imm8, 0};
    std::memcpy(cpu.scratch.operand.data(), count.data(), 16);
    return cpu.scratch.operand.data();
}
template <std::size_t kBytes, class Address, bool kAligned>
[[gnu::noinline]] const std::uint8_t* memory_operand(Cpu& cpu, const Op* op) {
    using Bytes = std::array<std::uint8_t, kBytes>;
    auto linear = Address::address(cpu, op, kBytes, Touch::kRead);
    if (!linear) return nullptr;
    if (kAligned && *linear % kBytes != 0) {
        cpu.raise(kGeneralProtection, 0);
        return nullptr;
    }
    auto* at = cpu.scratch.operand.data();
    return cpu.load(*linear, *reinterpret_cast<Bytes*>(at)) ? at : nullptr;
}

// -- where the result goes; save() and restore() are for exceptions that come after the kernel --
struct ToLegacy {
    using Saved = VectorRegister;
    static std::uint8_t* at(Cpu& cpu, const Op* op) { return vector_bytes(cpu) + op->dst; }
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        kernel_of(op)(at(cpu, op), vector_bytes(cpu) + op->src2, b, extra_of(cpu, op));
    }
    static Saved save(Cpu& cpu, const Op* op) { return *reinterpret_cast<VectorRegister*>(at(cpu, op)); }
    static void restore(Cpu& cpu, const Op* op, const Saved& saved) {
        *reinterpret_cast<VectorRegister*>(at(cpu, op)) = saved;
    }
};
struct ToVex : ToLegacy {
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        ToLegacy::apply(cpu, op, b);
        std::memset(at(cpu, op) + 16, 0, 16);
    }
};
// The upper half first: the lower half of b may be the result and the source of both.
struct ToYmm : ToLegacy {
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        const Kernel kernel = kernel_of(op);
        std::uint8_t* to = at(cpu, op);
        const std::uint8_t* a = vector_bytes(cpu) + op->src2;
        const std::uint64_t extra = extra_of(cpu, op);
        const unsigned code = Detail::shift_code(op);
        kernel(to + 16, a + 16, b + Detail::step(op),
               code == Detail::kThird ? extra + 16 : extra >> Detail::kShifts[code]);
        kernel(to, a, b, extra);
    }
};
// All 32 bytes by one call.
struct ToWhole : ToLegacy {};
struct ToGeneral {
    using Saved = std::uint64_t;
    static std::uint8_t* at(Cpu& cpu, const Op* op) { return general_bytes(cpu) + op->dst; }
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        kernel_of(op)(at(cpu, op), b, b, extra_of(cpu, op));
    }
    static Saved save(Cpu& cpu, const Op* op) { return get<std::uint64_t>(cpu, op->dst); }
    static void restore(Cpu& cpu, const Op* op, Saved saved) { set<std::uint64_t>(cpu, op->dst, saved); }
};
struct ToFlags {
    using Saved = LazyFlags;
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        kernel_of(op)(cpu.scratch.result.data(), vector_bytes(cpu) + op->src2, b, extra_of(cpu, op));
        std::uint64_t flags;
        std::memcpy(&flags, cpu.scratch.result.data(), sizeof(flags));
        cpu.flags.store(flags);
    }
    static Saved save(Cpu& cpu, const Op*) { return cpu.flags; }
    static void restore(Cpu& cpu, const Op*, const Saved& saved) { cpu.flags = saved; }
};
// The upper bits of the x87 register are set (SDM volume 1, §9.2.2).
struct ToMmx {
    using Saved = X87State;
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        std::uint8_t* at = mmx_bytes(cpu) + op->dst;
        kernel_of(op)(at, mmx_bytes(cpu) + op->src2, b, extra_of(cpu, op));
        at[8] = at[9] = 0xFF;
        enter_mmx(cpu);
    }
    static Saved save(Cpu& cpu, const Op*) { return cpu.x87; }
    // The change to MMX stays (which the manual leaves open).
    static void restore(Cpu& cpu, const Op*, const Saved& saved) {
        cpu.x87 = saved;
        enter_mmx(cpu);
    }
};
// On its way to memory.
struct ToScratch {
    struct Saved {};
    static void apply(Cpu& cpu, const Op* op, const std::uint8_t* b) {
        kernel_of(op)(cpu.scratch.result.data(), b, b, extra_of(cpu, op));
    }
    static Saved save(Cpu&, const Op*) { return {}; }
    static void restore(Cpu&, const Op*, Saved) {}
};

// -- MXCSR (SDM volume 1, §11.5) --
// With a control of the guest's own, or with unmasked exceptions. Those of the operands (invalid, denormal, divide by
// zero) prevent those of the result; whatever is unmasked leaves the destination alone, with its flag set. Underflow
// that is unmasked should also report results that are tiny but exact; the host's masked operation does not tell, so
// these go unreported.
template <class To>
[[gnu::noinline]] bool round_with_control(Cpu& cpu, const Op* op, const std::uint8_t* b) {
    const std::uint32_t guest = mxcsr(cpu);
    auto saved = To::save(cpu, op);
    _mm_setcsr((guest | kMxcsrMasks) & ~kMxcsrFlags);
    To::apply(cpu, op, b);
    std::uint32_t raised = _mm_getcsr() & kMxcsrFlags;
    _mm_setcsr(kHostMxcsr);
    const std::uint32_t enabled = ~(guest >> 7) & kMxcsrFlags;
    constexpr std::uint32_t kOfOperands = 7;
    if ((raised & enabled & kOfOperands) != 0) raised &= kOfOperands;
    cpu.vector.mxcsr = guest | raised;
    if ((raised & enabled) == 0) return true;
    To::restore(cpu, op, saved);
    cpu.raise((cpu.control.cr4 & kCr4Osxmmexcpt) != 0 ? kSimdError : kInvalidOpcode);
    return false;
}

// As long as the guest's control is the default one the host's is the same, and the flags wait there.
template <class To>
bool apply_rounding(Cpu& cpu, const Op* op, const std::uint8_t* b) {
    if ((cpu.vector.mxcsr & ~kMxcsrFlags) != kHostMxcsr) [[unlikely]]
        return round_with_control<To>(cpu, op, b);
    To::apply(cpu, op, b);
    return true;
}

// -- instructions --
template <class To, bool kRounding, Source kSource>
void vector_op(Cpu& cpu, const Op* op) {
    if (!enter(cpu, op)) return stop_at(cpu, op);
    const std::uint8_t* b = kSource(cpu, op);
    if (b == nullptr) return stop_at(cpu, op);
    if constexpr (kRounding) {
        if (!apply_rounding<To>(cpu, op, b)) return stop_at(cpu, op);
    } else {
        To::apply(cpu, op, b);
    }
    return go_on(cpu, op);
}

// The result, or the first bytes of it, go to memory.
template <std::size_t kBytes, class Address, bool kIsMmx>
void vector_to_memory(Cpu& cpu, const Op* op) {
    if (!enter(cpu, op)) return stop_at(cpu, op);
    ToScratch::apply(cpu, op, (kIsMmx ? mmx_bytes(cpu) : vector_bytes(cpu)) + op->src);
    std::array<std::uint8_t, kBytes> result;
    std::memcpy(result.data(), cpu.scratch.result.data(), kBytes);
    if (!store<Address>(cpu, op, result)) return stop_at(cpu, op);
    if constexpr (kIsMmx) enter_mmx(cpu);
    return go_on(cpu, op);
}

// The same with MXCSR, whose exceptions come after those of memory.
template <std::size_t kBytes, class Address>
void rounded_to_memory(Cpu& cpu, const Op* op) {
    if (!enter(cpu, op)) return stop_at(cpu, op);
    auto linear = Address::address(cpu, op, kBytes, Touch::kWrite);
    if (!linear || !cpu.open(*linear, kBytes)) return stop_at(cpu, op);
    if (!apply_rounding<ToScratch>(cpu, op, vector_bytes(cpu) + op->src)) return stop_at(cpu, op);
    std::memcpy(cpu.slow_value(), cpu.scratch.result.data(), kBytes);
    cpu.close(kBytes);
    return go_on(cpu, op);
}

}  // namespace nyx::soft
