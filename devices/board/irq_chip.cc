// What comes from outside: lines, messages, accesses.
#include "devices/board/irq_chip.h"

#include "devices/board/described_irq_chip.h"
#include "runtime/base/check.h"

namespace nyx::dev::board {

void DescribedIrqChip::set_gsi(std::uint32_t gsi, bool asserted) {
    NYX_CHECK(gsi < kGsis, "GSI {}", gsi);
    turns_.run([&] { drive(gsi, asserted); });
}

void DescribedIrqChip::connect_timer(bool connected) {
    turns_.run([&] {
        if (connected == timer_connected_) return;
        timer_connected_ = connected;
        drive(0, false);
    });
}

void DescribedIrqChip::set_nmi(bool asserted) {
    turns_.run([&] {
        nmi_ = asserted;
        bus_.set_pin(1, asserted);
    });
}

void DescribedIrqChip::deliver_msi(std::uint64_t address, std::uint32_t data) {
    turns_.run([&] { bus_.deliver(irqchip::msi_message(address, data)); });
}

std::uint64_t DescribedIrqChip::read_port(std::uint64_t port, std::uint8_t width) {
    return turns_.run([&] { return ports_.read(port, width); });
}

void DescribedIrqChip::write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) {
    turns_.run([&] { ports_.write(port, width, value); });
}

std::optional<std::uint64_t> DescribedIrqChip::read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) {
    return turns_.run([&]() -> std::optional<std::uint64_t> {
        Processor& own = bus_.at(cpu);
        if (const auto offset = own.in_page(address)) return own.read_page(*offset, width);
        if (address - irqchip::kIoApicBase >= irqchip::kApicPageSize) return std::nullopt;
        return io_apic_.read(0, address - irqchip::kIoApicBase, width);
    });
}

bool DescribedIrqChip::write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) {
    return turns_.run([&] {
        Processor& own = bus_.at(cpu);
        if (const auto offset = own.in_page(address)) {
            own.write_page(*offset, width, value);
            return true;
        }
        if (address - irqchip::kIoApicBase >= irqchip::kApicPageSize) return false;
        io_apic_.write(0, address - irqchip::kIoApicBase, width, value);
        return true;
    });
}

void DescribedIrqChip::reset() {
    turns_.run([&] {
        if (pit_) pit_->reset();
        debt_.set(false);
        pics_.reset();
        io_apic_.reset();
        bus_.reset();
        for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi)
            if (levels_[gsi]) drive(gsi, true);
        if (nmi_) bus_.set_pin(1, true);
    });
}

std::unique_ptr<irqchip::IrqChip> make_irq_chip(const irqchip::IrqChip::Config& config,
                                                const irqchip::IrqChip::Links& links) {
    return std::make_unique<DescribedIrqChip>(config, links);
}

}  // namespace nyx::dev::board
