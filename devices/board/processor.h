// A described local APIC with what the processor's own signals wait in: NMI, SMI, INIT and start-up.
//
// Not thread-safe but for pending(): the board's lock is held, which processor() takes.
#pragma once

#include <atomic>
#include <functional>

#include "devices/board/part.h"
#include "devices/irqchip/apic_message.h"
#include "devices/irqchip/local_apic.h"

namespace nyx::dev::board {

class Processor {
  public:
    // Both of the board, which outlives this. send: a message of the interrupt command register, to those that
    // `shorthand` names (SDM volume 3, figure 12-12), 0: to its destination. ended: a level-triggered interrupt.
    struct Wires {
        std::function<void(const irqchip::ApicMessage& message, unsigned shorthand)> send;
        std::function<void(std::uint8_t vector)> ended;
        std::function<void(std::uint8_t vector)> served;  // any interrupt
        std::function<std::uint8_t()> acknowledge_ext_int;
        std::function<std::uint64_t(std::uint64_t tsc)> ns_of_tsc;  // as IrqChip::Links has it
        std::function<void()> kick;
    };
    // What the bus must know before a message goes somewhere.
    struct Standing {
        bool is_addressed = false, takes_vectors = false;
        std::uint8_t arbitration_priority = 0;
    };

    Processor(const irqchip::LocalApicConfig& config, Clock& clock, Timers& timers, Wires wires);

    Standing standing(const irqchip::ApicMessage& message);
    void accept(const irqchip::ApicMessage& message);
    void set_pin(unsigned pin, bool asserted) { apic_.bring(asserted ? rise_ : fall_, pin); }
    // The offset in the page of its registers, where it is and if it is there.
    std::optional<std::uint64_t> in_page(std::uint64_t address) const;
    std::uint64_t read_page(std::uint64_t offset, std::uint8_t width) { return apic_.read(0, offset, width); }
    void write_page(std::uint64_t offset, std::uint8_t width, std::uint64_t value) {
        apic_.write(0, offset, width, value);
    }

    std::uint32_t pending() const { return signals_.load(std::memory_order_acquire); }
    std::optional<std::uint8_t> take_interrupt();
    bool take_nmi() { return take(nmi_); }
    bool take_smi() { return take(smi_); }
    bool take_init();
    std::optional<std::uint8_t> take_start_up();
    bool waits_for_start_up() const { return waiting_; }
    std::uint8_t cr8() const { return static_cast<std::uint8_t>(apic_.value(task_) >> 4); }
    void set_cr8(std::uint8_t value) { apic_.bring(set_task_, std::uint64_t{value} << 4); }
    std::optional<std::uint64_t> read_msr(std::uint32_t msr);
    bool write_msr(std::uint32_t msr, std::uint64_t value);
    // The TSC is another than it was: its deadline is elsewhere.
    void tsc_moved() { await_tsc(); }

    void reset();

    // Its local APIC, and its own signals.
    std::vector<StateUnit> save(const std::string& name) const;
    Status restore(const std::string& name, std::span<const StateUnit> units);

  private:
    template <class Io, class Self>
    static void fields(Io& io, Self& self) {
        io.field(1, self.nmi_);
        io.field(2, self.smi_);
        io.field(3, self.started_init_);
        io.field(4, self.waiting_);
        io.field(5, self.start_up_);
        io.field(6, self.start_page_);
    }

    void hear(std::uint64_t asked);  // what a message asks of the processor itself
    void send(std::uint64_t command);
    void publish();
    bool take(bool& latch);
    void await_tsc();

    const irqchip::LocalApicConfig config_;
    Wires wires_;
    Clock& clock_;
    Part apic_;
    std::unique_ptr<Timer> tsc_alarm_;
    std::uint32_t message_, rise_, fall_, inta_, init_, set_task_, addressed_, select_msr_, rdmsr_, wrmsr_,
        tsc_reached_;
    std::uint32_t vector_, standing_, msr_value_, fault_;
    std::uint32_t ext_int_, has_page_, page_at_, awaited_tsc_, task_;
    bool interrupt_ = false, nmi_ = false, smi_ = false, started_init_ = false, waiting_ = false, start_up_ = false;
    std::uint8_t start_page_ = 0;
    std::atomic<std::uint32_t> signals_{0};
};

}  // namespace nyx::dev::board
