// The slow ways of an access: operands over the end of a page, devices, ROM, code, and what a breakpoint watches.
#include <algorithm>

#include "runtime/base/fence.h"
#include "runtime/soft/translation.h"

namespace nyx::soft {

void Cpu::read_physical(std::uint64_t physical, std::span<std::uint8_t> out) {
    if (auto page = memory_.find(physical))
        copy_guest(out.data(), page->host + physical % kPageSize, out.size());
    else
        surroundings.read_mmio(physical, out);
}

// Devices are met by instructions that run alone, so that what they see of the CPU (its instruction count, its RIP) is
// exact.
bool Cpu::may_read(std::uint64_t physical) {
    if (alone_ || memory_.find(physical)) return true;
    stop(Stop::kAlone);
    return false;
}

bool Cpu::may_write(std::uint64_t physical, unsigned size) {
    if (alone_) return true;
    auto page = memory_.find(physical);
    if (page && !PhysicalMemory::holds_code(*page, physical, size)) return true;
    stop(Stop::kAlone);
    return false;
}

bool Cpu::may_write(const Parts& parts, unsigned size) {
    unsigned rest = size - parts.first_size;
    return may_write(parts.physical[0], parts.first_size) && (rest == 0 || may_write(parts.physical[1], rest));
}

// SDM volume 3, §6.15, interrupt 17.
bool Cpu::is_aligned(std::uint64_t linear, unsigned size) {
    bool matters = checks_alignment_ && view_ == View::kUser && (size == 2 || size == 4 || size == 8);
    if (!matters || linear % size == 0) return true;
    raise(kAlignmentCheck, 0);
    return false;
}

void Cpu::write_physical(std::uint64_t physical, std::span<const std::uint8_t> bytes) {
    auto page = memory_.find(physical);
    if (!page) return surroundings.write_mmio(physical, bytes);
    if (page->read_only) return;
    copy_guest(page->host + physical % kPageSize, bytes.data(), bytes.size());
    // Afterwards, so that nobody who decodes at the same time keeps what was there before.
    full_fence();
    if (PhysicalMemory::holds_code(*page, physical, bytes.size())) memory_.forget_code(*page);
}

std::optional<Cpu::Parts> Cpu::parts_of(std::uint64_t linear, unsigned size, Touch touch) {
    Parts parts;
    parts.first_size = static_cast<unsigned>(std::min<std::uint64_t>(size, kPageSize - linear % kPageSize));
    if (parts.first_size < size && walk(linear, touch, true)) {
        // The second page first, so that the first one gets no dirty bit when the second one refuses.
        std::uint64_t rest = linear + parts.first_size;
        if (!is_long()) rest &= 0xFFFFFFFF;
        auto second = translate(rest, touch);
        if (!second) return std::nullopt;
        parts.physical[1] = *second;
    }
    auto first = translate(linear, touch);
    if (!first) return std::nullopt;
    parts.physical[0] = *first;
    return parts;
}

bool Cpu::load_slow(std::uint64_t linear, unsigned size) {
    if (size <= kPageSize - linear % kPageSize) {
        if (!translate(linear, Touch::kRead)) return false;
        const TlbEntry& entry = tlb_->at(linear);
        if (entry.read == (linear & kPageMask)) {
            copy_guest(slow_.data(), host(entry, linear), size);
            return true;
        }
    }
    auto parts = parts_of(linear, size, Touch::kRead);
    if (!parts || !is_aligned(linear, size)) return false;
    const bool is_split = parts->first_size < size;
    if (!may_read(parts->physical[0]) || (is_split && !may_read(parts->physical[1]))) return false;
    if (!watch(linear, size, Touch::kRead)) return false;
    std::span<std::uint8_t> out(slow_.data(), size);
    read_physical(parts->physical[0], out.first(parts->first_size));
    if (is_split) read_physical(parts->physical[1], out.subspan(parts->first_size));
    return true;
}

// False: it cannot be written. Nothing has been touched yet.
bool Cpu::find_operand(std::uint64_t linear, unsigned size) {
    auto parts = parts_of(linear, size, Touch::kWrite);
    if (!parts || !is_aligned(linear, size) || !may_write(*parts, size)) return false;
    if (!watch(linear, size, Touch::kWrite)) return false;
    open_ = *parts;
    return true;
}

void Cpu::read_operand(unsigned size) {
    std::span<std::uint8_t> out(slow_.data(), size);
    read_physical(open_.physical[0], out.first(open_.first_size));
    if (open_.first_size < size) read_physical(open_.physical[1], out.subspan(open_.first_size));
}

bool Cpu::open(std::uint64_t linear, unsigned size) {
    if (!find_operand(linear, size)) return false;
    read_operand(size);
    return true;
}

bool Cpu::open_locked(std::uint64_t linear, unsigned size) {
    if (!find_operand(linear, size)) return false;
    if (opened_in_place(size) != nullptr) return true;
    memory_.bus().lock(attention_);
    read_operand(size);
    return true;
}

std::uint8_t* Cpu::opened_in_place(unsigned size) {
    if (open_.first_size < size) return nullptr;
    auto page = memory_.find(open_.physical[0]);
    return page && !page->read_only ? page->host + open_.physical[0] % kPageSize : nullptr;
}

void Cpu::closed_in_place(unsigned size) {
    auto page = memory_.find(open_.physical[0]);
    if (page && PhysicalMemory::holds_code(*page, open_.physical[0], size)) memory_.forget_code(*page);
}

void Cpu::close(unsigned size) {
    std::span<const std::uint8_t> bytes(slow_.data(), size);
    write_physical(open_.physical[0], bytes.first(open_.first_size));
    if (open_.first_size < size) write_physical(open_.physical[1], bytes.subspan(open_.first_size));
}

void Cpu::close_locked(unsigned size) {
    close(size);
    memory_.bus().unlock(attention_);
}

bool Cpu::store_slow(std::uint64_t linear, unsigned size) {
    if (size <= kPageSize - linear % kPageSize) {
        if (!translate(linear, Touch::kWrite)) return false;
        const TlbEntry& entry = tlb_->at(linear);
        if (entry.write == (linear & kPageMask)) {
            copy_guest(host(entry, linear), slow_.data(), size);
            return true;
        }
    }
    if (!find_operand(linear, size)) return false;
    close(size);
    return true;
}

Cpu::DirectRun Cpu::direct_run(std::uint64_t linear, std::uint64_t size, Touch touch) {
    const TlbEntry& entry = tlb_->at(linear);
    std::uint64_t tag = touch == Touch::kWrite ? entry.write : entry.read;
    if (tag != (linear & kPageMask)) return {};
    return {host(entry, linear), std::min(size, kPageSize - linear % kPageSize)};
}

// Somebody has decoded code on a page for the first time: what this CPU may write without a look may have changed. Or
// code was written to: where it went on so far may be no more.
void Cpu::look_at_code() {
    no_attention(kWantCodeLook);
    forget_links();
    translations_.visit_data([](DataTlb& tlb) {
        for (TlbEntry& entry : tlb.entries()) entry.write = kNoPage;
    });
}

}  // namespace nyx::soft
