#include "runtime/soft/far_transfer.h"

#include "runtime/soft/returns.h"
#include "runtime/soft/task_switch.h"

namespace nyx::soft {
namespace {

class Transfer {
  public:
    Transfer(Cpu& cpu, const FarPointer& to, bool is_call) : cpu_(cpu), to_(to), is_call_(is_call) {}

    bool run() {
        if (!cpu_.is_protected()) return real();
        if (is_null(to_.selector)) return fail_with(cpu_, kGeneralProtection, 0);
        auto found = descriptor_of(cpu_, to_.selector, kGeneralProtection);
        if (!found) return false;
        if (!found->is_system()) return code(*found);
        switch (found->type()) {
            case kCallGate:
                return gate(*found);
            case kCallGate16:
                return !cpu_.is_long() ? gate(*found) : refuse();
            case kTaskGate:
                return !cpu_.is_long() ? task_gate(*found) : refuse();
            case kTss16:
            case kTss:
                return !cpu_.is_long() ? task(*found, to_.selector) : refuse();
            default:
                return refuse();
        }
    }

  private:
    bool refuse() { return fail_with(cpu_, kGeneralProtection, code_of(to_.selector)); }

    bool push_return(NewStack& stack, unsigned size) {
        return stack.push(cpu_, cpu_.segments[kCs].selector, size) && stack.push(cpu_, to_.next_rip, size);
    }

    bool real() {
        if (to_.offset > cpu_.segments[kCs].limit) return fail_with(cpu_, kGeneralProtection, 0);
        if (is_call_) {
            NewStack stack(cpu_);
            if (!push_return(stack, to_.size)) return false;
            cpu_.gpr[kRsp] = stack.rsp();
        }
        cpu_.load_real_segment(kCs, to_.selector);
        cpu_.rip = to_.offset;
        return true;
    }

    // A code segment whose privilege is right for going there without a change of level.
    bool check_code(const Descriptor& code, std::uint16_t selector, bool by_gate) {
        bool ok = code.is_code() && !(cpu_.is_long() && code.l() && code.db());
        if (code.is_conforming())
            ok = ok && code.dpl() <= cpu_.cpl;
        else
            ok = ok && code.dpl() == cpu_.cpl && (by_gate || rpl_of(selector) <= cpu_.cpl);
        if (!ok) return fail_with(cpu_, kGeneralProtection, code_of(selector));
        return code.is_present() || fail_with(cpu_, kSegmentNotPresent, code_of(selector));
    }

    bool code(Descriptor& found) { return check_code(found, to_.selector, false) && go(found, to_.offset, to_.size); }

    // Without a change of level.
    bool go(Descriptor& target, std::uint64_t offset, unsigned size) {
        NewStack stack(cpu_);
        if (!mark_accessed(cpu_, target) || !check_target(cpu_, target, offset)) return false;
        if (is_call_ && !push_return(stack, size)) return false;
        cpu_.gpr[kRsp] = stack.rsp();
        enter_code(cpu_, target, cpu_.cpl);
        cpu_.rip = offset;
        return true;
    }

    // SDM volume 3, §5.8.4.
    bool gate(Descriptor& gate) {
        if (gate.dpl() < cpu_.cpl || gate.dpl() < rpl_of(to_.selector)) return refuse();
        if (!gate.is_present()) return fail_with(cpu_, kSegmentNotPresent, code_of(to_.selector));
        if (!complete(cpu_, gate, kGeneralProtection)) return false;
        std::uint16_t selector = gate.target_selector();
        if (is_null(selector)) return fail_with(cpu_, kGeneralProtection, 0);
        auto target = descriptor_of(cpu_, selector, kGeneralProtection);
        if (!target) return false;
        bool is_inner = is_call_ && !target->is_conforming() && target->dpl() < cpu_.cpl;
        bool is_64 = cpu_.is_long();
        if (is_64 && !(target->l() && !target->db())) return fail_with(cpu_, kGeneralProtection, code_of(selector));
        unsigned size = is_64 ? 8 : gate.type() == kCallGate ? 4 : 2;
        std::uint64_t offset = gate.target_offset();
        if (!is_inner) return check_code(*target, selector, true) && go(*target, offset, size);
        if (!target->is_code()) return fail_with(cpu_, kGeneralProtection, code_of(selector));
        if (!target->is_present()) return fail_with(cpu_, kSegmentNotPresent, code_of(selector));
        return mark_accessed(cpu_, *target) && check_target(cpu_, *target, offset) && go_inside(*target, gate, size);
    }

    // SDM volume 3, §5.8.5: to the stack of the more privileged level, with the parameters.
    bool go_inside(const Descriptor& target, const Descriptor& gate, unsigned size) {
        unsigned level = target.dpl();
        auto stack = cpu_.is_long() ? stack_from_long_tss(cpu_, level, 0, 0) : stack_from_tss(cpu_, level, 0);
        if (!stack) return false;
        if (!stack->push(cpu_, cpu_.segments[kSs].selector, size) || !stack->push(cpu_, cpu_.gpr[kRsp], size))
            return false;
        unsigned count = cpu_.is_long() ? 0 : gate.parameters();
        for (unsigned i = count; i-- > 0;) {
            auto value = parameter(i * size, size);
            if (!value || !stack->push(cpu_, *value, size)) return false;
        }
        if (!push_return(*stack, size)) return false;
        cpu_.segments[kSs] = stack->segment();
        cpu_.gpr[kRsp] = stack->rsp();
        enter_code(cpu_, target, level);
        cpu_.rip = gate.target_offset();
        return true;
    }
    std::optional<std::uint64_t> parameter(unsigned offset, unsigned size) {
        std::uint64_t at = (cpu_.gpr[kRsp] + offset) & cpu_.stack_mask();
        auto linear = cpu_.linear_address(kSs, at, size, Touch::kRead);
        std::uint32_t wide = 0;
        std::uint16_t narrow = 0;
        bool ok = linear && (size == 4 ? cpu_.load(*linear, wide) : cpu_.load(*linear, narrow));
        if (!ok) return std::nullopt;
        return size == 4 ? wide : narrow;
    }

    bool task_gate(const Descriptor& gate) {
        if (gate.dpl() < cpu_.cpl || gate.dpl() < rpl_of(to_.selector)) return refuse();
        if (!gate.is_present()) return fail_with(cpu_, kSegmentNotPresent, code_of(to_.selector));
        return change_to(gate.target_selector());
    }
    bool task(const Descriptor& tss, std::uint16_t selector) {
        if (tss.dpl() < cpu_.cpl || tss.dpl() < rpl_of(selector)) return refuse();
        return change_to(selector);
    }
    bool change_to(std::uint16_t selector) {
        TaskSwitch change;
        change.reason = is_call_ ? TaskSwitch::Reason::kCall : TaskSwitch::Reason::kJump;
        change.selector = selector;
        change.return_rip = to_.next_rip;
        return switch_task(cpu_, change);
    }

    Cpu& cpu_;
    const FarPointer& to_;
    const bool is_call_;
};

}  // namespace

bool far_jump(Cpu& cpu, const FarPointer& to) {
    return Transfer(cpu, to, false).run();
}

bool far_call(Cpu& cpu, const FarPointer& to) {
    return Transfer(cpu, to, true).run();
}

}  // namespace nyx::soft
