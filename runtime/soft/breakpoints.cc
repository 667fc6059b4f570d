// Breakpoints of the debug registers (Intel SDM volume 3, §17.2).
//
// While an instruction breakpoint is enabled every instruction runs alone. Pages with data breakpoints are kept out of
// the fast path; an access that meets one is started again alone, so that the trap comes right behind it.
#include "runtime/soft/cpu.h"

namespace nyx::soft {
namespace {

enum class Condition : std::uint8_t { kExecute, kWrite, kPort, kReadWrite };

struct Breakpoint {
    bool is_enabled = false;
    Condition condition = Condition::kExecute;
    std::uint64_t first = 0, size = 1;

    bool overlaps(std::uint64_t at, std::uint64_t bytes) const {
        return is_enabled && at < first + size && first < at + bytes;
    }
};

Breakpoint breakpoint(const ControlRegisters& control, unsigned number) {
    constexpr std::uint64_t kSizes[4] = {1, 2, 8, 4};
    Breakpoint made;
    made.is_enabled = (control.dr7 >> (2 * number) & 3) != 0;
    made.condition = static_cast<Condition>(control.dr7 >> (16 + 4 * number) & 3);
    made.size = kSizes[control.dr7 >> (18 + 4 * number) & 3];
    made.first = control.dr[number] & ~(made.size - 1);
    if (made.condition == Condition::kPort && (control.cr4 & kCr4De) == 0) made.is_enabled = false;
    return made;
}

}  // namespace

void Cpu::breakpoints_changed() {
    const bool watched_data = watches_data_;
    watches_code_ = watches_data_ = watches_ports_ = false;
    for (unsigned i = 0; i < 4; ++i) {
        Breakpoint at = breakpoint(control, i);
        if (!at.is_enabled) continue;
        watches_code_ |= at.condition == Condition::kExecute;
        watches_ports_ |= at.condition == Condition::kPort;
        watches_data_ |= at.condition == Condition::kWrite || at.condition == Condition::kReadWrite;
    }
    if (watches_data_ || watched_data) flush_tlb(true);
}

bool Cpu::stops_at_breakpoint(std::uint64_t linear) {
    if (!watches_code_ || debug_shadow || (other_flags & kRf) != 0) return false;
    std::uint64_t hits = 0;
    for (unsigned i = 0; i < 4; ++i) {
        Breakpoint at = breakpoint(control, i);
        if (at.condition == Condition::kExecute && at.overlaps(linear, 1)) hits |= 1u << i;
    }
    if (hits == 0) return false;
    control.dr6 |= hits;
    raise(kDebug);
    return true;
}

bool Cpu::is_watched_page(std::uint64_t linear) const {
    if (!watches_data_) return false;
    for (unsigned i = 0; i < 4; ++i) {
        Breakpoint at = breakpoint(control, i);
        bool is_data = at.condition == Condition::kWrite || at.condition == Condition::kReadWrite;
        if (is_data && at.overlaps(linear & kPageMask, kPageSize)) return true;
    }
    return false;
}

bool Cpu::note_hits(unsigned hits) {
    if (hits != 0 && !alone_) {
        stop(Stop::kAlone);
        return false;
    }
    debug_hits_ = static_cast<std::uint8_t>(debug_hits_ | hits);
    return true;
}

bool Cpu::watch(std::uint64_t linear, unsigned size, Touch touch) {
    if (!watches_data_) return true;
    unsigned hits = 0;
    for (unsigned i = 0; i < 4; ++i) {
        Breakpoint at = breakpoint(control, i);
        bool matters =
            at.condition == Condition::kReadWrite || (at.condition == Condition::kWrite && touch == Touch::kWrite);
        if (matters && at.overlaps(linear, size)) hits |= 1u << i;
    }
    return note_hits(hits);
}

bool Cpu::watch_port(std::uint16_t port, unsigned size) {
    if (!watches_ports_) return true;
    unsigned hits = 0;
    for (unsigned i = 0; i < 4; ++i) {
        Breakpoint at = breakpoint(control, i);
        if (at.condition == Condition::kPort && at.overlaps(port, size)) hits |= 1u << i;
    }
    return note_hits(hits);
}

}  // namespace nyx::soft
