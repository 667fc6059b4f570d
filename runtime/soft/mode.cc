// What follows from the segments, the control registers, the flags and the CPL.
#include "runtime/soft/cpu.h"

namespace nyx::soft {
namespace {

bool is_flat_data(const Segment& segment) {
    // Expand-up, readable or data; a null segment has no access bits.
    return segment.base == 0 && segment.limit == 0xFFFFFFFF && segment.is_present() && !segment.is_code() &&
           (segment.type() & 4) == 0 && (segment.type() & 2) != 0;
}

}  // namespace

void Cpu::set_rflags(std::uint64_t value) {
    constexpr std::uint64_t kOthers = kTf | kIf | kDf | kIopl | kNt | kRf | kVm | kAc | kVif | kVip | kId;
    flags.store(value);
    other_flags = (value & kOthers) | 2;
    // Without breakpoints to ignore it would only make the next instruction slow.
    if (!watches_code_) other_flags &= ~kRf;
    mode_changed();
}

void Cpu::set_cpl(unsigned level) {
    cpl = level;
    mode_changed();
}

void Cpu::mode_changed() {
    bool is_long_code = is_long() && segments[kCs].l();
    mode_.code_bits = is_long_code ? 64 : segments[kCs].db() ? 32 : 16;
    mode_.stack_bits = is_long_code ? 64 : segments[kSs].db() ? 32 : 16;
    mode_.is_protected = (control.cr0 & kCr0Pe) != 0 && !is_v86();
    mode_.is_flat = mode_.code_bits == 32 && mode_.is_protected && is_flat_data(segments[kEs]) &&
                    is_flat_data(segments[kSs]) && is_flat_data(segments[kDs]);
    mode_.is_user = cpl == 3;
    link_epoch_ = link_epochs_[mode_.is_user ? 1 : 0];
    if (!is_long_code && (segments[kCs].base != code_base_ || segments[kCs].limit != code_limit_)) {
        code_base_ = segments[kCs].base;
        code_limit_ = segments[kCs].limit;
        forget_links();
    }
    checks_alignment_ = cpl == 3 && (control.cr0 & kCr0Am) != 0 && (other_flags & kAc) != 0;
    bool is_open = (control.cr4 & kCr4Smap) == 0 || (other_flags & kAc) != 0;
    set_view(cpl == 3 ? View::kUser : is_open ? View::kOpen : View::kSystem);
    units_changed();
}

// SDM volume 3, §2.5 (EM, TS, MP) and table 2-2; volume 1, §13.3 for what XCR0 has to do with it.
void Cpu::units_changed() {
    const bool em = (control.cr0 & kCr0Em) != 0, ts = (control.cr0 & kCr0Ts) != 0, mp = (control.cr0 & kCr0Mp) != 0;
    const std::uint8_t invalid = kInvalidOpcode, not_available = ts ? kDeviceNotAvailable : 0;
    const bool has_sse = !em && (control.cr4 & kCr4Osfxsr) != 0;
    const bool has_xsave = (control.cr4 & kCr4Osxsave) != 0;
    const bool has_avx = has_xsave && (control.xcr0 & 6) == 6 && mode_.is_protected;
    auto set = [&](Unit unit, std::uint8_t fault) { unit_fault[static_cast<std::size_t>(unit)] = fault; };
    set(Unit::kX87, em || ts ? kDeviceNotAvailable : 0);
    set(Unit::kWait, mp && ts ? kDeviceNotAvailable : 0);
    set(Unit::kMmx, em ? invalid : not_available);
    set(Unit::kSse, has_sse ? not_available : invalid);
    set(Unit::kAvx, has_avx ? not_available : invalid);
    set(Unit::kXsave, has_xsave ? not_available : invalid);
}

}  // namespace nyx::soft
