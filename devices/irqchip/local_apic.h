// The local APIC of one processor: its registers in xAPIC and x2APIC mode, priorities, timer, and what it tells the
// processor.
//
// The processor looks at pending(), takes what it finds with acknowledge() or take_*(), and is called by kick (ApicBus)
// whenever a bit of pending() appears. Whether the processor may take an interrupt (RFLAGS.IF, shadows) is its own
// matter. pending() may be called from any thread; everything else under the lock of the interrupt controllers
// (pc_irq_chip.h). Lines are asserted or not, so polarity bits are kept and invert nothing. The id is read-only. Not
// there: remote read, focus processors, CMCI. § are those of the SDM, volume 3.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "devices/irqchip/apic_message.h"
#include "devices/irqchip/apic_spec.h"
#include "devices/irqchip/apic_timer.h"
#include "devices/irqchip/vector_set.h"
#include "devices/kit/state.h"

namespace nyx::dev::irqchip {

class ApicBus;

// What waits for the processor: bits of LocalApic::pending().
enum Signal : std::uint32_t {
    kSignalInterrupt = 1,  // acknowledge() has a vector
    kSignalNmi = 2,
    kSignalSmi = 4,
    kSignalInit = 8,
    kSignalStartUp = 16,  // only after INIT
};

// What CPUID says of the processor must agree with this.
struct LocalApicConfig {
    std::uint32_t id = 0;
    bool boot_processor = false;
    bool x2apic = true;
    bool tsc_deadline = true;
    bool directed_eoi = false;  // software can suppress EOI broadcasts
    // LINT0 comes out of reset as ExtINT and open, as firmware leaves it, so that a guest without firmware has its
    // 8259s; KVM does so too. For the boot processor.
    bool virtual_wire = true;
    unsigned physical_bits = 52;
};

class LocalApic {
  public:
    // index: of the processor on the bus, which outlives this.
    LocalApic(const LocalApicConfig& config, ApicBus& bus, std::uint32_t index);

    // For the processor.
    std::uint32_t pending() const { return signals_.load(std::memory_order_acquire); }
    // One interrupt acknowledge: the 8259s' vector for ExtINT, else the highest request; the spurious vector if there
    // is none (§12.9).
    std::uint8_t acknowledge();
    bool take_nmi() { return take(state_.nmi); }
    bool take_smi() { return take(state_.smi); }
    // INIT puts the local APIC into the state of §12.4.7.3; the processor does the rest. All but the boot processor
    // then wait for a start-up message.
    bool take_init();
    // Of a processor that waits: the page (4 KiB units) at which it starts.
    std::optional<std::uint8_t> take_start_up();
    bool waits_for_start_up() const { return state_.waiting; }
    std::uint8_t cr8() const { return state_.tpr >> 4; }
    void set_cr8(std::uint8_t value);

    // Registers. The page is there in xAPIC mode only. offset and width as dev::Access has them; only aligned 32-bit
    // writes count (§12.4.1).
    std::optional<std::uint64_t> page() const;
    std::uint64_t read_page(std::uint64_t offset, std::uint8_t width);
    void write_page(std::uint64_t offset, std::uint8_t width, std::uint64_t value);
    // IA32_APIC_BASE, IA32_TSC_DEADLINE and 0x800 to 0x8FF. Nothing or false: #GP(0).
    std::optional<std::uint64_t> read_msr(std::uint32_t msr) const;
    bool write_msr(std::uint32_t msr, std::uint64_t value);
    static bool has_msr(std::uint32_t msr);
    void tsc_moved() { timer_.tsc_moved(); }

    // For the wiring.
    void set_lint0(bool asserted);
    void set_lint1(bool asserted);
    bool is_addressed_by(const ApicMessage& message) const;
    // True: taken. Destination and logical are the bus's business.
    bool accept(const ApicMessage& message);
    std::uint8_t arbitration_priority() const;
    bool on_bus() const { return state_.base & kBaseEnabled; }
    bool takes_vectors() const { return on_bus() && (state_.svr & kSvrEnabled); }
    std::uint32_t id() const { return config_.id; }

    void reset();  // power-on; the lines keep their levels
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

    std::uint8_t processor_priority() const;
    const VectorSet& in_service() const { return state_.isr; }
    const VectorSet& requested() const { return state_.irr; }

  private:
    struct State {
        std::uint64_t base = 0;
        std::uint64_t icr = 0;
        std::uint32_t ldr = 0;  // of xAPIC mode
        std::uint32_t dfr = kDfrFlat;
        std::uint32_t svr = kSvrReset;
        std::array<std::uint32_t, kLvtCount> lvt{};
        std::uint8_t tpr = 0;
        std::uint8_t esr = 0;     // as the last write latched it
        std::uint8_t errors = 0;  // since then
        VectorSet isr;
        VectorSet tmr;
        VectorSet irr;
        bool lint0 = false;
        bool lint1 = false;
        bool ext_int = false;  // a message with this mode came
        bool nmi = false;
        bool smi = false;
        bool init = false;
        bool waiting = false;
        bool start_up = false;
        std::uint8_t start_page = 0;
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);
    bool is_possible(const State& state) const;

    bool is_x2apic() const { return state_.base & kBaseX2Apic; }
    std::uint32_t& lvt(std::uint32_t reg) { return state_.lvt[reg - kApicLvtTimer]; }
    std::uint32_t lvt(std::uint32_t reg) const { return state_.lvt[reg - kApicLvtTimer]; }

    // local_apic.cc
    void publish();
    std::uint32_t signals() const;
    bool take(bool& latch);
    void reset_registers();
    bool wants_ext_int() const;
    std::uint8_t deliverable() const;  // a vector, or 0
    bool request(std::uint8_t vector, bool level);
    void end_of_interrupt();
    // local_apic_lvt.cc
    void error(std::uint8_t bit);
    void fire(std::uint32_t reg);
    void refresh_lint0_level();
    void write_lvt(std::uint32_t reg, std::uint32_t value);
    void mask_all_lvt();
    std::uint32_t lvt_writable(std::uint32_t reg) const;
    // local_apic_registers.cc
    std::uint32_t read_register(std::uint32_t reg) const;
    void write_register(std::uint32_t reg, std::uint32_t value);
    void write_svr(std::uint32_t value);
    std::uint32_t logical_id() const;
    // local_apic_msr.cc
    bool write_base(std::uint64_t value);
    bool write_x2apic(std::uint32_t reg, std::uint64_t value);
    // local_apic_ipi.cc
    void send_ipi();
    void send_self(std::uint8_t vector);

    const LocalApicConfig config_;
    ApicBus& bus_;
    const std::uint32_t index_;
    ApicTimer timer_;
    State state_;
    std::atomic<std::uint32_t> signals_{0};
};

}  // namespace nyx::dev::irqchip
