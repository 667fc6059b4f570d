// Address translation (Intel SDM volume 3, chapter 4).
#include <algorithm>

#include "runtime/soft/descriptors.h"

namespace nyx::soft {
namespace {

// Of an entry of any level (SDM volume 3, §4.5, tables 4-14 to 4-20).
constexpr std::uint64_t kPresent = 1, kWritable = 2, kUser = 4, kAccessed = 0x20, kDirty = 0x40, kLarge = 0x80,
                        kGlobal = 0x100, kNoExecute = std::uint64_t{1} << 63;
constexpr std::uint64_t kAddressBits = 0x000F'FFFF'FFFF'F000;
constexpr std::uint64_t kLargePage = std::uint64_t{1} << 21, kHugePage = std::uint64_t{1} << 30;

// Bits from `low` up to and without `high`.
constexpr std::uint64_t bits_between(unsigned low, unsigned high) {
    return low >= high ? 0 : (~std::uint64_t{0} >> (64 - (high - low))) << low;
}

}  // namespace

void Cpu::page_fault(std::uint64_t linear, Touch touch, bool is_present, bool is_reserved) {
    // SDM volume 3, §4.7.
    bool reports_fetch = (control.efer & kEferNxe) != 0 && (control.cr4 & kCr4Pae) != 0;
    std::uint32_t error = (is_present ? 1u : 0) | (touch == Touch::kWrite ? 2u : 0) | (view_ == View::kUser ? 4u : 0) |
                          (is_reserved ? 8u : 0) |
                          (touch == Touch::kExecute && (reports_fetch || (control.cr4 & kCr4Smep) != 0) ? 16u : 0);
    stop_with({kPageFault, true, error, linear, false, false});
}

bool Cpu::may(const Translation& page, Touch touch) const {
    bool is_system = view_ != View::kUser;
    if (!is_system && !page.is_user) return false;
    switch (touch) {
        case Touch::kRead:
            return !(view_ == View::kSystem && page.is_user && (control.cr4 & kCr4Smap) != 0);
        case Touch::kWrite:
            if (view_ == View::kSystem && page.is_user && (control.cr4 & kCr4Smap) != 0) return false;
            return page.is_writable || (is_system && (control.cr0 & kCr0Wp) == 0);
        case Touch::kExecute:
            if (is_system && page.is_user && (control.cr4 & kCr4Smep) != 0) return false;
            return page.is_executable;
    }
    return false;
}

std::uint64_t Cpu::read_entry(std::uint64_t physical, unsigned size) {
    auto page = memory_.find(physical);
    std::uint64_t entry = 0;
    if (!page) {
        surroundings.read_mmio(physical, {reinterpret_cast<std::uint8_t*>(&entry), size});
        return entry;
    }
    // Other CPUs change them at the same time.
    std::uint8_t* at = page->host + physical % kPageSize;
    return size == 8 ? __atomic_load_n(reinterpret_cast<std::uint64_t*>(at), __ATOMIC_ACQUIRE)
                     : __atomic_load_n(reinterpret_cast<std::uint32_t*>(at), __ATOMIC_ACQUIRE);
}

// What must be zero in a present entry (SDM volume 3, tables 4-5, 4-6, 4-8 to 4-20).
std::uint64_t Cpu::reserved_bits(int level, bool is_large) const {
    if ((control.cr4 & kCr4Pae) == 0)  // PSE-36 has at most 40 bits, and keeps those above 31 from bit 13 on
        return is_large ? bits_between(13 + std::min(physical_bits_, 40u) - 32, 22) : 0;
    std::uint64_t reserved = bits_between(physical_bits_, is_long() ? 52 : 63);
    if ((control.efer & kEferNxe) == 0) reserved |= kNoExecute;
    if (level == 4) reserved |= kLarge;
    if (level == 3 && !has_huge_pages_) reserved |= kLarge;
    if (is_large) reserved |= bits_between(13, level == 3 ? 30 : 21);
    return reserved;
}

// Changes an entry that is still what it was; false: it is not, look again. The bus is locked for this (SDM volume 3,
// §8.1.2.1).
bool Cpu::mark(std::uint64_t physical, unsigned size, std::uint64_t entry, std::uint64_t wanted) {
    if (entry == wanted) return true;
    auto page = memory_.find(physical);
    if (!page || page->read_only) return true;
    if (PhysicalMemory::holds_code(*page, physical, size)) memory_.forget_code(*page);
    std::uint8_t* at = page->host + physical % kPageSize;
    if (size == 8)
        return __atomic_compare_exchange_n(reinterpret_cast<std::uint64_t*>(at), &entry, wanted, false,
                                           __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    auto narrow = static_cast<std::uint32_t>(entry);
    return __atomic_compare_exchange_n(reinterpret_cast<std::uint32_t*>(at), &narrow,
                                       static_cast<std::uint32_t>(wanted), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// One loop for all formats: levels of 9 bits with 8-byte entries, or two of 10 bits with 4-byte entries. The four
// pointers of PAE paging are registers, and only an address (SDM volume 3, §4.4.1).
std::optional<Cpu::Translation> Cpu::walk_entries(std::uint64_t linear, Touch touch, bool quietly) {
    const bool is_pae = (control.cr4 & kCr4Pae) != 0;
    const unsigned entry_size = is_pae ? 8 : 4;
    const unsigned bits = is_pae ? 9 : 10;
    const int top = is_long() ? 4 : 2;
    auto refuse = [&](bool is_present, bool is_reserved) -> std::optional<Translation> {
        if (!quietly) page_fault(linear, touch, is_present, is_reserved);
        return std::nullopt;
    };
    std::uint64_t root = control.cr3 & (is_long() ? kAddressBits : 0xFFFFF000);
    if (is_pae && !is_long()) {
        std::uint64_t pointer = control.page_pointers[linear >> 30 & 3];
        if ((pointer & kPresent) == 0) return refuse(false, false);
        root = pointer & kAddressBits;
    }
    for (;;) {
        Translation page;
        std::array<Step, 5> steps;
        std::uint64_t table = root;
        int level = top;
        for (;; --level) {
            unsigned shift = 12 + static_cast<unsigned>(level - 1) * bits;
            Step& step = steps[static_cast<std::size_t>(level)];
            step.physical = table + ((linear >> shift) & ((1u << bits) - 1)) * entry_size;
            const std::uint64_t entry = step.entry = read_entry(step.physical, entry_size);
            if ((entry & kPresent) == 0) return refuse(false, false);
            const bool may_be_large = level == 2 ? is_pae || (control.cr4 & kCr4Pse) != 0 : level == 3;
            const bool is_large = may_be_large && (entry & kLarge) != 0;
            if ((entry & reserved_bits(level, is_large)) != 0) return refuse(true, true);
            page.is_user = page.is_user && (entry & kUser) != 0;
            page.is_writable = page.is_writable && (entry & kWritable) != 0;
            page.is_executable = page.is_executable && !(is_pae && (entry & kNoExecute) != 0);
            if (level > 1 && !is_large) {
                table = entry & (is_pae ? kAddressBits : 0xFFFFF000);
                continue;
            }
            page.page_size = std::uint64_t{1} << shift;
            page.is_global = (entry & kGlobal) != 0 && (control.cr4 & kCr4Pge) != 0;
            std::uint64_t base = entry & (is_pae ? kAddressBits : 0xFFFFF000) & ~(page.page_size - 1);
            if (!is_pae && is_large) base |= (entry & 0x1FE000) << 19;
            page.physical = base | (linear & (page.page_size - 1));
            break;
        }
        if (!may(page, touch)) return refuse(true, false);
        if (quietly) return page;
        // Only an access that succeeds leaves its trace (SDM volume 3, §4.8).
        bool is_marked = true;
        for (int at = top; at >= level && is_marked; --at) {
            Step& step = steps[static_cast<std::size_t>(at)];
            bool gets_dirty = at == level && touch == Touch::kWrite;
            std::uint64_t wanted = step.entry | kAccessed | (gets_dirty ? kDirty : 0);
            is_marked = mark(step.physical, entry_size, step.entry, wanted);
            page.is_dirty = (wanted & kDirty) != 0;
        }
        if (is_marked) return page;
    }
}

bool Cpu::load_page_pointers(std::uint64_t cr3) {
    std::array<std::uint64_t, 4> pointers{};
    for (std::size_t i = 0; i < pointers.size(); ++i) {
        pointers[i] = read_entry((cr3 & 0xFFFFFFE0) + i * 8, 8);
        std::uint64_t reserved = 0x1E6 | bits_between(physical_bits_, 64);
        if ((pointers[i] & kPresent) != 0 && (pointers[i] & reserved) != 0) return false;
    }
    control.page_pointers = pointers;
    return true;
}

std::optional<Cpu::Translation> Cpu::walk(std::uint64_t linear, Touch touch, bool quietly) {
    if (is_long() && !is_canonical(linear)) {
        if (!quietly) stop_with({.vector = kGeneralProtection, .has_error_code = true, .by_address = true});
        return std::nullopt;
    }
    if ((control.cr0 & kCr0Pg) != 0) return walk_entries(linear, touch, quietly);
    Translation same;
    same.physical = linear & 0xFFFFFFFF;
    return same;
}

std::optional<std::uint64_t> Cpu::translate(std::uint64_t linear, Touch touch) {
    auto page = walk(linear, touch, false);
    if (!page) return std::nullopt;
    fill(linear, *page);
    return page->physical;
}

std::optional<std::uint64_t> Cpu::peek(std::uint64_t linear) const {
    auto& self = const_cast<Cpu&>(*this);
    View view = view_;
    self.set_view(View::kOpen);
    auto page = self.walk(linear, Touch::kRead, true);
    self.set_view(view);
    return page ? std::optional(page->physical) : std::nullopt;
}

void Cpu::note_size(std::uint64_t linear, std::uint64_t page_size) {
    if (page_size > kPageSize) large_[linear / kLargePage % large_.size()] = true;
    if (page_size == kHugePage) huge_[linear / kHugePage % huge_.size()] = true;
}

void Cpu::fill(std::uint64_t linear, const Translation& page) {
    auto memory = memory_.find(page.physical);
    if (!memory || tlb_ == &translations_.none() || is_watched_page(linear)) return;
    std::uint64_t here = linear & kPageMask;
    TlbEntry entry;
    entry.page = here;
    entry.addend = reinterpret_cast<std::uint64_t>(memory->host) - here;
    if (may(page, Touch::kRead)) entry.read = here;
    bool is_plain = !memory->read_only && memory->state->code_lines.load() == 0;
    if (is_plain && page.is_dirty && may(page, Touch::kWrite)) entry.write = here;
    tlb_->set(linear, entry, page.is_global);
    note_size(linear, page.page_size);
}

void Cpu::flush_tlb(bool with_global) {
    translations_.flush(with_global, pcid());
    forget_links();
    if (!with_global) return;
    large_.reset();
    huge_.reset();
}

void Cpu::flush_tlb_context(std::uint32_t pcid) {
    forget_links(translations_.flush_context(pcid));
}

void Cpu::set_cr3(std::uint64_t value, bool keeps) {
    control.cr3 = value;
    forget_links(translations_.switch_to(pcid(), keeps));
    set_view(view_);
}

// One entry of ours is 4 KiB of what may be a large page of the guest's, which goes as a whole (SDM volume 3,
// §4.10.4.1). Pages of 4 MiB are kept track of by halves.
void Cpu::flush_tlb_page(std::uint64_t linear) {
    std::uint64_t pair = linear & ~(2 * kLargePage - 1);
    bool has_huge = huge_[linear / kHugePage % huge_.size()];
    bool has_large = large_[pair / kLargePage % large_.size()] || large_[(pair / kLargePage + 1) % large_.size()];
    auto flush = [&](auto& tlb) {
        if (has_huge) return tlb.flush_range(linear & ~(kHugePage - 1), kHugePage);
        if (has_large) return tlb.flush_range(pair, 2 * kLargePage);
        return tlb.flush_page(linear);
    };
    forget_links(translations_.flush_page(flush));
}

}  // namespace nyx::soft
