// The i8254, the ACPI PM timer and the TSC, held against each other. A busy host may stop a vCPU between two reads, so
// a comparison is repeated, and only rates that never fit count as wrong; no time is compared with a clock outside.
#include "cpu.h"
#include "probe.h"
#include "report.h"

namespace probe {
namespace {

constexpr uint16_t kPitChannel0 = 0x40;
constexpr uint16_t kPitControl = 0x43;
constexpr uint32_t kPmTicksPerMs = 3580;  // 3.579545 MHz

uint16_t read_pit() {
    outb(kPitControl, 0);  // latch channel 0
    const uint8_t low = inb(kPitChannel0);
    return static_cast<uint16_t>(low | inb(kPitChannel0) << 8);
}

// Channel 0 as a plain divider of 65536 (mode 2), counting down at 1.193182 MHz: a third of the PM timer.
void start_pit() {
    outb(kPitControl, 0x34);
    outb(kPitChannel0, 0);
    outb(kPitChannel0, 0);
}

struct Sample {
    uint32_t pit, pm;
    uint64_t tsc;
};

// What passed on each clock while the PM timer went `pm_ticks` on.
Sample measure(uint32_t pm_ticks) {
    const uint16_t pit = read_pit();
    const uint64_t tsc = rdtsc();
    const uint32_t pm = inl(acpi.pm_timer);
    uint32_t passed = 0;
    while (passed < pm_ticks) passed = (inl(acpi.pm_timer) - pm) & acpi.pm_timer_mask;
    const uint64_t tsc_passed = rdtsc() - tsc;
    return {static_cast<uint16_t>(pit - read_pit()), passed, tsc_passed};
}

bool within(uint64_t value, uint64_t expected, uint64_t percent) {
    return value * 100 >= expected * (100 - percent) && value * 100 <= expected * (100 + percent);
}

}  // namespace

void report_timers() {
    if (acpi.pm_timer == 0) {
        line("timers: no PM timer to compare with");
        return;
    }
    start_pit();
    bool pit_fits = false, tsc_fits = false;
    Sample sample{};
    for (int attempt = 0; attempt < 8 && !(pit_fits && tsc_fits); ++attempt) {
        sample = measure(10 * kPmTicksPerMs);
        const Sample longer = measure(20 * kPmTicksPerMs);
        pit_fits = pit_fits || within(uint64_t{sample.pit} * 3, sample.pm, 10);
        // Ticks of the TSC for 1024 of the PM timer, over two lengths.
        tsc_fits = tsc_fits || within(sample.tsc * 1024 / sample.pm, longer.tsc * 1024 / longer.pm, 10);
    }
    line("timers pm ", uint64_t{sample.pm}, " pit ", uint64_t{sample.pit}, " tsc ", sample.tsc);
    check("pit-against-pm-timer", pit_fits);
    check("tsc-against-pm-timer", tsc_fits);
    line("timers tsc about ", sample.tsc * kPmTicksPerMs / sample.pm, " kHz");
}

// Without a PM timer the TSC stands in, at a guess of 1 GHz: patience, not measurement.
Patience::Patience(uint32_t milliseconds) {
    last_ = acpi.pm_timer != 0 ? inl(acpi.pm_timer) : static_cast<uint32_t>(rdtsc() >> 8);
    ticks_left_ = uint64_t{milliseconds} * kPmTicksPerMs;
}

bool Patience::left() {
    const uint32_t now = acpi.pm_timer != 0 ? inl(acpi.pm_timer) : static_cast<uint32_t>(rdtsc() >> 8);
    const uint64_t passed = (now - last_) & (acpi.pm_timer != 0 ? acpi.pm_timer_mask : 0xFFFFFFFF);
    last_ = now;
    ticks_left_ = passed < ticks_left_ ? ticks_left_ - passed : 0;
    return ticks_left_ > 0;
}

void wait(uint32_t milliseconds) {
    for (Patience patience(milliseconds); patience.left();) {
    }
}

}  // namespace probe
