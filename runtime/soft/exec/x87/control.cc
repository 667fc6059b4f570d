// FLDCW, FNSTCW, FNSTSW, FNINIT, FNCLEX, FWAIT, FNSTENV, FLDENV, FNSAVE, FRSTOR (SDM volume 2).
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/units.h"
#include "runtime/soft/exec/x87/environment.h"
#include "runtime/soft/exec/x87/memory.h"
#include "runtime/soft/exec/x87/tables.h"

namespace nyx::soft {
namespace {

template <class Address>
void load_control_word(Cpu& cpu, const Op* op) {
    std::uint16_t word;
    if (!may_use(cpu, Unit::kX87) || !waits_for_x87(cpu) || !load<Address>(cpu, op, word)) return stop_at(cpu, op);
    cpu.x87.control = static_cast<std::uint16_t>((word & 0x1F7F) | 0x40);
    summarize_x87(cpu.x87);
    return go_on(cpu, op);
}
template <class Address>
void store_control_word(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87) || !store<Address>(cpu, op, cpu.x87.control)) return stop_at(cpu, op);
    return go_on(cpu, op);
}
template <class Address>
void store_status_word(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87) || !store<Address>(cpu, op, x87_status_word(cpu.x87))) return stop_at(cpu, op);
    return go_on(cpu, op);
}
void status_word_to_ax(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87)) return stop_at(cpu, op);
    set<std::uint16_t>(cpu, kRax * 8, x87_status_word(cpu.x87));
    return go_on(cpu, op);
}
void initialize(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87)) return stop_at(cpu, op);
    initialize_x87(cpu.x87);
    return go_on(cpu, op);
}
void clear_exceptions(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87)) return stop_at(cpu, op);
    cpu.x87.status &= static_cast<std::uint16_t>(~(kX87Flags | kX87StackFault | kX87Summary | kX87Busy));
    return go_on(cpu, op);
}
void wait(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kWait) || !waits_for_x87(cpu)) return stop_at(cpu, op);
    return go_on(cpu, op);
}
// What is left of the coprocessors before the 80387.
void nothing(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

EnvironmentLayout layout_of(const Cpu& cpu, const Op* op) {
    return {op->dst == 32, cpu.is_protected()};
}

// FNSTENV, and with the registers FNSAVE.
template <bool kRegisters, class Address>
[[gnu::noinline]] bool save(Cpu& cpu, const Op* op) {
    const EnvironmentLayout layout = layout_of(cpu, op);
    const std::size_t size = layout.size() + (kRegisters ? 80 : 0);
    std::array<std::uint8_t, 108> image;
    store_environment(cpu.x87, layout, image);
    if (kRegisters) get_x87_registers(cpu.x87, std::span(image).subspan(layout.size()), 10);
    auto linear = Address::address(cpu, op, static_cast<unsigned>(size), Touch::kWrite);
    if (!linear || !store_bytes(cpu, *linear, std::span(image).first(size))) return false;
    if (kRegisters) {
        initialize_x87(cpu.x87);
    } else {
        cpu.x87.control |= kX87Flags;
        summarize_x87(cpu.x87);
    }
    return true;
}
template <bool kRegisters, class Address>
void save_state(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87) || !save<kRegisters, Address>(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <bool kRegisters, class Address>
[[gnu::noinline]] bool restore(Cpu& cpu, const Op* op) {
    const EnvironmentLayout layout = layout_of(cpu, op);
    const std::size_t size = layout.size() + (kRegisters ? 80 : 0);
    std::array<std::uint8_t, 108> image;
    auto linear = Address::address(cpu, op, static_cast<unsigned>(size), Touch::kRead);
    if (!linear || !load_bytes(cpu, *linear, std::span(image).first(size))) return false;
    load_environment(cpu.x87, layout, image);
    if (kRegisters) put_x87_registers(cpu.x87, std::span(image).subspan(layout.size()), 10);
    return true;
}
template <bool kRegisters, class Address>
void restore_state(Cpu& cpu, const Op* op) {
    if (!may_use(cpu, Unit::kX87) || !waits_for_x87(cpu) || !restore<kRegisters, Address>(cpu, op))
        return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_plain(Lowering& l) {
    l.op.run = kRun;
    return true;
}
// With the operand size in dst, for those that have an environment.
#define NYX_WITH_MEMORY(function)                                                                              \
    [](Lowering& lowering) {                                                                                   \
        lowering.op.dst = lowering.operand_bits() == 16 ? 16 : 32;                                             \
        lowering.op.run = by_address(lowering.address(0), []<class Address>() -> Run { return &(function); }); \
        return true;                                                                                           \
    }

bool lower_store_status_word(Lowering& l) {
    if (l.is_register(0)) return lower_plain<&status_word_to_ax>(l);
    return NYX_WITH_MEMORY(store_status_word<Address>)(l);
}

}  // namespace

void add_x87_control(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_FLDCW] = NYX_WITH_MEMORY(load_control_word<Address>);
    table[ZYDIS_MNEMONIC_FNSTCW] = NYX_WITH_MEMORY(store_control_word<Address>);
    table[ZYDIS_MNEMONIC_FNSTSW] = &lower_store_status_word;
    table[ZYDIS_MNEMONIC_FNSTENV] = NYX_WITH_MEMORY((save_state<false, Address>));
    table[ZYDIS_MNEMONIC_FNSAVE] = NYX_WITH_MEMORY((save_state<true, Address>));
    table[ZYDIS_MNEMONIC_FLDENV] = NYX_WITH_MEMORY((restore_state<false, Address>));
    table[ZYDIS_MNEMONIC_FRSTOR] = NYX_WITH_MEMORY((restore_state<true, Address>));
    table[ZYDIS_MNEMONIC_FNINIT] = &lower_plain<&initialize>;
    table[ZYDIS_MNEMONIC_FNCLEX] = &lower_plain<&clear_exceptions>;
    table[ZYDIS_MNEMONIC_FWAIT] = &lower_plain<&wait>;
    for (ZydisMnemonic mnemonic :
         {ZYDIS_MNEMONIC_FENI8087_NOP, ZYDIS_MNEMONIC_FDISI8087_NOP, ZYDIS_MNEMONIC_FSETPM287_NOP})
        table[mnemonic] = &lower_plain<&nothing>;
}

void add_x87(InstructionTable& table) {
    add_x87_execution(table);
    add_x87_control(table);
    add_state_saving(table);
}

}  // namespace nyx::soft
