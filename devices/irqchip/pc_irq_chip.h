// The interrupt controllers and the timer of a PC, wired up: two 8259As, an I/O APIC, a local APIC a processor, and the
// 8254 if wanted.
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
#include <string>
#include <vector>

#include "devices/irqchip/apic_bus.h"
#include "devices/irqchip/i8254.h"
#include "devices/irqchip/i8259_pair.h"
#include "devices/irqchip/io_apic.h"
#include "devices/irqchip/processor_interrupts.h"
#include "devices/kit/state.h"
#include "runtime/base/bits.h"

namespace nyx::dev::irqchip {

class PcIrqChip {
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

    PcIrqChip(const Config& config, Links links);
    ~PcIrqChip();
    PcIrqChip(const PcIrqChip&) = delete;
    PcIrqChip& operator=(const PcIrqChip&) = delete;

    // Of all that drive the GSI together. GSI 0 is not for others if there is an 8254.
    void set_gsi(std::uint32_t gsi, bool asserted);
    // The NMI pin, LINT1 of every processor.
    void set_nmi(bool asserted);
    // A device's write to the window at kMsiBase.
    void deliver_msi(std::uint64_t address, std::uint32_t data);

    ProcessorInterrupts& processor(std::uint32_t cpu);

    // The ports that these chips have. A wide access is split into bytes; bytes elsewhere are ones and are dropped.
    std::span<const Range> ports() const { return ports_; }
    std::uint64_t read_port(std::uint64_t port, std::uint8_t width);
    void write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value);
    // The I/O APIC's window and the processor's own local APIC page, where it now is, which hides what lies below.
    // Nothing or false: the address is neither's. An access does not cross a page.
    std::optional<std::uint64_t> read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width);
    bool write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value);

    // Power-on of all; the GSIs keep their levels.
    void reset();
    // A unit a chip. restore() takes exactly what save() gives for the same Config, or fails and changes nothing.
    std::vector<StateUnit> save() const;
    Status restore(std::span<const StateUnit> units);

  private:
    class Processor;

    ApicBus::Links bus_links();
    void drive(std::uint32_t gsi, bool asserted);
    bool drive_timer(bool asserted);
    void ended(std::uint8_t vector, bool broadcast);
    void set_intr(bool asserted);
    std::uint8_t read_byte(std::uint64_t port);
    void write_byte(std::uint64_t port, std::uint8_t value);
    template <class Chip, class Visit>
    static void visit_chips(Chip& chip, Visit visit);
    std::vector<StateUnit> save_all() const;
    Status restore_all(std::span<const StateUnit> units);

    Links links_;
    std::vector<Range> ports_;
    ApicBus bus_;
    IoApic io_apic_;
    I8259Pair pics_;
    std::unique_ptr<I8254> pit_;
    std::vector<std::unique_ptr<Processor>> processors_;
};

}  // namespace nyx::dev::irqchip
