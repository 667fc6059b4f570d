// Whether the guest may use the unit that an instruction belongs to, before anything else of it happens.
#pragma once

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// False: raised.
inline bool may_use(Cpu& cpu, Unit unit) {
    std::uint8_t fault = cpu.unit_fault[static_cast<std::size_t>(unit)];
    if (fault == 0) [[likely]]
        return true;
    cpu.raise(static_cast<Vector>(fault));
    return false;
}

// An unmasked x87 exception waits for the next instruction that looks (SDM volume 1, §8.7).
inline bool has_pending_x87(const Cpu& cpu) {
    return (cpu.x87.status & ~cpu.x87.control & 0x3F) != 0;
}
// Without CR0.NE the processor asks for IRQ 13 through a pin and waits; we have no such pin, and go on.
inline bool waits_for_x87(Cpu& cpu) {
    if (!has_pending_x87(cpu) || (cpu.control.cr0 & kCr0Ne) == 0) [[likely]]
        return true;
    cpu.raise(kX87Error);
    return false;
}

// Every MMX instruction but EMMS makes all x87 registers valid and the first one the top (SDM volume 1, §9.5.1).
inline void enter_mmx(Cpu& cpu) {
    cpu.x87.top = 0;
    cpu.x87.in_use = 0xFF;
}

inline std::uint8_t* vector_bytes(Cpu& cpu) {
    return cpu.vector.ymm[0].bytes.data();
}
inline std::uint8_t* mmx_bytes(Cpu& cpu) {
    return cpu.x87.registers[0].bytes.data();
}
inline std::uint8_t* general_bytes(Cpu& cpu) {
    return reinterpret_cast<std::uint8_t*>(cpu.gpr.data());
}

}  // namespace nyx::soft
