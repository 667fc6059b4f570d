// Address translation and the slow ways of an access (Intel SDM volume 3, chapter 4).
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

void Cpu::read_physical(std::uint64_t physical, std::span<std::uint8_t> out) {
    if (auto page = memory_.find(physical))
        std::memcpy(out.data(), page->host + physical % kPageSize, out.size());
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
    std::memcpy(page->host + physical % kPageSize, bytes.data(), bytes.size());
    // Afterwards, so that nobody who decodes at the same time keeps what was there before.
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
            std::memcpy(slow_.data(), host(entry, linear), size);
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

bool Cpu::open(std::uint64_t linear, unsigned size) {
    auto parts = parts_of(linear, size, Touch::kWrite);
    if (!parts || !is_aligned(linear, size) || !may_write(*parts, size)) return false;
    if (!watch(linear, size, Touch::kWrite)) return false;
    open_ = *parts;
    std::span<std::uint8_t> out(slow_.data(), size);
    read_physical(open_.physical[0], out.first(open_.first_size));
    if (open_.first_size < size) read_physical(open_.physical[1], out.subspan(open_.first_size));
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

bool Cpu::store_slow(std::uint64_t linear, unsigned size) {
    if (size <= kPageSize - linear % kPageSize) {
        if (!translate(linear, Touch::kWrite)) return false;
        const TlbEntry& entry = tlb_->at(linear);
        if (entry.write == (linear & kPageMask)) {
            std::memcpy(host(entry, linear), slow_.data(), size);
            return true;
        }
    }
    auto parts = parts_of(linear, size, Touch::kWrite);
    if (!parts || !is_aligned(linear, size) || !may_write(*parts, size)) return false;
    if (!watch(linear, size, Touch::kWrite)) return false;
    open_ = *parts;
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
