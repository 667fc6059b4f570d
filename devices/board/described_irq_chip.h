// The parts of irq_chip.h, their wires and what saves them. Private to this folder.
#pragma once

#include <array>

#include "devices/board/apic_bus.h"
#include "devices/board/errands.h"
#include "devices/board/locked_processor.h"
#include "devices/board/ports.h"
#include "devices/board/tick_debt.h"
#include "devices/irqchip/irq_chip.h"

namespace nyx::dev::board {

class DescribedIrqChip final : public irqchip::IrqChip {
  public:
    DescribedIrqChip(const Config& config, const Links& links);

    // irq_chip.cc
    void set_gsi(std::uint32_t gsi, bool asserted) override;
    void connect_timer(bool connected) override;
    void set_nmi(bool asserted) override;
    void deliver_msi(std::uint64_t address, std::uint32_t data) override;
    irqchip::ProcessorInterrupts& processor(std::uint32_t cpu) override { return *processors_[cpu]; }
    std::span<const Range> ports() const override { return ports_.ranges(); }
    std::uint64_t read_port(std::uint64_t port, std::uint8_t width) override;
    void write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) override;
    std::optional<std::uint64_t> read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) override;
    bool write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) override;
    void reset() override;

    // irq_chip_state.cc
    std::vector<StateUnit> save() const override;
    Status restore(std::span<const StateUnit> units) override;

  private:
    // irq_chip_wires.cc
    void add_processor(const irqchip::LocalApicConfig& config, std::uint32_t cpu);
    void wire_pics();
    void add_pit();
    void later(std::function<void()> errand) { errands_.add(std::move(errand)); }
    bool hears_timer() const;
    void served(std::uint8_t vector);
    void drive(std::uint32_t gsi, bool asserted);
    void set_pin(unsigned pin, bool asserted) { io_apic_.bring(asserted ? pin_rise_ : pin_fall_, pin); }
    void set_intr(bool asserted);
    std::uint8_t acknowledge();

    // irq_chip_state.cc
    std::vector<StateUnit> save_all() const;
    Status restore_all(std::span<const StateUnit> units);
    Status restore_parts(std::span<const StateUnit> units);
    Status restore_own(std::span<const StateUnit> units);

    Links links_;
    Errands errands_;
    Turns turns_;
    ErrandTimers timers_;
    Part pics_, io_apic_;
    std::unique_ptr<Part> pit_;
    ApicBus bus_;
    std::vector<std::unique_ptr<LockedProcessor>> processors_;
    Ports ports_;
    const std::uint32_t pic_rise_ = pics_.source("rise"), pic_fall_ = pics_.source("fall"),
                        pic_inta_ = pics_.source("inta"), pic_vector_ = pics_.sink("vector");
    const std::uint32_t pin_rise_ = io_apic_.source("rise"), pin_fall_ = io_apic_.source("fall"),
                        end_ = io_apic_.source("eoi");
    const std::uint32_t pic_hears_ = pics_.derived("hears_timer"), io_hears_ = io_apic_.derived("hears_timer"),
                        timer_vector_ = io_apic_.derived("timer_vector");
    bool timer_connected_ = true;
    TickDebt debt_{[this](bool asserted) {
                       if (timer_connected_) drive(0, asserted);
                   },
                   [this] { return timer_connected_ && hears_timer(); }};
    std::array<bool, kGsis> levels_{};
    bool intr_ = false, nmi_ = false;
};

}  // namespace nyx::dev::board
