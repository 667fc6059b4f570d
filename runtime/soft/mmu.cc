// Translations: found by a walk of the page tables, remembered, forgotten (Intel SDM volume 3, chapter 4).
#include "runtime/soft/translation.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kLargePage = std::uint64_t{1} << 21, kHugePage = std::uint64_t{1} << 30;

}  // namespace

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
