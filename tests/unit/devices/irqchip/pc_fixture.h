// A PC's interrupt controllers on fakes, as the processor and the devices use them.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "devices/irqchip/pc_irq_chip.h"
#include "devices/kit/fakes.h"

namespace nyx::dev::irqchip {

struct Pc {
    std::mutex lock;
    FakeClock clock;
    FakeTimers timers{clock};
    std::map<std::uint32_t, int> kicks;
    PcIrqChip chip;

    explicit Pc(std::uint32_t cpus = 1, bool pit = true) : chip(config(cpus, pit), links()) {}

    static PcIrqChip::Config config(std::uint32_t cpus, bool pit) {
        PcIrqChip::Config config{.processors = {}, .pit = pit};
        for (std::uint32_t i = 0; i < cpus; ++i) config.processors.push_back({.id = i, .boot_processor = i == 0});
        return config;
    }
    PcIrqChip::Links links() {
        return {.lock = lock,
                .clock = clock,
                .timers = timers,
                .ns_of_tsc = [](std::uint32_t, std::uint64_t tsc) { return tsc; },
                .kick = [this](std::uint32_t cpu) { ++kicks[cpu]; }};
    }

    void out(std::uint64_t port, unsigned value) { chip.write_port(port, 1, value); }
    unsigned in(std::uint64_t port) { return static_cast<unsigned>(chip.read_port(port, 1)); }
    void apic(std::uint32_t reg, std::uint32_t value, std::uint32_t cpu = 0) {
        chip.write_mmio(cpu, kApicBase + std::uint64_t{reg} * 16, 4, value);
    }
    void io_apic(unsigned pin, std::uint64_t entry) {
        for (unsigned half : {1U, 0U}) {
            chip.write_mmio(0, kIoApicBase + kIoRegSel, 4, kIoRedTable + 2 * pin + half);
            chip.write_mmio(0, kIoApicBase + kIoWin, 4, half ? entry >> 32 : entry & 0xFFFF'FFFF);
        }
    }
    // As Linux does before it decides on an interrupt mode.
    void init_pics(unsigned base = 0x30, unsigned icw4 = 1) {
        for (std::uint64_t port : {I8259Pair::kMasterPort, I8259Pair::kSlavePort}) {
            bool slave = port == I8259Pair::kSlavePort;
            out(port, 0x11);
            out(port + 1, slave ? base + 8 : base);
            out(port + 1, slave ? 2 : 4);
            out(port + 1, icw4);
        }
    }
    void tick_every_10_ms() {
        out(kPitControlPort, 0x34);
        out(kPitPort, 11'932 & 0xFF);
        out(kPitPort, 11'932 >> 8);
    }
    ProcessorInterrupts& cpu(std::uint32_t index = 0) { return chip.processor(index); }
    // The vector, or 0 if nothing is pending.
    unsigned take(std::uint32_t index = 0) { return cpu(index).take_interrupt().value_or(0); }
    void eoi(std::uint32_t index = 0) { apic(kApicEoi, 0, index); }
};

}  // namespace nyx::dev::irqchip
