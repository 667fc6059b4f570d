#include "runtime/soft/descriptors.h"

namespace nyx::soft {

std::uint32_t Descriptor::limit() const {
    auto limit = static_cast<std::uint32_t>((low & 0xFFFF) | (low >> 32 & 0xF0000));
    return (low >> 55 & 1) != 0 ? limit << 12 | 0xFFF : limit;
}

Segment Descriptor::segment() const {
    Segment made;
    made.base = (low >> 16 & 0xFFFFFF) | (low >> 32 & 0xFF000000) | (is_system() ? high << 32 : 0);
    made.limit = limit();
    made.selector = selector;
    made.access = static_cast<std::uint16_t>(low >> 40 & 0xF0FF);
    return made;
}

std::uint64_t Descriptor::target_offset() const {
    std::uint64_t offset = low & 0xFFFF;
    bool is_16 = (type() & 8) == 0;
    if (!is_16) offset |= (low >> 32 & 0xFFFF0000) | high << 32;
    return offset;
}

std::optional<Descriptor> descriptor_of(Cpu& cpu, std::uint16_t selector, Vector vector, std::uint32_t ext) {
    Descriptor found;
    found.selector = selector;
    std::uint64_t base = cpu.gdt.base;
    std::uint64_t limit = cpu.gdt.limit;
    bool is_local = (selector & 4) != 0;
    if (is_local) {
        const Segment& ldt = cpu.segments[kLdtr];
        base = ldt.base;
        limit = ldt.limit;
    }
    std::uint32_t offset = selector & ~7u;
    if ((is_local && !cpu.segments[kLdtr].is_present()) || offset + 7 > limit) {
        cpu.raise(vector, code_of(selector, ext));
        return std::nullopt;
    }
    found.address = base + offset;
    if (!cpu.load_system(found.address, found.low)) return std::nullopt;
    return found;
}

bool complete(Cpu& cpu, Descriptor& descriptor, Vector vector, std::uint32_t ext) {
    if (!cpu.is_long()) return true;
    bool is_local = (descriptor.selector & 4) != 0;
    std::uint64_t limit = is_local ? cpu.segments[kLdtr].limit : cpu.gdt.limit;
    if ((descriptor.selector & ~7u) + 15 > limit) return fail_with(cpu, vector, code_of(descriptor.selector, ext));
    if (!cpu.load_system(descriptor.address + 8, descriptor.high)) return false;
    // Where a second type would be there are zeros (SDM volume 3, §5.8.3.1).
    if ((descriptor.high >> 40 & 0x1F) != 0) return fail_with(cpu, vector, code_of(descriptor.selector, ext));
    descriptor.high &= 0xFFFFFFFF;
    return true;
}

bool mark_accessed(Cpu& cpu, Descriptor& descriptor) {
    if (descriptor.is_accessed()) return true;
    std::uint64_t marked = descriptor.low | std::uint64_t{1} << 40;
    if (!cpu.store_system(descriptor.address + 5, static_cast<std::uint8_t>(marked >> 40))) return false;
    descriptor.low = marked;
    return true;
}

NewStack::NewStack(const Cpu& cpu, std::uint32_t ext)
    : ss_(cpu.segments[kSs]), rsp_(cpu.gpr[kRsp]), mask_(cpu.stack_mask()), level_(cpu.cpl), code_(ext) {}

NewStack::NewStack(const Segment& ss, std::uint64_t rsp, bool is_64, unsigned level, std::uint32_t code)
    : ss_(ss),
      rsp_(rsp),
      mask_(is_64     ? ~0ull
            : ss.db() ? 0xFFFFFFFF
                      : 0xFFFF),
      level_(level),
      code_(code) {}

std::optional<std::uint64_t> NewStack::below(Cpu& cpu, unsigned size) const {
    std::uint64_t at = (rsp_ - size) & mask_;
    if (mask_ == ~0ull) {
        if (is_canonical(at)) return at;
    } else if (auto linear = cpu.place_in(ss_, at, size, Touch::kWrite)) {
        return linear;
    }
    cpu.raise(kStackFault, code_);
    return std::nullopt;
}

void NewStack::move(std::uint64_t by) {
    rsp_ = (rsp_ & ~mask_) | ((rsp_ + by) & mask_);
}

namespace {

// SS:ESP for a level, from a TSS of 32 or 16 bits.
std::optional<std::uint64_t> pointer_in_tss(Cpu& cpu, unsigned level, std::uint16_t& selector, std::uint32_t ext) {
    const Segment& tss = cpu.segments[kTr];
    bool is_32 = (tss.type() & 8) != 0;
    std::uint32_t offset = is_32 ? 4 + level * 8 : 2 + level * 4;
    if (offset + (is_32 ? 5 : 3) > tss.limit) {
        cpu.raise(kInvalidTss, code_of(tss.selector, ext));
        return std::nullopt;
    }
    std::uint32_t wide = 0;
    std::uint16_t narrow = 0;
    bool ok = is_32 ? cpu.load_system(tss.base + offset, wide) : cpu.load_system(tss.base + offset, narrow);
    if (!ok || !cpu.load_system(tss.base + offset + (is_32 ? 4 : 2), selector)) return std::nullopt;
    return is_32 ? wide : narrow;
}

}  // namespace

std::optional<NewStack> stack_from_tss(Cpu& cpu, unsigned level, std::uint32_t ext) {
    std::uint16_t selector = 0;
    auto pointer = pointer_in_tss(cpu, level, selector, ext);
    if (!pointer) return std::nullopt;
    auto refuse = [&](Vector vector) {
        cpu.raise(vector, code_of(selector, ext));
        return std::nullopt;
    };
    if (is_null(selector)) return refuse(kInvalidTss);
    auto ss = descriptor_of(cpu, selector, kInvalidTss, ext);
    if (!ss) return std::nullopt;
    if (rpl_of(selector) != level || ss->dpl() != level || !ss->is_writable_data()) return refuse(kInvalidTss);
    if (!ss->is_present()) return refuse(kStackFault);
    if (!mark_accessed(cpu, *ss)) return std::nullopt;
    return NewStack(ss->segment(), *pointer, false, level, code_of(selector, ext));
}

std::optional<NewStack> stack_from_long_tss(Cpu& cpu, unsigned level, unsigned ist, std::uint32_t ext) {
    const Segment& tss = cpu.segments[kTr];
    std::uint32_t offset = ist == 0 ? 4 + level * 8 : 0x24 + (ist - 1) * 8;
    if (offset + 7 > tss.limit) {
        cpu.raise(kInvalidTss, code_of(tss.selector, ext));
        return std::nullopt;
    }
    std::uint64_t rsp = 0;
    if (!cpu.load_system(tss.base + offset, rsp)) return std::nullopt;
    if (!is_canonical(rsp)) {
        cpu.raise(kStackFault, ext);
        return std::nullopt;
    }
    Segment ss = level == cpu.cpl ? cpu.segments[kSs] : null_segment(static_cast<std::uint16_t>(level));
    return NewStack(ss, rsp, true, level, ext);
}

void enter_code(Cpu& cpu, const Descriptor& code, unsigned level) {
    cpu.segments[kCs] = code.segment();
    cpu.segments[kCs].selector = static_cast<std::uint16_t>((code.selector & ~3u) | level);
    cpu.set_cpl(level);
}

void drop_privileged_segments(Cpu& cpu, unsigned level) {
    for (Seg number : {kEs, kDs, kFs, kGs}) {
        Segment& segment = cpu.segments[number];
        bool is_conforming = segment.is_code() && (segment.type() & 4) != 0;
        if (!is_null(segment.selector) && !is_conforming && segment.dpl() < level) segment = null_segment(0);
    }
}

Segment null_segment(std::uint16_t selector) {
    Segment none;
    none.limit = 0;
    none.selector = selector;
    return none;
}

}  // namespace nyx::soft
