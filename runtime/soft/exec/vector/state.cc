// LDMXCSR, STMXCSR, VZEROALL, VZEROUPPER, EMMS (SDM volume 2).
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/forms.h"
#include "runtime/soft/exec/vector/lower.h"
#include "runtime/soft/exec/vector/tables.h"

namespace nyx::soft {
namespace {

template <Unit kUnit, class Address>
void load_mxcsr(Cpu& cpu, const Op* op) {
    std::uint32_t value;
    if (!may_use(cpu, kUnit) || !load<Address>(cpu, op, value)) return stop_at(cpu, op);
    if ((value & ~kMxcsrValid) != 0) {
        cpu.raise(kGeneralProtection, 0);
        return stop_at(cpu, op);
    }
    set_mxcsr(cpu, value);
    return go_on(cpu, op);
}

template <Unit kUnit, class Address>
void store_mxcsr(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, kUnit) || !store<Address>(cpu, op, mxcsr(cpu))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

bool lower_load_mxcsr(Lowering& l) {
    l.op.run = by_address(l.address(0), [&]<class Address>() -> Run {
        return is_vex(l) ? &load_mxcsr<Unit::kAvx, Address> : &load_mxcsr<Unit::kSse, Address>;
    });
    return true;
}
bool lower_store_mxcsr(Lowering& l) {
    l.op.run = by_address(l.address(0), [&]<class Address>() -> Run {
        return is_vex(l) ? &store_mxcsr<Unit::kAvx, Address> : &store_mxcsr<Unit::kSse, Address>;
    });
    return true;
}

// Outside of 64-bit code there are only eight registers to clear (SDM volume 2, VZEROALL).
template <std::size_t kFrom>
void clear_registers(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kAvx)) return stop_at(cpu, op);
    const std::size_t count = cpu.is_64() ? 16 : 8;
    for (std::size_t i = 0; i < count; ++i) std::memset(&cpu.vector.ymm[i].bytes[kFrom], 0, 32 - kFrom);
    return go_on(cpu, op);
}
template <std::size_t kFrom>
bool lower_clear(Lowering& l) {
    l.op.run = &clear_registers<kFrom>;
    return is_vex(l);
}

void empty_mmx(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kMmx) || !waits_for_x87(cpu)) return stop_at(cpu, op);
    cpu.x87.top = 0;
    cpu.x87.in_use = 0;
    return go_on(cpu, op);
}
bool lower_empty_mmx(Lowering& l) {
    l.op.run = &empty_mmx;
    return true;
}

}  // namespace

void add_vector_state(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_LDMXCSR] = table[ZYDIS_MNEMONIC_VLDMXCSR] = &lower_load_mxcsr;
    table[ZYDIS_MNEMONIC_STMXCSR] = table[ZYDIS_MNEMONIC_VSTMXCSR] = &lower_store_mxcsr;
    table[ZYDIS_MNEMONIC_VZEROALL] = &lower_clear<0>;
    table[ZYDIS_MNEMONIC_VZEROUPPER] = &lower_clear<16>;
    table[ZYDIS_MNEMONIC_EMMS] = &lower_empty_mmx;
}

}  // namespace nyx::soft
