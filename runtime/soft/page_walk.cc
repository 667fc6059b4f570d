// From a linear address to what the page tables say of it (Intel SDM volume 3, chapter 4).
#include <algorithm>

#include "runtime/soft/descriptors.h"
#include "runtime/soft/translation.h"

namespace nyx::soft {
namespace {

// Of an entry of any level (SDM volume 3, §4.5, tables 4-14 to 4-20).
constexpr std::uint64_t kPresent = 1, kWritable = 2, kUser = 4, kAccessed = 0x20, kDirty = 0x40, kLarge = 0x80,
                        kGlobal = 0x100, kNoExecute = std::uint64_t{1} << 63;
constexpr std::uint64_t kAddressBits = 0x000F'FFFF'FFFF'F000;

// Bits from `low` up to and without `high`.
constexpr std::uint64_t bits_between(unsigned low, unsigned high) {
    return low >= high ? 0 : (~std::uint64_t{0} >> (64 - (high - low))) << low;
}

std::uint64_t read_entry(PhysicalMemory& memory, Outside& outside, std::uint64_t physical, unsigned size) {
    auto page = memory.find(physical);
    std::uint64_t entry = 0;
    if (!page) {
        outside.read_mmio(physical, {reinterpret_cast<std::uint8_t*>(&entry), size});
        return entry;
    }
    // Other CPUs change them at the same time.
    std::uint8_t* at = page->host + physical % kPageSize;
    return size == 8 ? __atomic_load_n(reinterpret_cast<std::uint64_t*>(at), __ATOMIC_ACQUIRE)
                     : __atomic_load_n(reinterpret_cast<std::uint32_t*>(at), __ATOMIC_ACQUIRE);
}

}  // namespace

// With paging enabled. One loop for all formats: levels of 9 bits with 8-byte entries, or two of 10 bits with 4-byte
// entries. The four pointers of PAE paging are registers, and only an address (SDM volume 3, §4.4.1).
class PageWalk {
  public:
    PageWalk(Cpu& cpu, std::uint64_t linear, Touch touch, bool quietly)
        : cpu_(cpu),
          linear_(linear),
          touch_(touch),
          quietly_(quietly),
          is_pae_((cpu.control.cr4 & kCr4Pae) != 0),
          entry_size_(is_pae_ ? 8 : 4),
          bits_(is_pae_ ? 9 : 10),
          address_bits_(is_pae_ ? kAddressBits : 0xFFFFF000),
          top_(cpu.is_long() ? 4 : 2) {}

    std::optional<Translation> find() {
        std::uint64_t root = cpu_.control.cr3 & (cpu_.is_long() ? kAddressBits : 0xFFFFF000);
        if (is_pae_ && !cpu_.is_long()) {
            std::uint64_t pointer = cpu_.control.page_pointers[linear_ >> 30 & 3];
            if ((pointer & kPresent) == 0) return refuse(false, false);
            root = pointer & kAddressBits;
        }
        for (;;) {
            std::optional<Translation> page = descend(root);
            if (!page) return std::nullopt;
            if (!cpu_.may(*page, touch_)) return refuse(true, false);
            if (quietly_ || leave_trace(*page)) return page;
        }
    }

  private:
    struct Step {
        std::uint64_t physical = 0, entry = 0;
    };

    // SDM volume 3, §4.7.
    std::nullopt_t refuse(bool is_present, bool is_reserved) {
        if (quietly_) return std::nullopt;
        const ControlRegisters& control = cpu_.control;
        bool reports_fetch = (control.efer & kEferNxe) != 0 && is_pae_;
        bool is_fetch = touch_ == Touch::kExecute && (reports_fetch || (control.cr4 & kCr4Smep) != 0);
        std::uint32_t error = (is_present ? 1u : 0) | (touch_ == Touch::kWrite ? 2u : 0) |
                              (cpu_.view_ == View::kUser ? 4u : 0) | (is_reserved ? 8u : 0) | (is_fetch ? 16u : 0);
        cpu_.stop_with({kPageFault, true, error, linear_, false, false});
        return std::nullopt;
    }

    // To the entry of the page itself. A right that one entry on the way withholds is not there.
    std::optional<Translation> descend(std::uint64_t table) {
        Translation page;
        for (level_ = top_;; --level_) {
            const std::uint64_t entry = step_into(table);
            if ((entry & kPresent) == 0) return refuse(false, false);
            const bool is_large = may_be_large() && (entry & kLarge) != 0;
            if ((entry & reserved_bits(is_large)) != 0) return refuse(true, true);
            page.is_user = page.is_user && (entry & kUser) != 0;
            page.is_writable = page.is_writable && (entry & kWritable) != 0;
            page.is_executable = page.is_executable && !(is_pae_ && (entry & kNoExecute) != 0);
            if (level_ == 1 || is_large) {
                end_at(entry, is_large, page);
                return page;
            }
            table = entry & address_bits_;
        }
    }

    std::uint64_t step_into(std::uint64_t table) {
        Step& step = steps_[static_cast<std::size_t>(level_)];
        step.physical = table + ((linear_ >> shift()) & ((1u << bits_) - 1)) * entry_size_;
        step.entry = read_entry(cpu_.memory_, cpu_.surroundings, step.physical, entry_size_);
        return step.entry;
    }

    unsigned shift() const { return 12 + static_cast<unsigned>(level_ - 1) * bits_; }
    bool may_be_large() const { return level_ == 2 ? is_pae_ || (cpu_.control.cr4 & kCr4Pse) != 0 : level_ == 3; }

    // What must be zero in a present entry (SDM volume 3, tables 4-5, 4-6, 4-8 to 4-20).
    std::uint64_t reserved_bits(bool is_large) const {
        if (!is_pae_)  // PSE-36 has at most 40 bits, and keeps those above 31 from bit 13 on
            return is_large ? bits_between(13 + std::min(cpu_.physical_bits_, 40u) - 32, 22) : 0;
        std::uint64_t reserved = bits_between(cpu_.physical_bits_, cpu_.is_long() ? 52 : 63);
        if ((cpu_.control.efer & kEferNxe) == 0) reserved |= kNoExecute;
        if (level_ == 4) reserved |= kLarge;
        if (level_ == 3 && !cpu_.has_huge_pages_) reserved |= kLarge;
        if (is_large) reserved |= bits_between(13, level_ == 3 ? 30 : 21);
        return reserved;
    }

    void end_at(std::uint64_t entry, bool is_large, Translation& page) const {
        page.page_size = std::uint64_t{1} << shift();
        page.is_global = (entry & kGlobal) != 0 && (cpu_.control.cr4 & kCr4Pge) != 0;
        std::uint64_t base = entry & address_bits_ & ~(page.page_size - 1);
        if (!is_pae_ && is_large) base |= (entry & 0x1FE000) << 19;
        page.physical = base | (linear_ & (page.page_size - 1));
    }

    // Only an access that succeeds does (SDM volume 3, §4.8). False: an entry has changed meanwhile, look again.
    bool leave_trace(Translation& page) {
        for (int at = top_; at >= level_; --at) {
            const Step& step = steps_[static_cast<std::size_t>(at)];
            bool gets_dirty = at == level_ && touch_ == Touch::kWrite;
            std::uint64_t wanted = step.entry | kAccessed | (gets_dirty ? kDirty : 0);
            if (step.entry != wanted && !mark(step, wanted)) return false;
            page.is_dirty = (wanted & kDirty) != 0;
        }
        return true;
    }

    // Changes an entry that is still what it was; false: it is not. The bus is locked for this (SDM volume 3,
    // §8.1.2.1).
    bool mark(const Step& step, std::uint64_t wanted) {
        auto page = cpu_.memory_.find(step.physical);
        if (!page || page->read_only) return true;
        if (PhysicalMemory::holds_code(*page, step.physical, entry_size_)) cpu_.memory_.forget_code(*page);
        std::uint8_t* at = page->host + step.physical % kPageSize;
        if (entry_size_ == 8) return replace<std::uint64_t>(at, step.entry, wanted);
        return replace<std::uint32_t>(at, step.entry, wanted);
    }

    template <class T>
    static bool replace(std::uint8_t* at, std::uint64_t entry, std::uint64_t wanted) {
        auto expected = static_cast<T>(entry);
        return __atomic_compare_exchange_n(reinterpret_cast<T*>(at), &expected, static_cast<T>(wanted), false,
                                           __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }

    Cpu& cpu_;
    const std::uint64_t linear_;
    const Touch touch_;
    const bool quietly_;
    const bool is_pae_;
    const unsigned entry_size_, bits_;
    const std::uint64_t address_bits_;  // of an entry that leads on
    const int top_;
    int level_ = 0;              // that the walk has come to
    std::array<Step, 5> steps_;  // by level
};

std::optional<Translation> Cpu::walk(std::uint64_t linear, Touch touch, bool quietly) {
    if (is_long() && !is_canonical(linear)) {
        if (!quietly) stop_with({.vector = kGeneralProtection, .has_error_code = true, .by_address = true});
        return std::nullopt;
    }
    if ((control.cr0 & kCr0Pg) != 0) return PageWalk(*this, linear, touch, quietly).find();
    Translation same;
    same.physical = linear & 0xFFFFFFFF;
    return same;
}

bool Cpu::load_page_pointers(std::uint64_t cr3) {
    std::array<std::uint64_t, 4> pointers{};
    for (std::size_t i = 0; i < pointers.size(); ++i) {
        pointers[i] = read_entry(memory_, surroundings, (cr3 & 0xFFFFFFE0) + i * 8, 8);
        std::uint64_t reserved = 0x1E6 | bits_between(physical_bits_, 64);
        if ((pointers[i] & kPresent) != 0 && (pointers[i] & reserved) != 0) return false;
    }
    control.page_pointers = pointers;
    return true;
}

}  // namespace nyx::soft
