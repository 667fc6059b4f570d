// What a software CPU meets outside: the interrupt controllers' ports and memory, the machine's devices, time.
#include <algorithm>
#include <array>
#include <cstring>

#include "runtime/soft/vm/vcpu.h"
#include "runtime/soft/vm/vm.h"

namespace nyx::soft {
namespace {

std::uint64_t value_of(std::span<const std::uint8_t> data) {
    std::uint64_t value = 0;
    std::memcpy(&value, data.data(), data.size());
    return value;
}

}  // namespace

bool Vcpu::is_chip_port(std::uint16_t port) const {
    return std::ranges::any_of(vm_.irq_chip().ports(), [port](Range range) { return range.contains(port); });
}

void Vcpu::read_port(std::uint16_t port, std::span<std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (is_chip_port(port)) {
        std::uint64_t value = vm_.irq_chip().read_port(port, width);
        std::memcpy(data.data(), &value, data.size());
        return;
    }
    hv::Exit exit = hv::IoExit{false, port, width, 1, data};
    (void)server_->serve(exit);
}

void Vcpu::write_port(std::uint16_t port, std::span<const std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (is_chip_port(port)) return vm_.irq_chip().write_port(port, width, value_of(data));
    std::array<std::uint8_t, 4> copy{};
    std::ranges::copy(data, copy.begin());
    hv::Exit exit = hv::IoExit{true, port, width, 1, std::span(copy).first(data.size())};
    (void)server_->serve(exit);
}

void Vcpu::read_mmio(std::uint64_t address, std::span<std::uint8_t> data) {
    if (auto value = vm_.irq_chip().read_mmio(cpu_->index, address, static_cast<std::uint8_t>(data.size()))) {
        std::memcpy(data.data(), &*value, data.size());
        return;
    }
    hv::Exit exit = hv::MmioExit{false, address, data};
    (void)server_->serve(exit);
}

void Vcpu::write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (vm_.irq_chip().write_mmio(cpu_->index, address, width, value_of(data))) return;
    std::array<std::uint8_t, 8> copy{};
    std::ranges::copy(data, copy.begin());
    hv::Exit exit = hv::MmioExit{true, address, std::span(copy).first(data.size())};
    (void)server_->serve(exit);
}

std::optional<std::uint8_t> Vcpu::acknowledge_interrupt() {
    auto taken = interrupts_.take_interrupt();
    look_at_interrupts();
    return taken;
}

std::uint64_t Vcpu::task_priority() {
    return interrupts_.cr8();
}

void Vcpu::set_task_priority(std::uint64_t priority) {
    interrupts_.set_cr8(static_cast<std::uint8_t>(priority));
}

std::optional<std::uint64_t> Vcpu::read_apic_msr(std::uint32_t index) {
    return interrupts_.read_msr(index);
}

bool Vcpu::write_apic_msr(std::uint32_t index, std::uint64_t value) {
    return interrupts_.write_msr(index, value);
}

std::uint64_t Vcpu::random() {
    return vm_.random();
}

std::uint64_t Vcpu::tsc() {
    return vm_.tsc();
}

std::uint64_t Vcpu::ns_of_tsc(std::uint64_t tsc) const {
    return tsc - static_cast<std::uint64_t>(cpu_->msr.tsc_offset);
}

}  // namespace nyx::soft
