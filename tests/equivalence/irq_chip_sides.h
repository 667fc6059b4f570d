// A PC's interrupt controllers twice, made of classes and of their descriptions, driven alike. Of use on one thread.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

#include "devices/irqchip/pc_irq_chip.h"
#include "devices/kit/fakes.h"

namespace nyx::dev::irqchip {

inline constexpr std::uint32_t kProcessors = 3;
inline constexpr std::array<std::uint32_t, kProcessors> kIds{0, 1, 0x12};  // the last in a cluster of its own

struct Side {
    std::mutex lock;
    FakeClock clock;
    FakeTimers timers{clock};
    std::uint64_t tsc_starts_at = 0;  // on the clock
    std::unique_ptr<IrqChip> chip;

    IrqChip::Links links();
    void use_classes();
    void use_descriptions();
    void out(std::uint64_t port, unsigned value) { chip->write_port(port, 1, value); }
    void apic(std::uint32_t cpu, std::uint32_t reg, std::uint32_t value);
    // Of the I/O APIC's redirection table.
    void entry(unsigned pin, std::uint64_t value);
};

// In the mode that it is in; in x2APIC mode the logical id follows from the id.
void enable(Side& side, std::uint32_t cpu);
// As an operating system sets them up, so that most of what follows means something.
void set_up(Side& side);

struct Both {
    Side classes, described;
    int msrs_written = 0, msrs_refused = 0;
    bool timer_connected = true;

    Both();
    // Another chip goes on from the state of this one.
    void replace_described();
    template <class Operation>
    void each(Operation operation) {
        operation(classes);
        operation(described);
    }
    template <class Question>
    void same(Question question) {
        REQUIRE(question(described) == question(classes));
    }
    // What can be looked at without a change.
    void same_signals();
};

}  // namespace nyx::dev::irqchip
