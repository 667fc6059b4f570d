#include "runtime/soft/task_switch.h"

#include "runtime/soft/descriptors.h"

namespace nyx::soft {
namespace {

using Reason = TaskSwitch::Reason;

// The dynamic part of a TSS, widened (SDM volume 3, figures 7-2 and 7-10).
struct TaskState {
    std::uint64_t cr3 = 0, rip = 0, flags = 0;
    std::array<std::uint64_t, 8> general{};
    std::array<std::uint16_t, 6> selectors{};  // by Seg
    std::uint16_t ldt = 0;
    bool traps = false;
};

// Where a TSS of either size has its fields.
struct Layout {
    unsigned width;     // of EIP, EFLAGS and the general registers
    unsigned rip;       // then flags, general registers
    unsigned selector;  // of ES; `step` bytes each
    unsigned step;
    unsigned selectors;
    unsigned ldt;
    std::uint32_t limit;
};
constexpr Layout k32{4, 0x20, 0x48, 4, 6, 0x60, 0x67};
constexpr Layout k16{2, 0x0E, 0x22, 2, 4, 0x2A, 0x2B};

const Layout& layout_of(unsigned type) {
    return (type & 8) != 0 ? k32 : k16;
}

bool read(Cpu& cpu, std::uint64_t at, unsigned size, std::uint64_t& out) {
    std::uint32_t wide = 0;
    std::uint16_t narrow = 0;
    bool ok = size == 4 ? cpu.load_system(at, wide) : cpu.load_system(at, narrow);
    out = size == 4 ? wide : narrow;
    return ok;
}
bool write(Cpu& cpu, std::uint64_t at, unsigned size, std::uint64_t value) {
    return size == 4 ? cpu.store_system(at, static_cast<std::uint32_t>(value))
                     : cpu.store_system(at, static_cast<std::uint16_t>(value));
}

class Switch {
  public:
    Switch(Cpu& cpu, const TaskSwitch& change) : cpu_(cpu), change_(change) {}

    bool run() { return find() && save_old() && load_new() && mark() && commit(); }

  private:
    bool is_nested() const { return change_.reason == Reason::kCall || change_.reason == Reason::kInterrupt; }

    // SDM volume 3, §7.3, steps 1 to 4 and table 7-1.
    bool find() {
        Vector vector = change_.reason == Reason::kReturn ? kInvalidTss : kGeneralProtection;
        std::uint32_t code = code_of(change_.selector, change_.ext);
        if ((change_.selector & 4) != 0) return fail_with(cpu_, vector, code);
        auto found = descriptor_of(cpu_, change_.selector, vector, change_.ext);
        if (!found) return false;
        tss_ = *found;
        unsigned wanted = change_.reason == Reason::kReturn ? kTss16Busy : kTss16;
        if (!tss_.is_system() || (tss_.type() & ~8u) != wanted) return fail_with(cpu_, vector, code);
        if (!tss_.is_present()) return fail_with(cpu_, kSegmentNotPresent, code);
        if (tss_.limit() < layout().limit) return fail_with(cpu_, kInvalidTss, code);
        return true;
    }
    const Layout& layout() const { return layout_of(tss_.type()); }

    // Step 5 to 7. What was written here before a fault is written again when the instruction is started again.
    bool save_old() {
        const Segment& old = cpu_.segments[kTr];
        const Layout& to = layout_of(old.type());
        std::uint64_t flags = cpu_.rflags();
        if (change_.reason == Reason::kReturn) flags &= ~kNt;
        bool ok = write(cpu_, old.base + to.rip, to.width, change_.return_rip) &&
                  write(cpu_, old.base + to.rip + to.width, to.width, flags);
        for (std::uint64_t i = 0; ok && i < 8; ++i)
            ok = write(cpu_, old.base + to.rip + (2 + i) * to.width, to.width, cpu_.gpr[i]);
        for (std::uint64_t i = 0; ok && i < to.selectors; ++i)
            ok = write(cpu_, old.base + to.selector + i * to.step, 2, cpu_.segments[i].selector);
        return ok;
    }

    bool load_new() {
        const Layout& from = layout();
        std::uint64_t base = tss_.segment().base;
        std::uint64_t value = 0;
        bool ok = read(cpu_, base + from.rip, from.width, new_.rip) &&
                  read(cpu_, base + from.rip + from.width, from.width, new_.flags);
        for (std::uint64_t i = 0; ok && i < 8; ++i)
            ok = read(cpu_, base + from.rip + (2 + i) * from.width, from.width, new_.general[i]);
        for (std::uint64_t i = 0; ok && i < from.selectors; ++i)
            ok = cpu_.load_system(base + from.selector + i * from.step, new_.selectors[i]);
        ok = ok && cpu_.load_system(base + from.ldt, new_.ldt);
        if (ok && from.width == 4) {
            ok = read(cpu_, base + 0x1C, 4, new_.cr3) && read(cpu_, base + 0x64, 2, value);
            new_.traps = (value & 1) != 0;
        }
        return ok;
    }

    bool set_busy(std::uint64_t descriptor, bool is_busy) {
        std::uint8_t type = 0;
        if (!cpu_.load_system(descriptor + 5, type)) return false;
        return cpu_.store_system(descriptor + 5, static_cast<std::uint8_t>(is_busy ? type | 2 : type & ~2));
    }

    // The busy bits and the link back (SDM volume 3, §7.4).
    bool mark() {
        std::uint16_t old = cpu_.segments[kTr].selector;
        if (is_nested() && !cpu_.store_system(tss_.segment().base, old)) return false;
        if (!is_nested() && !set_busy(cpu_.gdt.base + (old & ~7u), false)) return false;
        return change_.reason == Reason::kReturn || set_busy(tss_.address, true);
    }

    // From here on the new task runs, and what is wrong with it is its own fault.
    bool commit() {
        cpu_.segments[kTr] = tss_.segment();
        cpu_.segments[kTr].access |= 2;
        cpu_.control.cr0 |= kCr0Ts;
        for (unsigned i = 0; i < 8; ++i)
            cpu_.gpr[i] = layout().width == 4 ? new_.general[i] : new_.general[i] | 0xFFFF0000;
        cpu_.rip = new_.rip;
        cpu_.control.dr7 &= ~std::uint64_t{0x55};  // local breakpoints (SDM volume 3, §17.2.4)
        cpu_.breakpoints_changed();
        std::uint64_t flags = layout().width == 4 ? new_.flags : new_.flags & ~(kVm | kRf | kAc);
        cpu_.set_rflags(is_nested() ? flags | kNt : flags);
        for (unsigned i = 0; i < 6; ++i) cpu_.segments[i] = null_segment(new_.selectors[i]);
        cpu_.segments[kLdtr] = null_segment(new_.ldt);
        cpu_.cpl = cpu_.is_v86() ? 3 : rpl_of(new_.selectors[kCs]);
        cpu_.mode_changed();
        if (load_spaces() && load_segments() && push_error_code()) return true;
        cpu_.fails_at_new_rip();
        return false;
    }

    bool load_spaces() {
        if (layout().width == 4 && (cpu_.control.cr0 & kCr0Pg) != 0) {
            if ((cpu_.control.cr4 & kCr4Pae) != 0 && !cpu_.load_page_pointers(new_.cr3))
                return fail_with(cpu_, kInvalidTss, code_of(change_.selector, change_.ext));
            cpu_.control.cr3 = new_.cr3;
            cpu_.flush_tlb(false);
        }
        if (is_null(new_.ldt)) return true;
        if ((new_.ldt & 4) != 0) return bad(kInvalidTss, new_.ldt);
        auto ldt = descriptor_of(cpu_, new_.ldt, kInvalidTss, change_.ext);
        if (!ldt) return false;
        if (!ldt->is_system() || ldt->type() != kLdt || !ldt->is_present()) return bad(kInvalidTss, new_.ldt);
        cpu_.segments[kLdtr] = ldt->segment();
        return true;
    }

    bool load_segments() {
        if (cpu_.is_v86()) {
            for (Seg number : {kEs, kCs, kSs, kDs, kFs, kGs}) cpu_.load_real_segment(number, new_.selectors[number]);
            cpu_.mode_changed();
            return true;
        }
        if (!load_code() || !load_stack()) return false;
        for (Seg number : {kEs, kDs, kFs, kGs})
            if (!load_data(number)) return false;
        cpu_.mode_changed();
        return cpu_.rip <= cpu_.segments[kCs].limit || fail_with(cpu_, kGeneralProtection, change_.ext);
    }
    bool load_code() {
        std::uint16_t selector = new_.selectors[kCs];
        if (is_null(selector)) return bad(kInvalidTss, selector);
        auto code = descriptor_of(cpu_, selector, kInvalidTss, change_.ext);
        if (!code) return false;
        unsigned level = rpl_of(selector);
        bool ok = code->is_code() && (code->is_conforming() ? code->dpl() <= level : code->dpl() == level);
        if (!ok) return bad(kInvalidTss, selector);
        if (!code->is_present()) return bad(kSegmentNotPresent, selector);
        if (!mark_accessed(cpu_, *code)) return false;
        cpu_.segments[kCs] = code->segment();
        return true;
    }
    bool load_stack() {
        std::uint16_t selector = new_.selectors[kSs];
        if (is_null(selector)) return bad(kInvalidTss, selector);
        auto ss = descriptor_of(cpu_, selector, kInvalidTss, change_.ext);
        if (!ss) return false;
        if (!ss->is_writable_data() || ss->dpl() != cpu_.cpl || rpl_of(selector) != cpu_.cpl)
            return bad(kInvalidTss, selector);
        if (!ss->is_present()) return bad(kStackFault, selector);
        if (!mark_accessed(cpu_, *ss)) return false;
        cpu_.segments[kSs] = ss->segment();
        return true;
    }
    bool load_data(Seg number) {
        std::uint16_t selector = new_.selectors[number];
        if (is_null(selector)) return true;
        auto data = descriptor_of(cpu_, selector, kInvalidTss, change_.ext);
        if (!data) return false;
        bool ok = data->is_readable() &&
                  (data->is_conforming() || (data->dpl() >= cpu_.cpl && data->dpl() >= rpl_of(selector)));
        if (!ok) return bad(kInvalidTss, selector);
        if (!data->is_present()) return bad(kSegmentNotPresent, selector);
        if (!mark_accessed(cpu_, *data)) return false;
        cpu_.segments[number] = data->segment();
        return true;
    }
    bool bad(Vector vector, std::uint16_t selector) { return fail_with(cpu_, vector, code_of(selector, change_.ext)); }

    bool push_error_code() {
        if (new_.traps) cpu_.trap_task_switch();
        if (!change_.error_code) return true;
        NewStack stack(cpu_, change_.ext);
        if (!stack.push(cpu_, *change_.error_code, layout().width)) return false;
        cpu_.gpr[kRsp] = stack.rsp();
        return true;
    }

    Cpu& cpu_;
    const TaskSwitch& change_;
    Descriptor tss_;
    TaskState new_;
};

}  // namespace

bool switch_task(Cpu& cpu, const TaskSwitch& change) {
    return Switch(cpu, change).run();
}

}  // namespace nyx::soft
