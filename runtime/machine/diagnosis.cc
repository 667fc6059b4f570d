#include "runtime/machine/diagnosis.h"

#include <algorithm>

#include "runtime/machine/disassembler.h"

namespace nyx::vm {
namespace {

constexpr std::size_t kLongestInstruction = 15;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kLongModeActive = 1 << 10;  // EFER.LMA
constexpr std::uint64_t kProtectedMode = 1;         // CR0.PE

CodeWidth code_width(const hv::SystemRegisters& s) {
    if ((s.efer & kLongModeActive) != 0 && s.cs.l) return CodeWidth::k64;
    return s.cs.db ? CodeWidth::k32 : CodeWidth::k16;
}

std::uint64_t linear_rip(const hv::CpuState& state) {
    if (code_width(state.system) == CodeWidth::k64) return state.general.rip;
    return (state.system.cs.base + state.general.rip) & 0xFFFFFFFF;
}

// Up to `size` bytes at a linear address, page by page, until one is not mapped or not RAM.
Bytes read_linear(const hv::Vcpu& vcpu, const dev::GuestMemory& memory, std::uint64_t linear, std::size_t size) {
    Bytes bytes;
    while (bytes.size() < size) {
        std::uint64_t at = linear + bytes.size();
        auto physical = vcpu.translate(at);
        std::size_t part = std::min<std::size_t>(size - bytes.size(), kPage - at % kPage);
        Bytes piece(part);
        if (!physical || !memory.read(*physical, piece)) break;
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    return bytes;
}

CpuSnapshot look_at(const hv::Vcpu& vcpu, const dev::GuestMemory& memory) {
    CpuSnapshot cpu;
    if (auto activity = vcpu.activity()) cpu.activity = *activity;
    auto state = vcpu.state();
    if (!state) return cpu;
    cpu.state = *state;
    cpu.code = read_linear(vcpu, memory, linear_rip(cpu.state), kLongestInstruction);
    cpu.disassembly = disassemble(cpu.code, code_width(cpu.state.system), cpu.state.general.rip).text;
    return cpu;
}

const char* mode_name(const hv::SystemRegisters& s) {
    switch (code_width(s)) {
        case CodeWidth::k64:
            return "64-bit";
        case CodeWidth::k32:
            return "32-bit";
        case CodeWidth::k16:
            return (s.cr0 & kProtectedMode) != 0 ? "16-bit protected mode" : "real mode";
    }
    return "";
}

// KVM's copy of the instruction is what it failed on; memory may hold something else by now.
std::string failed_instruction(const hv::InternalErrorExit& error, const CpuSnapshot* cpu) {
    if (cpu == nullptr) return "";
    ByteView bytes = error.instruction.empty() ? ByteView(cpu->code) : ByteView(error.instruction);
    Instruction found = disassemble(bytes, code_width(cpu->state.system), cpu->state.general.rip);
    if (!found.text.empty()) bytes = bytes.first(found.size);
    return fmt::format("{} [{:02x}] in {} code at rip {:#x}", found.text.empty() ? "unknown instruction" : found.text,
                       fmt::join(bytes, " "), mode_name(cpu->state.system), cpu->state.general.rip);
}

Outcome emulation_failure(const hv::InternalErrorExit& error, std::string_view host, const CpuSnapshot* cpu) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::kEmulationFailure;
    outcome.reason = "KVM could not emulate an instruction of the guest: " + failed_instruction(error, cpu);
    if (host == "kvm_pvm") {
        outcome.advice = {
            "This host's KVM (kvm_pvm) emulates all kernel code and does not know every instruction; this is not the",
            "guest's fault. Mask the CPU feature it belongs to with a `cpu` profile, or run the machine on a host with",
            "VT-x or AMD-V. `nyx doctor` says what this host can run."};
    } else {
        outcome.advice = {
            "KVM emulates an instruction when it touches a device's memory, or in modes that the CPU does not "
            "virtualise.",
            "Does the guest use a vector or string instruction on a device, or run code from an address without RAM?"};
    }
    return outcome;
}

Outcome triple_fault(const CpuSnapshot* cpu) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::kTripleFault;
    outcome.reason = "the guest died of a triple fault: an exception that it could not deliver, twice over";
    if (cpu != nullptr && cpu->state.system.idt.limit == 0)
        outcome.advice = {"The interrupt descriptor table is empty (limit 0), so the first exception was fatal.",
                          "cr2 holds the address if it was a page fault."};
    else
        outcome.advice = {
            "Look at rip, at cr2 (the address of a page fault), and whether the IDT, GDT and stack are "
            "mapped.",
            "On AMD hosts KVM resets the vCPU first, so the registers may be those after reset."};
    outcome.advice.emplace_back("`nyx run --on-triple-fault=reset` resets the machine instead, as a PC does.");
    return outcome;
}

Outcome unexpected(std::string reason) {
    Outcome outcome;
    outcome.kind = Outcome::Kind::kUnexpectedExit;
    outcome.reason = std::move(reason);
    return outcome;
}

struct Diagnose {
    std::string_view host;
    const CpuSnapshot* cpu;

    Outcome operator()(const hv::ShutdownExit&) const { return triple_fault(cpu); }
    Outcome operator()(const hv::InternalErrorExit& error) const {
        if (error.suberror == hv::InternalErrorExit::kEmulation) return emulation_failure(error, host, cpu);
        Outcome outcome = unexpected(fmt::format("KVM met an internal error ({}: {})", error.suberror, error.name));
        outcome.advice = {fmt::format("data: {:x}", fmt::join(error.data, " ")),
                          "The host's kernel log (dmesg) may say more; a newer kernel may help."};
        return outcome;
    }
    Outcome operator()(const hv::FailEntryExit& entry) const {
        Outcome outcome = unexpected(fmt::format(
            "the host CPU refused to enter the guest (hardware reason {:#x}, host CPU {})", entry.reason, entry.cpu));
        outcome.advice = {
            "The guest's registers are inconsistent for this CPU: compare segments, cr0, cr4 and efer "
            "below with the manual.",
            "On Intel CPUs before Westmere real mode is limited: load the module with emulate_invalid_"
            "guest_state=1."};
        return outcome;
    }
    Outcome operator()(const hv::SystemEventExit& event) const {
        return unexpected(fmt::format("KVM reported system event {}", event.number));
    }
    Outcome operator()(const hv::UnknownExit& exit) const {
        return unexpected(fmt::format("KVM gave an exit that Nyx does not know (reason {}, hardware {:#x})",
                                      exit.reason, exit.hardware));
    }
    template <class Other>
    Outcome operator()(const Other&) const {
        return unexpected("KVM gave an exit that Nyx did not ask for");
    }
};

}  // namespace

std::vector<CpuSnapshot> look_at_cpus(const Processors& processors, const dev::GuestMemory& memory,
                                      std::uint32_t first) {
    std::vector<CpuSnapshot> cpus;
    for (const auto& vcpu : processors.vcpus) {
        cpus.push_back(look_at(*vcpu, memory));
        cpus.back().index = static_cast<std::uint32_t>(cpus.size() - 1);
    }
    if (first < cpus.size()) std::rotate(cpus.begin(), cpus.begin() + first, cpus.begin() + first + 1);
    return cpus;
}

Outcome diagnose(const hv::Exit& exit, std::string_view host, std::vector<CpuSnapshot> cpus) {
    Outcome outcome = std::visit(Diagnose{host, cpus.empty() ? nullptr : &cpus.front()}, exit);
    outcome.cpus = std::move(cpus);
    return outcome;
}

}  // namespace nyx::vm
