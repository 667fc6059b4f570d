// CPUID, MSRs, counters, random numbers, caches, HLT, XGETBV, XSETBV (SDM volume 2).
#include "runtime/soft/msr.h"

#include "runtime/base/fence.h"
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

void set_pair(Cpu& cpu, std::uint64_t value) {
    set<std::uint32_t>(cpu, kRax * 8, static_cast<std::uint32_t>(value));
    set<std::uint32_t>(cpu, kRdx * 8, static_cast<std::uint32_t>(value >> 32));
}
std::uint64_t pair_of(const Cpu& cpu) {
    return get<std::uint32_t>(cpu, kRax * 8) | std::uint64_t{get<std::uint32_t>(cpu, kRdx * 8)} << 32;
}

bool halt(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    cpu.settle(op);
    cpu.activity = Activity::kHalted;
    return true;
}

bool identify(Cpu& cpu, const Op* op) {
    cpu.settle(op);
    CpuidLeaf leaf = cpu.cpuid_now(get<std::uint32_t>(cpu, kRax * 8), get<std::uint32_t>(cpu, kRcx * 8));
    set<std::uint32_t>(cpu, kRax * 8, leaf.eax);
    set<std::uint32_t>(cpu, kRbx * 8, leaf.ebx);
    set<std::uint32_t>(cpu, kRcx * 8, leaf.ecx);
    set<std::uint32_t>(cpu, kRdx * 8, leaf.edx);
    return true;
}

bool may_read_tsc(Cpu& cpu) {
    bool is_hidden = (cpu.control.cr4 & kCr4Tsd) != 0 && cpu.cpl != 0;
    return !is_hidden || fail_with(cpu, kGeneralProtection, 0);
}

// The time may depend on how many instructions have been executed.
bool read_tsc(Cpu& cpu, const Op* op) {
    if (!may_read_tsc(cpu)) return false;
    cpu.settle(op);
    set_pair(cpu, cpu.tsc());
    return true;
}

bool read_tsc_and_aux(Cpu& cpu, const Op* op) {
    if (!read_tsc(cpu, op)) return false;
    set<std::uint32_t>(cpu, kRcx * 8, static_cast<std::uint32_t>(cpu.msr.tsc_aux));
    return true;
}

bool read_processor_id(Cpu& cpu, const Op* op) {
    set<std::uint64_t>(cpu, op->dst, cpu.msr.tsc_aux);
    return true;
}

// No counter is there to be read.
bool read_counter(Cpu& cpu, const Op*) {
    return fail_with(cpu, kGeneralProtection, 0);
}

bool rdmsr(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    cpu.settle(op);
    auto value = read_msr(cpu, get<std::uint32_t>(cpu, kRcx * 8));
    if (!value) return fail_with(cpu, kGeneralProtection, 0);
    set_pair(cpu, *value);
    return true;
}

bool wrmsr(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    cpu.settle(op);
    return write_msr(cpu, get<std::uint32_t>(cpu, kRcx * 8), pair_of(cpu)) || fail_with(cpu, kGeneralProtection, 0);
}

bool may_extend(Cpu& cpu) {
    return (cpu.control.cr4 & kCr4Osxsave) != 0 || invalid(cpu);
}

bool read_extended(Cpu& cpu, const Op*) {
    if (!may_extend(cpu)) return false;
    std::uint32_t number = get<std::uint32_t>(cpu, kRcx * 8);
    const CpuidLeaf* save = cpu.cpuid(0xD, 1);
    bool tells_in_use = save == nullptr || (save->eax & 4) != 0;
    if (number > (tells_in_use ? 1u : 0u)) return fail_with(cpu, kGeneralProtection, 0);
    // XCR1: what is in use; everything that is enabled may be.
    set_pair(cpu, cpu.control.xcr0);
    return true;
}

// SDM volume 1, §13.3: x87 always, AVX not without SSE, and nothing that CPUID does not name.
bool write_extended(Cpu& cpu, const Op*) {
    constexpr std::uint64_t kX87 = 1, kSse = 2, kAvx = 4;
    if (!may_extend(cpu) || !require_level_0(cpu)) return false;
    std::uint64_t value = pair_of(cpu);
    const CpuidLeaf* save = cpu.cpuid(0xD, 0);
    std::uint64_t known = save == nullptr ? kX87 | kSse | kAvx : save->eax | std::uint64_t{save->edx} << 32;
    bool ok = get<std::uint32_t>(cpu, kRcx * 8) == 0 && (value & kX87) != 0 && (value & ~known) == 0 &&
              !((value & kAvx) != 0 && (value & kSse) == 0);
    if (!ok) return fail_with(cpu, kGeneralProtection, 0);
    cpu.control.xcr0 = value;
    cpu.mode_changed();
    return true;
}

template <class T>
bool random(Cpu& cpu, const Op* op) {
    cpu.settle(op);
    set<T>(cpu, op->dst, static_cast<T>(cpu.surroundings.random()));
    cpu.flags.store(kCf);
    return true;
}

bool lower_random(Lowering& l) {
    l.op.dst = l.general(0);
    if (l.bits(0) == 16) return ends_with(l, &then_next<random<std::uint16_t>>);
    if (l.bits(0) == 32) return ends_with(l, &then_next<random<std::uint32_t>>);
    return ends_with(l, &then_next<random<std::uint64_t>>);
}

bool lower_processor_id(Lowering& l) {
    l.op.dst = l.general(0);
    return ends_with(l, &then_next<read_processor_id>);
}

// There are no caches; what is left is privilege, and for the lines that they may be read.
bool flush_caches(Cpu& cpu, const Op*) {
    return require_level_0(cpu);
}

bool flush_line(Cpu& cpu, const Op* op) {
    auto linear = operand_address(cpu, op, 0, 1, Touch::kRead);
    return linear && cpu.translate(*linear, Touch::kRead).has_value();
}

bool lower_flush_line(Lowering& l) {
    take_operand(l, 0);
    return ends_with(l, &then_next<flush_line>);
}

// Orders this thread's accesses for the threads of other CPUs.
void fence(Cpu& cpu, const Op* op) {
    full_fence();
    return go_on(cpu, op);
}

bool lower_fence(Lowering& l) {
    l.op.run = &fence;
    return true;
}

}  // namespace

void add_processor(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_HLT] = &lower_next<halt>;
    table[ZYDIS_MNEMONIC_CPUID] = &lower_next<identify>;
    table[ZYDIS_MNEMONIC_RDTSC] = &lower_next<read_tsc>;
    table[ZYDIS_MNEMONIC_RDTSCP] = &lower_next<read_tsc_and_aux>;
    table[ZYDIS_MNEMONIC_RDPID] = &lower_processor_id;
    table[ZYDIS_MNEMONIC_RDPMC] = &lower_next<read_counter>;
    table[ZYDIS_MNEMONIC_RDMSR] = &lower_next<rdmsr>;
    table[ZYDIS_MNEMONIC_WRMSR] = &lower_next<wrmsr>;
    table[ZYDIS_MNEMONIC_XGETBV] = &lower_next<read_extended>;
    table[ZYDIS_MNEMONIC_XSETBV] = &lower_next<write_extended>;
    table[ZYDIS_MNEMONIC_RDRAND] = &lower_random;
    table[ZYDIS_MNEMONIC_RDSEED] = &lower_random;
    for (ZydisMnemonic caches : {ZYDIS_MNEMONIC_INVD, ZYDIS_MNEMONIC_WBINVD}) table[caches] = &lower_next<flush_caches>;
    for (ZydisMnemonic line : {ZYDIS_MNEMONIC_CLFLUSH, ZYDIS_MNEMONIC_CLFLUSHOPT, ZYDIS_MNEMONIC_CLWB})
        table[line] = &lower_flush_line;
    for (ZydisMnemonic order : {ZYDIS_MNEMONIC_MFENCE, ZYDIS_MNEMONIC_SERIALIZE}) table[order] = &lower_fence;
}

}  // namespace nyx::soft
