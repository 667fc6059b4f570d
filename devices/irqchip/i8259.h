// One Intel 8259A interrupt controller.
//
// A line requests service while it is high: in edge mode only from a rising edge on, until acknowledged. A line that
// goes low before the acknowledge takes its request back ("Interrupt sequence": the acknowledge then gives IR7, with no
// bit in service). From power-on to the end of its first initialisation the chip requests nothing. Not modelled: the
// three-byte CALL of 8080 mode, buffered mode, and LTIM of ICW1, for which PC chip sets have the ELCR.
// Not thread-safe: the caller holds the lock of the interrupt controllers (pc_irq_chip.h).
#pragma once

#include <cstdint>
#include <utility>

#include "devices/irqchip/i8259_spec.h"
#include "devices/kit/state.h"

namespace nyx::dev::irqchip {

class I8259 {
  public:
    // slave_lines: those that slaves drive, one bit each (what software says again in ICW3 of the master).
    explicit I8259(std::uint8_t slave_lines) : slave_lines_(slave_lines) {}

    void set_irq(unsigned line, bool level);
    // The INT output.
    bool has_interrupt() const { return requesting_line() >= 0; }
    // The line that an acknowledge would serve, or -1.
    int requesting_line() const;
    // One INTA sequence: the line served, kSpuriousLine if none asks.
    unsigned acknowledge_line();
    std::uint8_t acknowledge() { return vector(acknowledge_line()); }
    std::uint8_t vector(unsigned line) const { return static_cast<std::uint8_t>(state_.base | line); }

    // a0: kPicCommand or kPicData. A read may be a poll, which acknowledges.
    std::uint8_t read(unsigned a0);
    void write(unsigned a0, std::uint8_t value);
    bool is_polled() const { return state_.poll; }

    std::uint8_t irr() const;
    std::uint8_t isr() const { return state_.isr; }
    std::uint8_t imr() const { return state_.imr; }
    // An edge of this line is an interrupt, now or later.
    bool hears(unsigned line) const { return state_.next_icw == kReady && !(state_.imr >> line & 1); }
    // Lines whose interrupt was ended since the last call, one bit each.
    std::uint8_t take_ended() { return std::exchange(ended_, std::uint8_t{0}); }

    // 1: the line is level-triggered.
    std::uint8_t elcr() const { return state_.elcr; }
    void set_elcr(std::uint8_t value);

    // Power-on; the lines keep their levels.
    void reset();

    // What outlives an access, except the lines, whose owners drive them anew.
    struct State {
        std::uint8_t lines = 0;  // levels of the inputs
        std::uint8_t edges = 0;  // rising edges not yet acknowledged
        std::uint8_t imr = 0;
        std::uint8_t isr = 0;
        std::uint8_t elcr = 0;
        std::uint8_t base = 0;  // ICW2
        std::uint8_t icw3 = 0;  // kept, not used: the wiring is the board's
        std::uint8_t icw4 = 0;
        std::uint8_t lowest = 7;  // line of the lowest priority
        std::uint8_t next_icw = kUninitialised;
        bool need_icw4 = false;
        bool single = false;
        bool special_mask = false;
        bool rotate_in_auto_eoi = false;
        bool read_isr = false;
        bool poll = false;
    };
    static constexpr std::uint8_t kUninitialised = 1;  // waits for ICW1
    static constexpr std::uint8_t kReady = 0;

    const State& state() const { return state_; }
    // False, and nothing changes: no chip can be in this state.
    bool set_state(const State& state);

  private:
    void write_icw1(std::uint8_t value);
    void write_next_icw(std::uint8_t value);
    void write_ocw2(std::uint8_t value);
    void write_ocw3(std::uint8_t value);
    void end_of_interrupt(unsigned line, bool rotate);
    int highest(std::uint8_t bits) const;  // the bit of the highest priority, -1: none
    unsigned rank(unsigned line) const { return (line - state_.lowest - 1) % kPicLines; }  // 0: highest priority

    const std::uint8_t slave_lines_;
    State state_;
    std::uint8_t ended_ = 0;  // only within an access
};

}  // namespace nyx::dev::irqchip
