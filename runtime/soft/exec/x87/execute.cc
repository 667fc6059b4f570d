// x87 instructions that compute or move: the host's processor does them on the guest's whole state.
//
// FRSTOR, the instruction with its registers as they are or [rdi] as its memory, FNSAVE. So precision and rounding
// control, the stack and its faults, condition codes and what unmasked exceptions leave behind are a real processor's.
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/vector/units.h"
#include "runtime/soft/exec/x87/environment.h"
#include "runtime/soft/exec/x87/light.h"
#include "runtime/soft/exec/x87/tables.h"

namespace nyx::soft {
namespace {

// What FNSAVE stores in 64-bit code: a protected 32-bit environment and the registers.
struct alignas(16) Image {
    std::array<std::uint8_t, 108> bytes{};
};
// flags: AH is SF to CF, before and after.
using OnHost = void (*)(Image& image, std::uint8_t* memory, std::uint64_t& flags);

template <std::size_t kNumber>  // the first byte's lower three bits, and ModRM
void on_host(Image& image, std::uint8_t* memory, std::uint64_t& flags) {
    asm volatile(
        "frstor %0\n\t"
        "sahf\n\t"
        ".byte %c3, %c4\n\t"
        "lahf\n\t"
        "fnsave %0"
        : "+m"(image), "+a"(flags)
        : "D"(memory), "i"(0xD8 + kNumber / 256), "i"(kNumber % 256)
        : "cc", "memory");
}

template <std::size_t... kNumbers>
constexpr std::array<OnHost, sizeof...(kNumbers)> register_forms(std::index_sequence<kNumbers...>) {
    return {&on_host<kNumbers / 64 * 256 + 0xC0 + kNumbers % 64>...};
}
template <std::size_t... kNumbers>
constexpr std::array<OnHost, sizeof...(kNumbers)> memory_forms(std::index_sequence<kNumbers...>) {
    return {&on_host<kNumbers / 8 * 256 + kNumbers % 8 * 8 + 7>...};  // [rdi]
}
// By the first byte's lower three bits and the lower six of ModRM, and by the former and ModRM.reg.
constexpr auto kRegisterForms = register_forms(std::make_index_sequence<512>{});
constexpr auto kMemoryForms = memory_forms(std::make_index_sequence<64>{});

// The state before and after, and nothing of it the guest's yet.
struct Execution {
    X87State after;
    std::uint64_t flags = 0;  // in AH
};

Execution execute(const Cpu& cpu, const Op* op, std::uint8_t* memory) {
    Execution done{cpu.x87, (cpu.flags.all() & 0xFF) << 8};
    X87State& x87 = done.after;
    if (run_lightly(x87, op->dst >> 8, op->dst & 0xFF, memory, done.flags)) return done;
    const std::uint16_t control = x87.control;
    // Only without CR0.NE can an exception be pending here; the host must not stop for it.
    x87.control |= static_cast<std::uint16_t>(x87.status & kX87Flags);
    summarize_x87(x87);
    Image image;
    store_environment(x87, {}, image.bytes);
    get_x87_registers(x87, std::span(image.bytes).subspan(28), 10);
    reinterpret_cast<OnHost>(op->imm)(image, memory, done.flags);
    std::uint16_t status, tags;
    std::memcpy(&status, image.bytes.data() + 4, 2);
    std::memcpy(&tags, image.bytes.data() + 8, 2);
    set_x87_status_word(x87, status);
    set_x87_tag_word(x87, tags);
    put_x87_registers(x87, std::span(image.bytes).subspan(28), 10);
    x87.control = control;
    summarize_x87(x87);
    return done;
}

void note_instruction(Cpu& cpu, const Op* op) {
    cpu.x87.opcode = op->dst;
    cpu.x87.instruction_pointer = cpu.rip_of(op);
    cpu.x87.instruction_selector = cpu.segments[kCs].selector;
}
void note_data(Cpu& cpu, const Op* op) {
    std::uint64_t offset = effective_offset(cpu, op);
    if (op->address_bits != 64) offset &= (std::uint64_t{1} << op->address_bits) - 1;
    cpu.x87.data_pointer = offset;
    cpu.x87.data_selector = cpu.segments[op->segment].selector;
}

bool may_execute(Cpu& cpu) {
    return may_use(cpu, Unit::kX87) && waits_for_x87(cpu);
}

[[gnu::noinline]] void execute_registers(Cpu& cpu, const Op* op) {
    cpu.x87 = execute(cpu, op, nullptr).after;
    note_instruction(cpu, op);
}
[[gnu::noinline]] void execute_comparison(Cpu& cpu, const Op* op) {
    Execution done = execute(cpu, op, nullptr);
    cpu.x87 = done.after;
    cpu.flags.store((done.flags >> 8) & 0xFF);  // OF is clear
    note_instruction(cpu, op);
}
[[gnu::noinline]] void execute_load(Cpu& cpu, const Op* op) {
    cpu.x87 = execute(cpu, op, cpu.scratch.operand.data()).after;
    note_instruction(cpu, op);
    note_data(cpu, op);
}
// The operand is in place of what open() has read, so that it is left alone where the instruction leaves it alone.
[[gnu::noinline]] void execute_store(Cpu& cpu, const Op* op, unsigned size) {
    cpu.x87 = execute(cpu, op, cpu.slow_value()).after;
    cpu.close(size);
    note_instruction(cpu, op);
    note_data(cpu, op);
}

template <void (*kExecute)(Cpu&, const Op*)>
void x87_registers(Cpu& cpu, const Op* op) {
    if (!may_execute(cpu)) return stop_at(cpu, op);
    kExecute(cpu, op);
    return go_on(cpu, op);
}
template <std::size_t kBytes, class Address>
void x87_load(Cpu& cpu, const Op* op) {
    if (!may_execute(cpu)) return stop_at(cpu, op);
    auto linear = Address::address(cpu, op, kBytes, Touch::kRead);
    auto& operand = *reinterpret_cast<std::array<std::uint8_t, kBytes>*>(cpu.scratch.operand.data());
    if (!linear || !cpu.load(*linear, operand)) return stop_at(cpu, op);
    execute_load(cpu, op);
    return go_on(cpu, op);
}
template <std::size_t kBytes, class Address>
void x87_store(Cpu& cpu, const Op* op) {
    if (!may_execute(cpu)) return stop_at(cpu, op);
    auto linear = Address::address(cpu, op, kBytes, Touch::kWrite);
    if (!linear || !cpu.open(*linear, kBytes)) return stop_at(cpu, op);
    execute_store(cpu, op, kBytes);
    return go_on(cpu, op);
}

enum class Shape : std::uint8_t { kLoads, kStores, kCompares };

unsigned memory_operand_of(const Lowering& l) {
    unsigned i = 0;
    while (i < l.instruction.operand_count && !l.is_memory(i)) ++i;
    return i;
}

template <Shape kShape>
bool lower_x87(Lowering& l) {
    const auto& fields = l.instruction.raw.modrm;
    const unsigned escape = l.instruction.opcode & 7u;
    const unsigned modrm = unsigned{fields.mod} << 6 | unsigned{fields.reg} << 3 | unsigned{fields.rm};
    l.op.dst = static_cast<std::uint16_t>(escape << 8 | modrm);
    const bool has_memory = l.instruction.raw.modrm.mod != 3;
    OnHost run = has_memory ? kMemoryForms[escape * 8 + l.instruction.raw.modrm.reg]
                            : kRegisterForms[escape * 64 + (modrm & 63)];
    l.op.imm = reinterpret_cast<std::uint64_t>(run);
    if (!has_memory) {
        l.op.run =
            kShape == Shape::kCompares ? &x87_registers<&execute_comparison> : &x87_registers<&execute_registers>;
        return true;
    }
    const unsigned memory = memory_operand_of(l);
    const AddressKind kind = l.address(memory);
    l.op.run = by_bytes<2, 4, 8, 10>(l.bits(memory), [&]<std::size_t kBytes>() {
        return by_address(kind, []<class Address>() -> Run {
            return kShape == Shape::kStores ? &x87_store<kBytes, Address> : &x87_load<kBytes, Address>;
        });
    });
    return l.op.run != nullptr;
}

#define NYX_X87(NAME) ZYDIS_MNEMONIC_##NAME
constexpr ZydisMnemonic kPlain[] = {
    NYX_X87(F2XM1),   NYX_X87(FABS),    NYX_X87(FADD),    NYX_X87(FADDP),   NYX_X87(FBLD),     NYX_X87(FCHS),
    NYX_X87(FCMOVB),  NYX_X87(FCMOVBE), NYX_X87(FCMOVE),  NYX_X87(FCMOVNB), NYX_X87(FCMOVNBE), NYX_X87(FCMOVNE),
    NYX_X87(FCMOVNU), NYX_X87(FCMOVU),  NYX_X87(FCOM),    NYX_X87(FCOMP),   NYX_X87(FCOMPP),   NYX_X87(FCOS),
    NYX_X87(FDECSTP), NYX_X87(FDIV),    NYX_X87(FDIVP),   NYX_X87(FDIVR),   NYX_X87(FDIVRP),   NYX_X87(FFREE),
    NYX_X87(FFREEP),  NYX_X87(FIADD),   NYX_X87(FICOM),   NYX_X87(FICOMP),  NYX_X87(FIDIV),    NYX_X87(FIDIVR),
    NYX_X87(FILD),    NYX_X87(FIMUL),   NYX_X87(FINCSTP), NYX_X87(FISUB),   NYX_X87(FISUBR),   NYX_X87(FLD),
    NYX_X87(FLD1),    NYX_X87(FLDL2E),  NYX_X87(FLDL2T),  NYX_X87(FLDLG2),  NYX_X87(FLDLN2),   NYX_X87(FLDPI),
    NYX_X87(FLDZ),    NYX_X87(FMUL),    NYX_X87(FMULP),   NYX_X87(FNOP),    NYX_X87(FPATAN),   NYX_X87(FPREM),
    NYX_X87(FPREM1),  NYX_X87(FPTAN),   NYX_X87(FRNDINT), NYX_X87(FSCALE),  NYX_X87(FSIN),     NYX_X87(FSINCOS),
    NYX_X87(FSQRT),   NYX_X87(FSTPNCE), NYX_X87(FSUB),    NYX_X87(FSUBP),   NYX_X87(FSUBR),    NYX_X87(FSUBRP),
    NYX_X87(FTST),    NYX_X87(FUCOM),   NYX_X87(FUCOMP),  NYX_X87(FUCOMPP), NYX_X87(FXAM),     NYX_X87(FXCH),
    NYX_X87(FXTRACT), NYX_X87(FYL2X),   NYX_X87(FYL2XP1),
};
constexpr ZydisMnemonic kStores[] = {NYX_X87(FST),   NYX_X87(FSTP),   NYX_X87(FIST),
                                     NYX_X87(FISTP), NYX_X87(FISTTP), NYX_X87(FBSTP)};
constexpr ZydisMnemonic kCompares[] = {NYX_X87(FCOMI), NYX_X87(FCOMIP), NYX_X87(FUCOMI), NYX_X87(FUCOMIP)};

}  // namespace

void add_x87_execution(InstructionTable& table) {
    for (ZydisMnemonic mnemonic : kPlain) table[mnemonic] = &lower_x87<Shape::kLoads>;
    for (ZydisMnemonic mnemonic : kStores) table[mnemonic] = &lower_x87<Shape::kStores>;
    for (ZydisMnemonic mnemonic : kCompares) table[mnemonic] = &lower_x87<Shape::kCompares>;
}

}  // namespace nyx::soft
