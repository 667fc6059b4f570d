#include "runtime/machine/outcome.h"

#include <fmt/format.h>

#include <algorithm>

namespace nyx::vm {
namespace {

constexpr int kHostFailed = 3;
constexpr int kGuestFailed = 4;

void add_segment(std::string& out, const char* name, const hv::Segment& s) {
    out += fmt::format("  {:<4}{:04x} base={:016x} limit={:08x} type={:x} dpl={} {}{}{}{}{}\n", name, s.selector,
                       s.base, s.limit, s.type, s.dpl, s.present ? "present" : "unusable", s.s ? "" : " system",
                       s.l ? " long" : "", s.db ? " 32-bit" : "", s.g ? " page-granular" : "");
}

void add_general(std::string& out, const hv::GeneralRegisters& r) {
    out += fmt::format("  rax={:016x} rbx={:016x} rcx={:016x} rdx={:016x}\n", r.rax, r.rbx, r.rcx, r.rdx);
    out += fmt::format("  rsi={:016x} rdi={:016x} rbp={:016x} rsp={:016x}\n", r.rsi, r.rdi, r.rbp, r.rsp);
    out += fmt::format("  r8 ={:016x} r9 ={:016x} r10={:016x} r11={:016x}\n", r.r8, r.r9, r.r10, r.r11);
    out += fmt::format("  r12={:016x} r13={:016x} r14={:016x} r15={:016x}\n", r.r12, r.r13, r.r14, r.r15);
    out += fmt::format("  rip={:016x} rflags={:08x}{}\n", r.rip, r.rflags,
                       (r.rflags & 0x200) != 0 ? " (interrupts on)" : " (interrupts off)");
}

void add_system(std::string& out, const hv::SystemRegisters& s) {
    add_segment(out, "cs", s.cs);
    add_segment(out, "ss", s.ss);
    add_segment(out, "ds", s.ds);
    add_segment(out, "es", s.es);
    add_segment(out, "fs", s.fs);
    add_segment(out, "gs", s.gs);
    add_segment(out, "tr", s.tr);
    add_segment(out, "ldt", s.ldt);
    out += fmt::format("  gdt base={:016x} limit={:04x}   idt base={:016x} limit={:04x}\n", s.gdt.base, s.gdt.limit,
                       s.idt.base, s.idt.limit);
    out += fmt::format("  cr0={:08x} cr2={:016x} cr3={:016x} cr4={:08x} cr8={:x} efer={:x}\n", s.cr0, s.cr2, s.cr3,
                       s.cr4, s.cr8, s.efer);
}

}  // namespace

std::string cpu_report(const CpuSnapshot& cpu) {
    std::string out = fmt::format("vCPU {}: {}\n", cpu.index, hv::activity_name(cpu.activity));
    add_general(out, cpu.state.general);
    add_system(out, cpu.state.system);
    if (cpu.code.empty()) return out + "  code at rip: nothing is mapped there\n";
    out += fmt::format("  code at rip: {:02x}\n", fmt::join(cpu.code, " "));
    if (!cpu.disassembly.empty()) out += fmt::format("               {}\n", cpu.disassembly);
    return out;
}

const char* outcome_name(Outcome::Kind kind) {
    switch (kind) {
        case Outcome::Kind::kPoweredOff:
            return "powered-off";
        case Outcome::Kind::kExited:
            return "exited";
        case Outcome::Kind::kReset:
            return "reset";
        case Outcome::Kind::kStopped:
            return "stopped";
        case Outcome::Kind::kTimedOut:
            return "timed-out";
        case Outcome::Kind::kHalted:
            return "halted";
        case Outcome::Kind::kPanicked:
            return "panicked";
        case Outcome::Kind::kTripleFault:
            return "triple-fault";
        case Outcome::Kind::kEmulationFailure:
            return "emulation-failure";
        case Outcome::Kind::kUnexpectedExit:
            return "unexpected-exit";
        case Outcome::Kind::kHostError:
            return "host-error";
    }
    return "unknown";
}

int exit_status(const Outcome& outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::kPoweredOff:
        case Outcome::Kind::kReset:
        case Outcome::Kind::kStopped:
            return 0;
        case Outcome::Kind::kExited:
            return outcome.exit_status;
        case Outcome::Kind::kHostError:
            return kHostFailed;
        default:
            return kGuestFailed;
    }
}

std::string outcome_report(const Outcome& outcome) {
    std::string out = outcome.reason + "\n";
    for (const std::string& line : outcome.advice) out += "  " + line + "\n";
    for (const CpuSnapshot& cpu : outcome.cpus) out += cpu_report(cpu);
    return out;
}

}  // namespace nyx::vm
