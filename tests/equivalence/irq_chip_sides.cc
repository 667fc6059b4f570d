#include "tests/equivalence/irq_chip_sides.h"

#include "devices/board/irq_chip.h"

namespace nyx::dev::irqchip {
namespace {

IrqChip::Config config() {
    IrqChip::Config config{.processors = {}, .pit = true};
    for (std::uint32_t i = 0; i < kProcessors; ++i)
        config.processors.push_back({.id = kIds[i], .boot_processor = i == 0, .physical_bits = 40});
    return config;
}

}  // namespace

IrqChip::Links Side::links() {
    return {.lock = lock,
            .clock = clock,
            .timers = timers,
            .ns_of_tsc = [this](std::uint32_t, std::uint64_t tsc) { return tsc + tsc_starts_at; },
            .kick = [](std::uint32_t) {}};
}

void Side::use_classes() {
    chip = std::make_unique<PcIrqChip>(config(), links());
}

void Side::use_descriptions() {
    chip = board::make_irq_chip(config(), links());
}

void Side::apic(std::uint32_t cpu, std::uint32_t reg, std::uint32_t value) {
    chip->write_mmio(cpu, kApicBase + std::uint64_t{reg} * 16, 4, value);
}

void Side::entry(unsigned pin, std::uint64_t value) {
    for (const unsigned half : {1U, 0U}) {
        chip->write_mmio(0, kIoApicBase + kIoRegSel, 4, kIoRedTable + 2 * pin + half);
        chip->write_mmio(0, kIoApicBase + kIoWin, 4, half != 0 ? value >> 32 : value & 0xFFFF'FFFF);
    }
}

void enable(Side& side, std::uint32_t cpu) {
    if (side.chip->processor(cpu).write_msr(kFirstX2ApicMsr + kApicSvr, kSvrEnabled | 0xFF)) return;
    side.apic(cpu, kApicSvr, kSvrEnabled | 0xFF);
    side.apic(cpu, kApicLdr, 1U << (24 + cpu));
}

void set_up(Side& side) {
    for (const unsigned port : {0x20U, 0xA0U}) {
        side.out(port, 0x11);
        side.out(port + 1, port == 0x20 ? 0x30 : 0x38);
        side.out(port + 1, port == 0x20 ? 4 : 2);
        side.out(port + 1, 1);
    }
    for (std::uint32_t cpu = 0; cpu < kProcessors; ++cpu) enable(side, cpu);
}

Both::Both() {
    classes.use_classes();
    described.use_descriptions();
}

void Both::replace_described() {
    const std::vector<StateUnit> saved = described.chip->save();
    described.use_descriptions();
    described.chip->connect_timer(timer_connected);
    REQUIRE(described.chip->restore(saved));
    REQUIRE(described.chip->save() == saved);
}

void Both::same_signals() {
    for (const std::uint64_t port : {0x20U, 0xA0U, 0x21U, 0x61U}) {
        CAPTURE(port);
        same([&](Side& side) { return side.chip->read_port(port, 1); });
    }
    for (std::uint32_t cpu = 0; cpu < kProcessors; ++cpu) {
        CAPTURE(cpu);
        same([&](Side& side) { return side.chip->processor(cpu).pending(); });
        same([&](Side& side) { return side.chip->processor(cpu).waits_for_start_up(); });
        same([&](Side& side) { return side.chip->processor(cpu).cr8(); });
    }
}

}  // namespace nyx::dev::irqchip
