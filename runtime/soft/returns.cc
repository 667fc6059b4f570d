#include "runtime/soft/returns.h"

#include "runtime/soft/exec/stack.h"
#include "runtime/soft/task_switch.h"

namespace nyx::soft {

bool check_target(Cpu& cpu, const Descriptor& code, std::uint64_t rip) {
    bool ok = cpu.is_long() && code.l() ? is_canonical(rip) : rip <= code.limit();
    return ok || fail_with(cpu, kGeneralProtection, 0);
}

namespace {

// The `number`th slot above RSP.
std::optional<std::uint64_t> slot(Cpu& cpu, unsigned number, unsigned size, unsigned skip = 0) {
    std::uint64_t offset = std::uint64_t{number} * size + skip;
    std::uint64_t wide = 0;
    std::uint32_t middle = 0;
    std::uint16_t narrow = 0;
    switch (size) {
        case 8:
            return peek_stack(cpu, offset, wide) ? std::optional(wide) : std::nullopt;
        case 4:
            return peek_stack(cpu, offset, middle) ? std::optional<std::uint64_t>(middle) : std::nullopt;
        default:
            return peek_stack(cpu, offset, narrow) ? std::optional<std::uint64_t>(narrow) : std::nullopt;
    }
}

// Where a return goes, as far as it is known to be allowed.
struct Target {
    Descriptor code;
    std::uint64_t rip = 0;
    unsigned level = 0;
    bool has_stack = false;
    Segment ss;
    std::uint64_t rsp = 0;
};

bool check_code(Cpu& cpu, std::uint16_t selector, Target& target) {
    if (is_null(selector)) return fail_with(cpu, kGeneralProtection, 0);
    auto code = descriptor_of(cpu, selector, kGeneralProtection);
    if (!code) return false;
    target.level = rpl_of(selector);
    bool ok = target.level >= cpu.cpl && code->is_code() &&
              (code->is_conforming() ? code->dpl() <= target.level : code->dpl() == target.level) &&
              !(cpu.is_long() && code->l() && code->db());
    if (!ok) return fail_with(cpu, kGeneralProtection, code_of(selector));
    if (!code->is_present()) return fail_with(cpu, kSegmentNotPresent, code_of(selector));
    if (!mark_accessed(cpu, *code)) return false;
    target.code = *code;
    return true;
}

bool check_stack(Cpu& cpu, std::uint16_t selector, Target& target) {
    if (is_null(selector)) {
        bool ok = cpu.is_long() && target.code.l() && target.level != 3 && rpl_of(selector) == target.level;
        target.ss = null_segment(selector);
        return ok || fail_with(cpu, kGeneralProtection, 0);
    }
    auto ss = descriptor_of(cpu, selector, kGeneralProtection);
    if (!ss) return false;
    if (rpl_of(selector) != target.level || ss->dpl() != target.level || !ss->is_writable_data())
        return fail_with(cpu, kGeneralProtection, code_of(selector));
    if (!ss->is_present()) return fail_with(cpu, kStackFault, code_of(selector));
    if (!mark_accessed(cpu, *ss)) return false;
    target.ss = ss->segment();
    return true;
}

// SS and RSP from the slots `first` and `first` + 1.
bool read_stack(Cpu& cpu, unsigned first, unsigned size, unsigned skip, Target& target) {
    auto rsp = slot(cpu, first, size, skip);
    auto ss = rsp ? slot(cpu, first + 1, size, skip) : std::nullopt;
    if (!ss) return false;
    target.has_stack = true;
    target.rsp = *rsp;
    return check_stack(cpu, static_cast<std::uint16_t>(*ss), target);
}

// `popped`: how far RSP moves where the stack stays the same.
void go_to(Cpu& cpu, const Target& target, std::uint64_t popped, unsigned release) {
    bool is_outer = target.level != cpu.cpl;
    if (target.has_stack)
        cpu.segments[kSs] = target.ss;
    else
        move_stack(cpu, popped);
    enter_code(cpu, target.code, target.level);
    if (target.has_stack) {
        // A stack of 16 bits keeps the rest of ESP.
        if (cpu.stack_mask() == 0xFFFF)
            set_stack_pointer(cpu, target.rsp);
        else
            cpu.gpr[kRsp] = target.rsp;
        move_stack(cpu, release);
    }
    if (is_outer) drop_privileged_segments(cpu, target.level);
    cpu.rip = target.rip;
}

// What IRET may change of the flags (SDM volume 2, IRET).
std::uint64_t changeable_flags(const Cpu& cpu, unsigned size) {
    std::uint64_t mask = kArithmeticFlags | kTf | kDf | kNt;
    if (size > 2) mask |= kRf | kAc | kId;
    if (cpu.cpl <= cpu.iopl()) mask |= kIf;
    if (cpu.cpl == 0) mask |= kIopl | (size > 2 ? kVif | kVip : 0);
    return mask;
}

void change_flags(Cpu& cpu, std::uint64_t mask, std::uint64_t image) {
    cpu.set_rflags((cpu.rflags() & ~mask) | (image & mask));
}

bool real_return(Cpu& cpu, unsigned size) {
    if (cpu.is_v86() && cpu.iopl() < 3) return fail_with(cpu, kGeneralProtection, 0);
    auto rip = slot(cpu, 0, size);
    auto cs = rip ? slot(cpu, 1, size) : std::nullopt;
    auto flags = cs ? slot(cpu, 2, size) : std::nullopt;
    if (!flags) return false;
    if (*rip > cpu.segments[kCs].limit) return fail_with(cpu, kGeneralProtection, 0);
    move_stack(cpu, std::uint64_t{size} * 3);
    cpu.load_real_segment(kCs, static_cast<std::uint16_t>(*cs));
    std::uint64_t mask = kArithmeticFlags | kTf | kIf | kDf | kNt;
    if (!cpu.is_v86()) mask |= kIopl;
    if (size > 2) mask |= kRf | kAc | kId;
    change_flags(cpu, mask, *flags);
    cpu.rip = *rip;
    return true;
}

// To virtual-8086 mode: EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS.
bool return_to_v86(Cpu& cpu, std::uint64_t rip, std::uint64_t cs, std::uint64_t flags) {
    std::array<std::uint64_t, 6> rest{};
    for (unsigned i = 0; i < rest.size(); ++i) {
        auto value = slot(cpu, 3 + i, 4);
        if (!value) return false;
        rest[i] = *value;
    }
    if (rip > 0xFFFF) return fail_with(cpu, kGeneralProtection, 0);
    cpu.set_rflags(flags);
    cpu.cpl = 3;
    cpu.gpr[kRsp] = rest[0];
    cpu.load_real_segment(kCs, static_cast<std::uint16_t>(cs));
    unsigned next = 1;
    for (Seg number : {kSs, kEs, kDs, kFs, kGs})
        cpu.load_real_segment(number, static_cast<std::uint16_t>(rest[next++]));
    cpu.rip = rip;
    cpu.mode_changed();
    return true;
}

bool task_return(Cpu& cpu, std::uint64_t next_rip) {
    if (cpu.is_long()) return fail_with(cpu, kGeneralProtection, 0);
    TaskSwitch change;
    change.reason = TaskSwitch::Reason::kReturn;
    change.return_rip = next_rip;
    const Segment& tss = cpu.segments[kTr];
    return cpu.load_system(tss.base, change.selector) && switch_task(cpu, change);
}

}  // namespace

bool interrupt_return(Cpu& cpu, unsigned size, std::uint64_t next_rip) {
    // Even one that faults (SDM volume 3, §6.7.1).
    cpu.nmi_blocked = false;
    if (!cpu.is_protected()) return real_return(cpu, size);
    if ((cpu.other_flags & kNt) != 0) return task_return(cpu, next_rip);
    auto rip = slot(cpu, 0, size);
    auto cs = rip ? slot(cpu, 1, size) : std::nullopt;
    auto flags = cs ? slot(cpu, 2, size) : std::nullopt;
    if (!flags) return false;
    if ((*flags & kVm) != 0 && cpu.cpl == 0 && size == 4 && !cpu.is_long())
        return return_to_v86(cpu, *rip, *cs, *flags);
    Target target;
    target.rip = *rip;
    if (!check_code(cpu, static_cast<std::uint16_t>(*cs), target)) return false;
    if ((cpu.is_64() || target.level != cpu.cpl) && !read_stack(cpu, 3, size, 0, target)) return false;
    if (!check_target(cpu, target.code, target.rip)) return false;
    std::uint64_t mask = changeable_flags(cpu, size);
    go_to(cpu, target, std::uint64_t{size} * 3, 0);
    change_flags(cpu, mask, *flags);
    return true;
}

bool far_return(Cpu& cpu, unsigned size, unsigned release) {
    auto rip = slot(cpu, 0, size);
    auto cs = rip ? slot(cpu, 1, size) : std::nullopt;
    if (!cs) return false;
    if (!cpu.is_protected()) {
        if (*rip > cpu.segments[kCs].limit) return fail_with(cpu, kGeneralProtection, 0);
        move_stack(cpu, size * 2u + release);
        cpu.load_real_segment(kCs, static_cast<std::uint16_t>(*cs));
        cpu.rip = *rip;
        return true;
    }
    Target target;
    target.rip = *rip;
    if (!check_code(cpu, static_cast<std::uint16_t>(*cs), target)) return false;
    if (target.level != cpu.cpl && !read_stack(cpu, 2, size, release, target)) return false;
    if (!check_target(cpu, target.code, target.rip)) return false;
    go_to(cpu, target, size * 2u + release, release);
    return true;
}

}  // namespace nyx::soft
