#include "runtime/kvm/exit.h"

#include <algorithm>

#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {
namespace {

const char* suberror_name(std::uint32_t suberror) {
    switch (suberror) {
        case KVM_INTERNAL_ERROR_EMULATION:
            return "emulation failure";
        case KVM_INTERNAL_ERROR_SIMUL_EX:
            return "two exceptions at once";
        case KVM_INTERNAL_ERROR_DELIVERY_EV:
            return "exit while delivering an event";
        case KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON:
            return "exit with a reason that KVM does not expect";
        default:
            return "unknown internal error";
    }
}

Exit unknown(const kvm_run& run) {
    return UnknownExit{run.exit_reason, 0};
}

Exit parse_io(kvm_run& run, std::size_t page_size) {
    const auto& io = run.io;
    std::uint64_t size = std::uint64_t{io.size} * io.count;
    bool width_ok = io.size == 1 || io.size == 2 || io.size == 4;
    if (!width_ok || io.count == 0 || io.data_offset > page_size || size > page_size - io.data_offset)
        return unknown(run);
    auto* data = reinterpret_cast<std::uint8_t*>(&run) + io.data_offset;
    return IoExit{io.direction == KVM_EXIT_IO_OUT, io.port, io.size, io.count, {data, size}};
}

Exit parse_mmio(kvm_run& run) {
    auto& mmio = run.mmio;
    if (mmio.len == 0 || mmio.len > sizeof mmio.data) return unknown(run);
    return MmioExit{mmio.is_write != 0, mmio.phys_addr, {mmio.data, mmio.len}};
}

Exit parse_internal_error(const kvm_run& run) {
    const auto& internal = run.internal;
    InternalErrorExit exit{internal.suberror, suberror_name(internal.suberror), {}, {}};
    std::size_t count = std::min<std::size_t>(internal.ndata, std::size(internal.data));
    exit.data.assign(internal.data, internal.data + count);
    const auto& failure = run.emulation_failure;
    // Flags, size and bytes are three words of data.
    if (exit.suberror == KVM_INTERNAL_ERROR_EMULATION && count >= 3 &&
        (failure.flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES) != 0) {
        std::size_t size = std::min<std::size_t>(failure.insn_size, sizeof failure.insn_bytes);
        exit.instruction.assign(failure.insn_bytes, failure.insn_bytes + size);
    }
    return exit;
}

Exit parse_system_event(const kvm_run& run) {
    using Type = SystemEventExit::Type;
    switch (run.system_event.type) {
        case KVM_SYSTEM_EVENT_SHUTDOWN:
            return SystemEventExit{Type::kShutdown, run.system_event.type};
        case KVM_SYSTEM_EVENT_RESET:
            return SystemEventExit{Type::kReset, run.system_event.type};
        case KVM_SYSTEM_EVENT_CRASH:
            return SystemEventExit{Type::kCrash, run.system_event.type};
        default:
            return SystemEventExit{Type::kOther, run.system_event.type};
    }
}

// The kernel's integers are unsigned long long, ours unsigned long: the same bits under two names.
std::uint64_t* word(__u64& value) {
    return reinterpret_cast<std::uint64_t*>(&value);
}

Exit parse_msr(kvm_run& run, bool is_write) {
    return MsrExit{is_write, run.msr.index, word(run.msr.data), &run.msr.error};
}

Exit parse_hypercall(kvm_run& run) {
    HypercallExit exit{run.hypercall.nr, {}, word(run.hypercall.ret)};
    std::copy_n(run.hypercall.args, exit.arguments.size(), exit.arguments.begin());
    return exit;
}

}  // namespace

Exit parse_exit(kvm_run& run, std::size_t page_size) {
    switch (run.exit_reason) {
        case KVM_EXIT_IO:
            return parse_io(run, page_size);
        case KVM_EXIT_MMIO:
            return parse_mmio(run);
        case KVM_EXIT_HLT:
            return HaltExit{};
        case KVM_EXIT_SHUTDOWN:
            return ShutdownExit{};
        case KVM_EXIT_SYSTEM_EVENT:
            return parse_system_event(run);
        case KVM_EXIT_INTERNAL_ERROR:
            return parse_internal_error(run);
        case KVM_EXIT_FAIL_ENTRY:
            return FailEntryExit{run.fail_entry.hardware_entry_failure_reason, run.fail_entry.cpu};
        case KVM_EXIT_INTR:
            return InterruptedExit{};
        case KVM_EXIT_IRQ_WINDOW_OPEN:
            return IrqWindowExit{};
        case KVM_EXIT_X86_RDMSR:
            return parse_msr(run, false);
        case KVM_EXIT_X86_WRMSR:
            return parse_msr(run, true);
        case KVM_EXIT_DEBUG:
            return DebugExit{run.debug.arch.pc, run.debug.arch.exception};
        case KVM_EXIT_HYPERCALL:
            return parse_hypercall(run);
        case KVM_EXIT_UNKNOWN:
            return UnknownExit{KVM_EXIT_UNKNOWN, run.hw.hardware_exit_reason};
        default:
            return unknown(run);
    }
}

}  // namespace nyx::kvm
