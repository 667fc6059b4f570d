#include "devices/irqchip/i8259.h"

namespace nyx::dev::irqchip {

static std::uint8_t bit(unsigned line) {
    return static_cast<std::uint8_t>(1U << line);
}

static std::uint8_t without(std::uint8_t bits, std::uint8_t gone) {
    return static_cast<std::uint8_t>(bits & ~gone);
}

void I8259::set_irq(unsigned line, bool level) {
    if (level) {
        if (!(state_.lines & bit(line))) state_.edges |= bit(line);
        state_.lines |= bit(line);
    } else {
        state_.lines = without(state_.lines, bit(line));
        state_.edges = without(state_.edges, bit(line));
    }
}

// "Edge and level triggered modes".
std::uint8_t I8259::irr() const {
    return static_cast<std::uint8_t>((state_.lines & state_.elcr) | (state_.edges & ~state_.elcr));
}

int I8259::highest(std::uint8_t bits) const {
    for (unsigned i = 1; i <= kPicLines; ++i) {
        unsigned line = (state_.lowest + i) % kPicLines;
        if (bits & bit(line)) return static_cast<int>(line);
    }
    return -1;
}

// "Fully nested mode": a line in service keeps out its own level and those below. "Special mask mode": not if it is
// masked. "Special fully nested mode": a slave in service does not keep itself out.
int I8259::requesting_line() const {
    if (state_.next_icw != kReady) return -1;
    std::uint8_t blocking = state_.special_mask ? without(state_.isr, state_.imr) : state_.isr;
    int served = highest(blocking);
    int line = highest(without(irr(), state_.imr));
    if (line < 0 || served < 0) return line;
    auto asking = static_cast<unsigned>(line);
    bool same_slave = line == served && (state_.icw4 & kIcw4SpecialFullyNested) && (slave_lines_ & bit(asking));
    return rank(asking) < rank(static_cast<unsigned>(served)) || same_slave ? line : -1;
}

unsigned I8259::acknowledge_line() {
    int asking = requesting_line();
    if (asking < 0) return kSpuriousLine;
    auto line = static_cast<unsigned>(asking);
    state_.edges = without(state_.edges, bit(line));
    state_.isr |= bit(line);
    if (state_.icw4 & kIcw4AutoEoi) end_of_interrupt(line, state_.rotate_in_auto_eoi);
    return line;
}

void I8259::end_of_interrupt(unsigned line, bool rotate) {
    ended_ = static_cast<std::uint8_t>(ended_ | (state_.isr & bit(line)));
    state_.isr = without(state_.isr, bit(line));
    if (rotate) state_.lowest = static_cast<std::uint8_t>(line);
}

// "Reading the 8259A status" and "Poll command": a read after the poll command is an acknowledge.
std::uint8_t I8259::read(unsigned a0) {
    if (state_.poll) {
        state_.poll = false;
        if (!has_interrupt()) return 0;
        return static_cast<std::uint8_t>(kPollInterrupt | acknowledge_line());
    }
    if (a0 == kPicData) return state_.imr;
    return state_.read_isr ? state_.isr : irr();
}

void I8259::set_elcr(std::uint8_t value) {
    state_.elcr = value;
}

void I8259::reset() {
    std::uint8_t lines = state_.lines;
    state_ = {};
    state_.lines = lines;
}

bool I8259::set_state(const State& state) {
    bool fits = state.lowest < kPicLines && state.next_icw <= 4 && !(state.base & ~kIcw2BaseMask) &&
                !(state.icw4 & ~kIcw4Known) && !(state.edges & ~state.lines);
    if (fits) state_ = state;
    return fits;
}

}  // namespace nyx::dev::irqchip
