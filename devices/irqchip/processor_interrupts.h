// What one processor sees of the interrupt controllers, whatever executes it: what is pending, how to take it, and the
// registers that are its own (CR8, MSRs). One thread, the processor's, calls this; others make things pending.
//
// The loop of a processor: look at pending(); if it is 0, run on, or sleep until the kick that comes when a bit appears
// (PcIrqChip::Links). In the order of SDM volume 3 §7.9 (table "Priority among concurrent events"): INIT, SMI, NMI,
// interrupt. After take_init() the processor resets itself; unless it is the boot processor it then waits for
// kSignalStartUp and begins in real mode at page:0000.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/irqchip/local_apic.h"

namespace nyx::dev::irqchip {

class ProcessorInterrupts {
  public:
    virtual ~ProcessorInterrupts() = default;

    // Bits of Signal. Takes no lock.
    virtual std::uint32_t pending() const = 0;
    // The vector, which is in service from here on. Nothing: the request has gone since pending() showed it.
    virtual std::optional<std::uint8_t> take_interrupt() = 0;
    virtual bool take_nmi() = 0;
    virtual bool take_smi() = 0;
    virtual bool take_init() = 0;
    // The page, in units of 4 KiB.
    virtual std::optional<std::uint8_t> take_start_up() = 0;
    virtual bool waits_for_start_up() const = 0;

    virtual std::uint8_t cr8() const = 0;
    virtual void set_cr8(std::uint8_t value) = 0;
    // Only MSRs of LocalApic::has_msr(). Nothing or false: #GP(0).
    virtual std::optional<std::uint64_t> read_msr(std::uint32_t msr) const = 0;
    virtual bool write_msr(std::uint32_t msr, std::uint64_t value) = 0;
    // The processor's TSC or its offset was written, so that ns_of_tsc() answers anew.
    virtual void tsc_moved() = 0;
};

}  // namespace nyx::dev::irqchip
