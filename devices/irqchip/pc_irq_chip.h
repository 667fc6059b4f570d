// The interrupt controllers and the timer of a PC as classes, wired up; it can be saved.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "devices/irqchip/apic_bus.h"
#include "devices/irqchip/i8254.h"
#include "devices/irqchip/i8259_pair.h"
#include "devices/irqchip/io_apic.h"
#include "devices/irqchip/irq_chip.h"
#include "devices/kit/state.h"

namespace nyx::dev::irqchip {

class PcIrqChip final : public IrqChip {
  public:
    PcIrqChip(const Config& config, Links links);
    ~PcIrqChip() override;

    void set_gsi(std::uint32_t gsi, bool asserted) override;
    void connect_timer(bool connected) override;
    void set_nmi(bool asserted) override;
    void deliver_msi(std::uint64_t address, std::uint32_t data) override;
    ProcessorInterrupts& processor(std::uint32_t cpu) override;
    std::span<const Range> ports() const override { return ports_; }
    std::uint64_t read_port(std::uint64_t port, std::uint8_t width) override;
    void write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) override;
    std::optional<std::uint64_t> read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) override;
    bool write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) override;
    void reset() override;

    std::vector<StateUnit> save() const override;
    Status restore(std::span<const StateUnit> units) override;

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
    bool timer_connected_ = true;
    std::vector<std::unique_ptr<Processor>> processors_;
};

}  // namespace nyx::dev::irqchip
