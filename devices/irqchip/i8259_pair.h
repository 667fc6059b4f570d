// The two 8259As of a PC: master at ports 0x20 and 0x21, slave at 0xA0 and 0xA1, whose INT drives the master's line 2,
// and their edge/level control registers at 0x4D0 and 0x4D1.
//
// Lines 0 to 15 are the ISA interrupts; line 2 is the cascade and cannot be driven. `intr` is told of every change of
// INTR, `timer_ended` of every end of an interrupt of line 0 (EOI, also an automatic one). Only the latter may call
// back, and only set_irq(). INTR goes low with each acknowledge, so that the next request is an edge of its own.
// Not thread-safe: the caller holds the lock of the interrupt controllers (pc_irq_chip.h).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>

#include "devices/irqchip/i8259.h"
#include "runtime/base/result.h"

namespace nyx::dev::irqchip {

class I8259Pair {
  public:
    static constexpr std::uint64_t kMasterPort = 0x20;
    static constexpr std::uint64_t kSlavePort = 0xA0;
    static constexpr std::uint64_t kElcrPort = 0x4D0;
    static constexpr unsigned kLines = 16;

    explicit I8259Pair(std::function<void(bool asserted)> intr = {}, std::function<void()> timer_ended = {})
        : intr_changed_(std::move(intr)), timer_ended_(std::move(timer_ended)) {}

    void set_irq(unsigned line, bool level);
    bool hears_timer() const { return master_.hears(0); }
    bool has_interrupt() const { return master_.has_interrupt(); }
    // The processor's INTA cycle. Without a request: the vector of line 7 ("spurious"), and nothing is in service.
    std::uint8_t acknowledge();

    // One byte; a port of none of the two gives all ones and takes nothing.
    std::uint8_t read(std::uint64_t port);
    void write(std::uint64_t port, std::uint8_t value);

    const I8259& master() const { return master_; }
    const I8259& slave() const { return slave_; }

    void reset();
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

  private:
    I8259* chip_at(std::uint64_t port);
    // Takes the slave's INT to the master. An acknowledge takes INT down for a moment: `pulse`.
    void cascade(bool pulse);
    void drive_intr(bool asserted);
    void tell_ended();

    std::function<void(bool)> intr_changed_;
    std::function<void()> timer_ended_;
    bool intr_ = false;
    I8259 master_{1U << kCascadeLine};
    I8259 slave_{0};
};

}  // namespace nyx::dev::irqchip
