// The interrupt controllers and the timer of a PC as whatever executes the processors sees them: two 8259As, an I/O
// APIC, a local APIC a processor, and the 8254 if wanted.
//
// GSI n is input n of the I/O APIC, and for n below 16 the ISA line n of the 8259As too, except that ISA line 0 (GSI 0,
// the 8254's) is input 2, as the machine's MADT says, and GSI 2 is nothing: that ISA line is the cascade. INTR of the
// 8259As goes to every processor's LINT0 and to input 0 of the I/O APIC (MultiProcessor Specification, figure 3-2).
//
// Thread-safe: every function takes the one lock, except pending(). The lock is the owner's, because timers need it:
// make them with TimerQueue::for_device(lock). It comes after a device's lock and before the timer queue's; the
// functions in Links are called with it held, and must not call back here nor take a device's lock.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "devices/irqchip/io_apic_spec.h"
#include "devices/irqchip/processor_interrupts.h"
#include "devices/kit/state.h"
#include "runtime/base/bits.h"

namespace nyx::dev::irqchip {

class IrqChip {
  public:
    struct Config {
        std::vector<LocalApicConfig> processors;  // at least one
        bool pit = true;
    };
    // All outlive the chip.
    struct Links {
        std::mutex& lock;
        Clock& clock;
        Timers& timers;
        std::function<std::uint64_t(std::uint32_t cpu, std::uint64_t tsc)> ns_of_tsc;  // see ApicBus::Links
        std::function<void(std::uint32_t cpu)> kick;
    };
    static constexpr std::uint32_t kGsis = kIoApicPins;

    IrqChip() = default;
    IrqChip(const IrqChip&) = delete;
    IrqChip& operator=(const IrqChip&) = delete;
    virtual ~IrqChip() = default;

    // Of all that drive the GSI together. GSI 0 is not for others while it is the 8254's.
    virtual void set_gsi(std::uint32_t gsi, bool asserted) = 0;
    // Whether the 8254 drives GSI 0, as it does from the beginning. It counts all the same. Not saved: who has it
    // disconnected, an HPET, does so again.
    virtual void connect_timer(bool connected) = 0;
    // The NMI pin, LINT1 of every processor.
    virtual void set_nmi(bool asserted) = 0;
    // A device's write to the window at kMsiBase.
    virtual void deliver_msi(std::uint64_t address, std::uint32_t data) = 0;

    virtual ProcessorInterrupts& processor(std::uint32_t cpu) = 0;

    // The ports that these chips have. A wide access is split into bytes; bytes elsewhere are ones and are dropped.
    virtual std::span<const Range> ports() const = 0;
    virtual std::uint64_t read_port(std::uint64_t port, std::uint8_t width) = 0;
    virtual void write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) = 0;
    // The I/O APIC's window and the processor's own local APIC page, where it now is, which hides what lies below.
    // Nothing or false: the address is neither's. An access does not cross a page.
    virtual std::optional<std::uint64_t> read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) = 0;
    virtual bool write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) = 0;

    // Power-on of all; the GSIs keep their levels.
    virtual void reset() = 0;

    // A unit a chip. restore() takes exactly what save() gives for the same Config, or fails and changes nothing.
    virtual std::vector<StateUnit> save() const = 0;
    virtual Status restore(std::span<const StateUnit> units) = 0;
};

using MakeIrqChip = std::function<std::unique_ptr<IrqChip>(const IrqChip::Config&, const IrqChip::Links&)>;

}  // namespace nyx::dev::irqchip
