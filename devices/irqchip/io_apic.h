// The I/O APIC of a PC: 24 inputs, each of which its redirection entry turns into a message.
//
// set_irq() tells whether an input is asserted, so the polarity bit is kept for the guest to read and inverts nothing.
// An edge on a masked input is lost (82093AA §3.2.4, "Interrupt mask"); a level waits. A level-triggered entry sends
// once, then waits with remote IRR set for eoi() and sends again if the input is still asserted. Only fixed and
// lowest-priority entries are level-triggered; the others act on edges whatever their trigger bit says. A message goes
// out at once; one that no local APIC takes stays pending if it is level-triggered, until the entry or the input
// changes. Not thread-safe: the caller holds the lock of the interrupt controllers (pc_irq_chip.h).
#pragma once

#include <array>
#include <cstdint>

#include "devices/irqchip/apic_message.h"
#include "devices/irqchip/io_apic_spec.h"
#include "devices/kit/state.h"

namespace nyx::dev::irqchip {

class IoApic {
  public:
    explicit IoApic(MessageSink& bus) : bus_(bus) { reset(); }

    void set_irq(unsigned pin, bool asserted);
    // A local APIC ended a level-triggered interrupt with this vector.
    void eoi(std::uint8_t vector);

    // offset: into the window. Only 32-bit accesses are defined; a narrower read gives the low bytes, a narrower write
    // counts as zero-extended.
    std::uint32_t read(std::uint64_t offset) const;
    void write(std::uint64_t offset, std::uint32_t value);

    std::uint64_t entry(unsigned pin) const;
    bool is_masked(unsigned pin) const { return state_.entries[pin] & kRedMasked; }
    // Interrupts with this vector may be of this input.
    bool sends(unsigned pin, std::uint8_t vector) const {
        return !is_masked(pin) && static_cast<std::uint8_t>(state_.entries[pin]) == vector;
    }

    // Power-on: every entry masked; the inputs keep their levels.
    void reset();
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

  private:
    struct State {
        std::uint32_t id = 0;
        std::uint8_t select = 0;
        std::uint32_t inputs = 0;                             // bit n: pin n is asserted
        std::array<std::uint64_t, kIoApicPins> entries = {};  // without the delivery status
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);

    std::uint32_t read_register(std::uint8_t index) const;
    void write_register(std::uint8_t index, std::uint32_t value);
    void write_entry(unsigned pin, std::uint64_t value);
    bool asserted(unsigned pin) const { return state_.inputs >> pin & 1; }
    bool level_waits(unsigned pin) const;
    void send(unsigned pin);
    void send_level(unsigned pin);

    MessageSink& bus_;
    State state_;
};

}  // namespace nyx::dev::irqchip
