// What joins the local APICs of a machine: messages to them (from I/O APICs, devices and each other), and their way to
// the 8259s, the I/O APIC and the processors.
//
// Not thread-safe: the caller holds the lock of the interrupt controllers (pc_irq_chip.h). The functions of Links are
// called with it held, and may not take it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "devices/irqchip/local_apic.h"
#include "devices/kit/services.h"
#include "runtime/base/result.h"

namespace nyx::dev::irqchip {

class ApicBus final : public MessageSink {
  public:
    // Processors are named by their index here.
    struct Links {
        Clock& clock;
        Timers& timers;
        // The earliest monotonic_ns() at which the processor's TSC is at this value or above; a past time if it is.
        // Called from any thread, for any value that a guest can write.
        std::function<std::uint64_t(std::uint32_t cpu, std::uint64_t tsc)> ns_of_tsc;
        // Something new is pending for the processor: it has to look. Only make a note and wake it.
        std::function<void(std::uint32_t cpu)> kick;
        // The INTA cycle to the 8259s.
        std::function<std::uint8_t()> acknowledge_ext_int;
        // The end of an interrupt; `broadcast`: it was level-triggered, and the I/O APICs are to know.
        std::function<void(std::uint8_t vector, bool broadcast)> eoi;
    };

    ApicBus(Links links, std::span<const LocalApicConfig> processors);

    std::uint32_t count() const { return static_cast<std::uint32_t>(apics_.size()); }
    LocalApic& apic(std::uint32_t index) { return *apics_[index]; }
    const LocalApic& apic(std::uint32_t index) const { return *apics_[index]; }
    const Links& links() const { return links_; }

    bool deliver(const ApicMessage& message) override;
    // To all, or to all but one (the shorthands of §12.6.1).
    void broadcast(const ApicMessage& message, const LocalApic* except);

    // LINT0 is the 8259s' INTR, LINT1 is NMI; both are wired to every processor.
    void set_lint0(bool asserted);
    void set_lint1(bool asserted);

    void reset();
    // Of the bus itself; the local APICs save their own.
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

  private:
    template <class Chosen>
    bool send(const ApicMessage& message, Chosen chosen);
    template <class Chosen>
    bool send_to_lowest(const ApicMessage& message, Chosen chosen);

    Links links_;
    std::vector<std::unique_ptr<LocalApic>> apics_;
    std::uint32_t last_winner_ = 0;  // of an arbitration; equals take turns
};

}  // namespace nyx::dev::irqchip
