// Local APICs on a bus of their own, with what they asked of the outside at hand.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "devices/irqchip/apic_bus.h"
#include "devices/kit/fakes.h"

namespace nyx::dev::irqchip {

inline constexpr std::uint64_t kTscPerNs = 2;  // of the fake processors

struct Apics {
    FakeClock clock;
    FakeTimers timers{clock};
    std::vector<std::uint32_t> kicks;
    std::vector<std::uint8_t> eois;
    std::deque<std::uint8_t> ext_vectors;  // what the 8259s would give
    std::unique_ptr<ApicBus> bus;

    explicit Apics(std::vector<LocalApicConfig> configs) {
        clock.now_ns = 1'000'000;
        bus = std::make_unique<ApicBus>(links(), configs);
    }
    // Processor 0 is the boot processor; ids are indexes.
    explicit Apics(std::uint32_t count = 1) : Apics(plain(count)) {}

    static std::vector<LocalApicConfig> plain(std::uint32_t count) {
        std::vector<LocalApicConfig> configs;
        for (std::uint32_t i = 0; i < count; ++i)
            configs.push_back({.id = i, .boot_processor = i == 0, .virtual_wire = false, .physical_bits = 40});
        return configs;
    }
    ApicBus::Links links() {
        return {.clock = clock,
                .timers = timers,
                .ns_of_tsc = [](std::uint32_t, std::uint64_t tsc) { return tsc / kTscPerNs; },
                .kick = [this](std::uint32_t cpu) { kicks.push_back(cpu); },
                .acknowledge_ext_int =
                    [this] {
                        std::uint8_t vector = ext_vectors.empty() ? std::uint8_t{7} : ext_vectors.front();
                        if (!ext_vectors.empty()) ext_vectors.pop_front();
                        return vector;
                    },
                .eoi =
                    [this](std::uint8_t vector, bool broadcast) {
                        if (broadcast) eois.push_back(vector);
                    }};
    }

    LocalApic& apic(std::uint32_t cpu = 0) { return bus->apic(cpu); }
    std::uint32_t get(std::uint32_t reg, std::uint32_t cpu = 0) {
        return static_cast<std::uint32_t>(apic(cpu).read_page(std::uint64_t{reg} * 16, 4));
    }
    void set(std::uint32_t reg, std::uint32_t value, std::uint32_t cpu = 0) {
        apic(cpu).write_page(std::uint64_t{reg} * 16, 4, value);
    }
    // Software-enabled, and started.
    Apics& enable() {
        for (std::uint32_t cpu = 0; cpu < bus->count(); ++cpu) {
            bus->apic(cpu).accept({.mode = DeliveryMode::kStartUp, .vector = 1});
            bus->apic(cpu).take_start_up();
            set(kApicSvr, kSvrEnabled | 0xFF, cpu);
        }
        kicks.clear();
        return *this;
    }
    void x2apic(std::uint32_t cpu) {
        apic(cpu).write_msr(kMsrApicBase, apic(cpu).read_msr(kMsrApicBase).value_or(0) | kBaseX2Apic);
    }
    bool fixed(std::uint8_t vector, bool level = false, std::uint32_t cpu = 0) {
        return apic(cpu).accept({.vector = vector, .level = level});
    }
    void eoi(std::uint32_t cpu = 0) { set(kApicEoi, 0, cpu); }
    std::uint32_t pending(std::uint32_t cpu = 0) { return apic(cpu).pending(); }
};

}  // namespace nyx::dev::irqchip
