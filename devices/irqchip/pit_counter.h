// One counter of an 8254. Its count and its output follow from the time, which every call brings along: `now` is the
// number of CLK pulses so far and never goes back.
//
// A count that is written is loaded by the next pulse; in modes 2 and 3, if the counter runs, at the end of the (half)
// period; in modes 1 and 5 by the next rising GATE. Titles in quotes are those of the data sheet. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/irqchip/i8254_spec.h"

namespace nyx::dev::irqchip {

class PitCounter {
  public:
    struct State {
        std::uint8_t control = 0x30;  // the control word's six low bits
        bool gate = true;
        bool loaded = false;       // counting since start, or standing at `stopped`
        bool is_stopped = false;   // by GATE
        std::uint32_t count = 0;   // N as a number; of what is loaded
        std::int64_t start = 0;    // pulse that loaded it
        std::int64_t stopped = 0;  // pulses counted when GATE fell
        bool has_next = false;     // another count was written,
        std::uint32_t next = 0;
        std::int64_t next_at = 0;      // which is loaded then (modes 2 and 3), or by the trigger (1 and 5)
        std::int64_t checked = 0;      // advance() has seen everything up to here
        std::uint8_t written_low = 0;  // first byte of a count of two,
        bool write_high = false;       // whose second byte is awaited
        bool read_high = false;
        bool has_latch = false;
        std::uint16_t latch = 0;
        bool has_status = false;
        std::uint8_t status = 0;
    };

    void write_control(std::uint8_t control, std::int64_t now);
    void write(std::uint8_t value, std::int64_t now);
    std::uint8_t read(std::int64_t now);
    void latch_count(std::int64_t now);
    void latch_status(std::int64_t now);
    void set_gate(bool gate, std::int64_t now);

    // Lets time pass: how often OUT has risen since the last call. To be called before anything else.
    std::uint64_t advance(std::int64_t now);
    bool out(std::int64_t now) const;
    // The pulse after the last advance() at which OUT rises, or at which that has to be asked again; none: never.
    std::optional<std::int64_t> next_event() const;
    // Pulses between two rises of OUT; 0: it is not periodic.
    std::uint32_t period() const;
    unsigned mode() const;
    std::uint16_t current(std::int64_t now) const;

    const State& state() const { return state_; }
    bool set_state(const State& state);

  private:
    bool is_periodic() const { return mode() == 2 || mode() == 3; }
    bool is_triggered() const { return mode() == 1 || mode() == 5; }
    std::int64_t elapsed(std::int64_t now) const;
    std::uint32_t high_half(std::uint32_t count) const { return (count + 1) / 2; }
    std::uint32_t count_of(std::uint16_t raw) const;
    void write_count(std::uint16_t raw, std::int64_t now);
    void load(std::uint32_t count, std::int64_t at);
    void load_next();
    std::optional<std::int64_t> next_rise(std::int64_t after) const;
    std::uint64_t rises(std::int64_t after, std::int64_t until) const;

    State state_;
};

}  // namespace nyx::dev::irqchip
