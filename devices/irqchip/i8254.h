// The 8254 of a PC at ports 0x40 to 0x43, and port B (0x61), which has counter 2's GATE and OUT.
//
// Counter 0's OUT is the ISA interrupt 0. Its line shows every rise of OUT; where OUT falls by itself (modes 2 to 4)
// the line falls only just before the next rise, which nobody can tell but a guest that left the interrupt
// unacknowledged for that long: it does not lose it.
//
// A guest that counts ticks gets every one of them, however late the host was: a tick that comes while the last one is
// still to be served is owed, and becomes an edge of its own when the guest ends that interrupt (ended()). Nothing is
// owed where nobody listens (the line is masked), nor across a new count or control word; at most kMostOwed are. Ticks
// closer together than kShortestAlarmNs merge. The count itself never drifts.
// At power-on, which the data sheet leaves open, all counters are in mode 0 without a count. Not thread-safe: accesses
// and alarms come with the lock of the interrupt controllers held.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

#include "devices/irqchip/pit_counter.h"
#include "devices/kit/services.h"
#include "devices/kit/state.h"

namespace nyx::dev::irqchip {

class I8254 {
  public:
    static constexpr std::uint64_t kShortestAlarmNs = 50'000;

    static constexpr std::uint32_t kMostOwed = 1000;  // a second of the fastest rate that systems use

    // irq0 must not call back. For a rise it tells whether that is an interrupt now or later; false: masked.
    I8254(Clock& clock, Timers& timers, std::function<bool(bool asserted)> irq0);

    // The guest ended an interrupt of irq0 (EOI).
    void ended();

    // One byte at ports 0x40 to 0x43 and 0x61.
    std::uint8_t read(std::uint64_t port);
    void write(std::uint64_t port, std::uint8_t value);
    // Counter 2 drives the speaker (port B has both gate and speaker on).
    bool speaker_on() const { return (port_b_ & (kPortBGate2 | kPortBSpeaker)) == (kPortBGate2 | kPortBSpeaker); }

    void reset();
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

  private:
    std::int64_t now() const;
    void write_control(std::uint8_t value, std::int64_t now);
    void write_port_b(std::uint8_t value, std::int64_t now);
    std::uint8_t read_port_b(std::int64_t now) const;
    // Passes on what counter 0 did up to now, and sets the alarm for what it does next.
    void advance(std::int64_t now);
    void count_ticks(std::uint64_t ticks);
    // A new edge; false: nobody listens.
    bool raise_line();
    void set_line(bool asserted);
    bool is_beyond_reach() const;
    void arm();

    Clock& clock_;
    std::function<bool(bool)> irq0_;
    std::unique_ptr<Timer> alarm_;
    std::array<PitCounter, kPitCounters> counters_;
    std::uint8_t port_b_ = 0;
    bool line_ = false;
    std::uint32_t owed_ = 0;  // ticks of which the guest has not ended the interrupt
};

}  // namespace nyx::dev::irqchip
