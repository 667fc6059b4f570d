// Interrupts and exceptions: from a vector to the handler's first instruction (Intel SDM volume 3, chapter 6, §20.1.4,
// §20.3; volume 2, INT n, "Operation").
#include "runtime/soft/descriptors.h"
#include "runtime/soft/task_switch.h"

namespace nyx::soft {
namespace {

class Delivery {
  public:
    Delivery(Cpu& cpu, const Event& event)
        : cpu_(cpu), event_(event), ext_(event.source == Event::Source::kSoftware ? 0 : 1) {}

    bool run() {
        bool is_real = (cpu_.control.cr0 & kCr0Pe) == 0;
        if (is_real) return real();
        return read_gate() && (gate_.type() == kTaskGate ? task() : handler());
    }

  private:
    std::uint32_t gate_code() const { return event_.vector * 8u + 2 + ext_; }

    // SDM volume 3, §20.1.4. No error codes.
    bool real() {
        if (event_.vector * 4u + 3 > cpu_.idt.limit) return fail_with(cpu_, kGeneralProtection, gate_code());
        std::uint32_t entry = 0;
        NewStack stack(cpu_, ext_);
        if (!cpu_.load_system(cpu_.idt.base + std::uint64_t{event_.vector} * 4, entry) ||
            !stack.push(cpu_, static_cast<std::uint16_t>(cpu_.rflags())) ||
            !stack.push(cpu_, cpu_.segments[kCs].selector) ||
            !stack.push(cpu_, static_cast<std::uint16_t>(event_.return_rip)))
            return false;
        cpu_.gpr[kRsp] = stack.rsp();
        cpu_.load_real_segment(kCs, static_cast<std::uint16_t>(entry >> 16));
        cpu_.rip = entry & 0xFFFF;
        cpu_.other_flags &= ~(kIf | kTf | kRf | kAc);
        cpu_.mode_changed();
        return true;
    }

    // SDM volume 3, §6.11, §6.12 and §6.14.1.
    bool read_gate() {
        unsigned size = cpu_.is_long() ? 16 : 8;
        std::uint64_t at = cpu_.idt.base + std::uint64_t{event_.vector} * size;
        if (event_.vector * size + size - 1 > cpu_.idt.limit) return fail_with(cpu_, kGeneralProtection, gate_code());
        if (!cpu_.load_system(at, gate_.low)) return false;
        if (cpu_.is_long() && !cpu_.load_system(at + 8, gate_.high)) return false;
        gate_.high &= 0xFFFFFFFF;
        if (!gate_.is_system() || !is_gate(gate_.type())) return fail_with(cpu_, kGeneralProtection, gate_code());
        if (event_.source == Event::Source::kSoftware && gate_.dpl() < cpu_.cpl)
            return fail_with(cpu_, kGeneralProtection, gate_code());
        return gate_.is_present() || fail_with(cpu_, kSegmentNotPresent, gate_code());
    }
    bool is_gate(unsigned type) const {
        if (type == kInterruptGate || type == kTrapGate) return true;
        return !cpu_.is_long() && (type == kInterruptGate16 || type == kTrapGate16 || type == kTaskGate);
    }

    bool task() {
        TaskSwitch change;
        change.reason = TaskSwitch::Reason::kInterrupt;
        change.selector = gate_.target_selector();
        change.return_rip = event_.return_rip;
        change.ext = ext_;
        change.error_code = event_.error_code;
        return switch_task(cpu_, change);
    }

    bool handler() {
        std::uint16_t selector = gate_.target_selector();
        if (is_null(selector)) return fail_with(cpu_, kGeneralProtection, ext_);
        auto code = descriptor_of(cpu_, selector, kGeneralProtection, ext_);
        if (!code) return false;
        bool is_inner = !code->is_conforming() && code->dpl() < cpu_.cpl;
        bool ok = code->is_code() && code->dpl() <= cpu_.cpl && (!cpu_.is_long() || (code->l() && !code->db()));
        // A handler of virtual-8086 mode runs at level 0 (SDM volume 3, §20.3.1).
        if (cpu_.is_v86() && (!is_inner || code->dpl() != 0)) ok = false;
        if (!ok) return fail_with(cpu_, kGeneralProtection, code_of(selector, ext_));
        if (!code->is_present()) return fail_with(cpu_, kSegmentNotPresent, code_of(selector, ext_));
        if (!mark_accessed(cpu_, *code)) return false;
        unsigned level = is_inner ? code->dpl() : cpu_.cpl;
        return cpu_.is_long() ? enter_long(*code, level) : enter(*code, level);
    }

    std::uint64_t flags_image() const {
        std::uint64_t flags = cpu_.rflags();
        // Faults come back to an instruction that its breakpoint has seen already (SDM volume 3, §17.3.1.1).
        bool is_fault = event_.source == Event::Source::kFault && event_.vector != kDebug;
        return is_fault ? flags | kRf : flags;
    }
    void enter_flags() {
        bool is_interrupt_gate = (gate_.type() & 1) == 0;
        cpu_.other_flags &= ~(kTf | kNt | kRf | kVm | (is_interrupt_gate ? kIf : 0));
    }

    bool enter(const Descriptor& code, unsigned level) {
        bool is_inner = level != cpu_.cpl;
        unsigned size = (gate_.type() & 8) != 0 ? 4 : 2;
        auto stack = is_inner ? stack_from_tss(cpu_, level, ext_) : NewStack(cpu_, ext_);
        if (!stack) return false;
        auto push = [&](std::uint64_t value) { return stack->push(cpu_, value, size); };
        const auto& segments = cpu_.segments;
        if (cpu_.is_v86())
            for (Seg number : {kGs, kFs, kDs, kEs})
                if (!push(segments[number].selector)) return false;
        if (is_inner && (!push(segments[kSs].selector) || !push(cpu_.gpr[kRsp]))) return false;
        if (!push(flags_image()) || !push(segments[kCs].selector) || !push(event_.return_rip)) return false;
        if (event_.error_code && !push(*event_.error_code)) return false;
        std::uint64_t target = size == 4 ? gate_.target_offset() : gate_.target_offset() & 0xFFFF;
        if (target > code.limit()) return fail_with(cpu_, kGeneralProtection, ext_);
        if (cpu_.is_v86())
            for (Seg number : {kGs, kFs, kDs, kEs}) cpu_.segments[number] = null_segment(0);
        commit(code, level, *stack, target);
        return true;
    }

    // SDM volume 3, §6.14.2 to §6.14.5.
    bool enter_long(const Descriptor& code, unsigned level) {
        std::optional<NewStack> stack;
        if (gate_.ist() != 0 || level != cpu_.cpl) {
            stack = stack_from_long_tss(cpu_, level, gate_.ist(), ext_);
            if (!stack) return false;
        }
        std::uint64_t rsp = (stack ? stack->rsp() : cpu_.gpr[kRsp]) & ~0xFull;
        NewStack aligned(stack ? stack->segment() : cpu_.segments[kSs], rsp, true, level, ext_);
        auto push = [&](std::uint64_t value) { return aligned.push<std::uint64_t>(cpu_, value); };
        if (!push(cpu_.segments[kSs].selector) || !push(cpu_.gpr[kRsp]) || !push(flags_image()) ||
            !push(cpu_.segments[kCs].selector) || !push(event_.return_rip))
            return false;
        if (event_.error_code && !push(*event_.error_code)) return false;
        if (!is_canonical(gate_.target_offset())) return fail_with(cpu_, kGeneralProtection, ext_);
        commit(code, level, aligned, gate_.target_offset());
        return true;
    }

    void commit(const Descriptor& code, unsigned level, const NewStack& stack, std::uint64_t target) {
        enter_flags();
        cpu_.segments[kSs] = stack.segment();
        cpu_.gpr[kRsp] = stack.rsp();
        enter_code(cpu_, code, level);
        cpu_.rip = target;
    }

    Cpu& cpu_;
    const Event& event_;
    const std::uint32_t ext_;
    Descriptor gate_;
};

}  // namespace

bool Cpu::deliver(const Event& event) {
    // What may be written while an instruction runs alone may be written now.
    alone_ = true;
    bool done = Delivery(*this, event).run();
    alone_ = false;
    if (!done) return false;
    activity = Activity::kRunning;
    interrupt_shadow = debug_shadow = false;
    return true;
}

}  // namespace nyx::soft
