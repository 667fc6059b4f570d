#include "tests/equivalence/irq_chip_operations.h"

namespace nyx::dev::irqchip {
namespace {

std::optional<std::uint64_t> msr(Side& side, std::uint32_t cpu, std::uint32_t number) {
    return side.chip->processor(cpu).read_msr(number);
}

void write_msr(Both& both, std::uint32_t cpu, std::uint32_t number, std::uint64_t value) {
    CAPTURE(number);
    CAPTURE(value);
    const bool taken = both.classes.chip->processor(cpu).write_msr(number, value);
    REQUIRE(both.described.chip->processor(cpu).write_msr(number, value) == taken);
    ++(taken ? both.msrs_written : both.msrs_refused);
    both.same([&](Side& side) { return msr(side, cpu, number); });
}

// A value that the register may take, or any.
std::uint64_t msr_value(Random& random, std::uint32_t reg) {
    const std::uint64_t vector = 0x40 + random() % 0xA0;
    if (random() % 6 == 0 && reg != kApicSvr) return random() >> random() % 64;
    switch (reg) {
        case kApicIcr:
            return vector | random() % 8 << 8 | random() % 2 << 11 | kIcrAssert | random() % 4 << 18 |
                   (random() % 3 == 0 ? kWideBroadcast : random() % 2 << 16 | kIds[random() % kProcessors]) << 32;
        case kApicSvr:
            return kSvrEnabled | 0xFF;
        case kApicTpr:
            return random() % 0x50;
        case kApicSelfIpi:
            return vector;
        case kApicLvtTimer:
            return vector | random() % 4 << kLvtTimerModeShift;
        case kApicLvtThermal:
        case kApicLvtPerformance:
        case kApicLvtError:
            return vector;
        case kApicLvtLint0:
        case kApicLvtLint1:
            return vector | (random() % 8 << 8) | random() % 2 << 14 | random() % 2 << 15;
        case kApicInitialCount:
            return 60'000 + random() % 10'000'000;
        case kApicDivide:
            return random() % 4 | random() % 2 << 3;
        default:
            return 0;
    }
}

std::uint32_t any_register(Random& random) {
    constexpr std::array<std::uint32_t, 13> kUsual{
        kApicTpr,    kApicEoi,      kApicSvr,      kApicEsr,     kApicIcr,          kApicIcr,    kApicLvtTimer,
        kApicDivide, kApicLvtLint0, kApicLvtError, kApicSelfIpi, kApicInitialCount, kApicSelfIpi};
    return random() % 4 == 0 ? static_cast<std::uint32_t>(random() % kX2ApicMsrs) : kUsual[random() % kUsual.size()];
}

}  // namespace

// Mostly another mode, now and then another page, reserved bits, or a way that there is not. The first processor is
// never without its APIC.
void change_mode(Both& both, Random& random, std::uint32_t cpu) {
    const auto modes =
        std::array{kBaseEnabled,     kBaseEnabled, kBaseEnabled | kBaseX2Apic, kBaseEnabled | kBaseX2Apic,
                   std::uint64_t{0}, kBaseX2Apic};
    const std::uint64_t mode = modes[random() % modes.size()];
    if (cpu == 0 && (mode & kBaseEnabled) == 0) return;
    const std::uint64_t page = random() % 4 == 0 ? kApicBase + 0x10'0000 : kApicBase;
    const std::uint64_t wrong = random() % 8 == 0 ? std::uint64_t{1} << random() % 64 : 0;
    const std::uint64_t boot = (cpu == 0) != (random() % 16 == 0) ? kBaseBootProcessor : 0;
    const bool was_on = (*msr(both.classes, cpu, kMsrApicBase) & kBaseEnabled) != 0;
    write_msr(both, cpu, kMsrApicBase, page | boot | mode | wrong);
    const std::uint64_t base = *msr(both.classes, cpu, kMsrApicBase);
    if (!was_on && (base & kBaseEnabled) != 0) both.each([&](Side& side) { enable(side, cpu); });
    both.same([&](Side& side) { return side.chip->read_mmio(cpu, page + 16ULL * kApicSvr, 4); });
}

void use_msr(Both& both, Random& random, std::uint32_t cpu) {
    const std::uint32_t reg = any_register(random);
    if (random() % 3 != 0) write_msr(both, cpu, kFirstX2ApicMsr + reg, msr_value(random, reg));
    const auto other = static_cast<std::uint32_t>(random() % kX2ApicMsrs);
    both.same([&](Side& side) { return msr(side, cpu, kFirstX2ApicMsr + other); });
}

// Deadlines ahead and behind, and a TSC that is set.
void set_deadline(Both& both, Random& random, std::uint32_t cpu) {
    const std::uint64_t tsc = both.classes.clock.monotonic_ns() - both.classes.tsc_starts_at;
    const auto ahead = random() % 20'000'000;
    write_msr(both, cpu, kMsrTscDeadline, random() % 4 == 0 ? tsc / 2 : tsc + ahead);
    if (random() % 8 != 0) return;
    const std::uint64_t start = random() % (both.classes.clock.monotonic_ns() + 1);
    both.each([&](Side& side) {
        side.tsc_starts_at = start;
        for (std::uint32_t each = 0; each < kProcessors; ++each) side.chip->processor(each).tsc_moved();
    });
}

}  // namespace nyx::dev::irqchip
