// Segment registers and what they allow (Intel SDM volume 3, chapters 3 and 5).
#include "runtime/soft/descriptors.h"

namespace nyx::soft {

// SDM volume 3, §5.3 to §5.5; in real and virtual-8086 mode only the limit counts.
std::optional<std::uint64_t> Cpu::place_in(const Segment& segment, std::uint64_t offset, unsigned size,
                                           Touch touch) const {
    bool ok = true;
    if (mode_.is_protected) {
        bool is_writable = !segment.is_code() && (segment.type() & 2) != 0;
        bool is_readable = !segment.is_code() || (segment.type() & 2) != 0;
        ok = segment.is_present() && (touch == Touch::kWrite ? is_writable : is_readable);
    }
    std::uint64_t last = offset + size - 1;
    bool expands_down = mode_.is_protected && !segment.is_code() && (segment.type() & 4) != 0;
    std::uint64_t top = segment.db() ? 0xFFFFFFFF : 0xFFFF;
    ok = ok && (expands_down ? offset > segment.limit && last <= top : last <= segment.limit);
    if (!ok) return std::nullopt;
    return (segment.base + offset) & 0xFFFFFFFF;
}

std::optional<std::uint64_t> Cpu::linear_address(unsigned number, std::uint64_t offset, unsigned size, Touch touch) {
    if (is_64()) {
        std::uint64_t base = number == kFs || number == kGs ? segments[number].base : 0;
        return base + offset;
    }
    auto linear = place_in(segments[number], offset, size, touch);
    if (!linear) raise(number == kSs ? kStackFault : kGeneralProtection, 0);
    return linear;
}

// SDM volume 3, §20.1.1: real mode leaves limit and attributes as they are; virtual-8086 mode has fixed ones.
void Cpu::load_real_segment(Seg number, std::uint16_t selector) {
    Segment& segment = segments[number];
    segment.selector = selector;
    segment.base = std::uint64_t{selector} << 4;
    if (is_v86()) {
        segment.limit = 0xFFFF;
        segment.access = static_cast<std::uint16_t>(Segment::kPresent | Segment::kS | 3u << 5 | 3);
    }
}

namespace {

bool check_stack(Cpu& cpu, const Descriptor& found) {
    std::uint32_t code = code_of(found.selector);
    if (rpl_of(found.selector) != cpu.cpl || found.dpl() != cpu.cpl || !found.is_writable_data())
        return fail_with(cpu, kGeneralProtection, code);
    return found.is_present() || fail_with(cpu, kStackFault, code);
}

bool check_data(Cpu& cpu, const Descriptor& found) {
    std::uint32_t code = code_of(found.selector);
    if (!found.is_readable()) return fail_with(cpu, kGeneralProtection, code);
    if (!found.is_conforming() && (rpl_of(found.selector) > found.dpl() || cpu.cpl > found.dpl()))
        return fail_with(cpu, kGeneralProtection, code);
    return found.is_present() || fail_with(cpu, kSegmentNotPresent, code);
}

}  // namespace

// SDM volume 2, MOV, "Loading a segment register".
bool Cpu::load_segment(Seg number, std::uint16_t selector) {
    if (!is_protected()) {
        load_real_segment(number, selector);
        return true;
    }
    if (is_null(selector)) {
        if (number == kSs && (!is_64() || cpl == 3 || rpl_of(selector) != cpl))
            return fail_with(*this, kGeneralProtection, 0);
        segments[number] = null_segment(selector);
        mode_changed();
        return true;
    }
    auto found = descriptor_of(*this, selector, kGeneralProtection);
    if (!found || !(number == kSs ? check_stack(*this, *found) : check_data(*this, *found))) return false;
    if (!mark_accessed(*this, *found)) return false;
    segments[number] = found->segment();
    mode_changed();
    return true;
}

}  // namespace nyx::soft
