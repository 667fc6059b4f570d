#include "tests/equivalence/irq_chip_operations.h"

namespace nyx::dev::irqchip {
namespace {

std::uint64_t random_entry(Random& random) {
    const std::uint64_t vector = 0x40 + random() % 0xA0;
    // The first processor is always there: the class holds a level back that nobody takes, and the model does not.
    const std::uint64_t is_level = random() % 2;
    const std::uint64_t is_logical = random() % 2;
    const std::uint64_t some = is_logical != 0 ? 1 + random() % 7 : kIds[random() % kProcessors];
    const std::uint64_t destination = random() % 3 == 0 ? 0xFF : is_level != 0 ? is_logical * (some | 1) : some;
    return vector | random() % 2 << 8 | is_logical << 11 | is_level << 15 | (random() % 8 == 0 ? kRedMasked : 0) |
           destination << kRedDestinationShift;
}

void set_line(Both& both, Random& random, std::uint32_t) {
    const auto gsi = static_cast<std::uint32_t>(random() % IrqChip::kGsis);
    const bool level = random() % 2 == 0;
    if (gsi != 0) both.each([&](Side& side) { side.chip->set_gsi(gsi, level); });
}

void write_entry(Both& both, Random& random, std::uint32_t) {
    const auto pin = static_cast<unsigned>(random() % 24);
    const std::uint64_t value = random_entry(random);
    both.each([&](Side& side) { side.entry(pin, value); });
}

void send_command(Both& both, Random& random, std::uint32_t cpu) {
    const auto command = static_cast<std::uint32_t>((0x40 + random() % 0xA0) | random() % 8 << 8 | random() % 2 << 11 |
                                                    kIcrAssert | random() % 4 << 18);
    const auto to = static_cast<std::uint32_t>(random() % 8 << 24);
    both.each([&](Side& side) {
        side.apic(cpu, kApicIcrHigh, to);
        side.apic(cpu, kApicIcr, command);
    });
}

void send_message(Both& both, Random& random, std::uint32_t) {
    const std::uint64_t address = kMsiBase | random() % 8 << 12 | random() % 4 << 2;
    const auto data = static_cast<std::uint32_t>((0x40 + random() % 0xA0) | random() % 2 << 8);
    both.each([&](Side& side) { side.chip->deliver_msi(address, data); });
}

void command_8259(Both& both, Random& random, std::uint32_t) {
    const auto port = std::array{0x20U, 0xA0U}[random() % 2];
    const unsigned value = random() % 2 == 0 ? 0x20 : 0x60 | static_cast<unsigned>(random() % 8);
    both.each([&](Side& side) { side.out(port, value); });
}

void read_registers(Both& both, Random& random, std::uint32_t cpu) {
    const auto reg = std::array{kApicId, kApicTpr, kApicPpr, kApicIsr, kApicIrr, kApicEsr}[random() % 6];
    both.same([&](Side& side) { return side.chip->read_mmio(cpu, kApicBase + 16ULL * reg, 4); });
    both.same([&](Side& side) { return side.chip->read_port(0x20, 1); });
}

void set_cr8(Both& both, Random& random, std::uint32_t cpu) {
    const auto value = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 16 : random() % 3);
    both.each([&](Side& side) { side.chip->processor(cpu).set_cr8(value); });
}

void pass_time(Both& both, Random& random, std::uint32_t) {
    const std::uint64_t ns = random() % std::array<std::uint64_t, 3>{100'000, 12'000'000, 90'000'000}[random() % 3];
    both.each([&](Side& side) { side.timers.advance(ns); });
}

// Counter 0: counts of 3 to 60 ms, in modes whose OUT is never low for less than a timer can tell.
void start_counter(Both& both, Random& random, std::uint32_t) {
    const auto mode = std::array{0U, 3U}[random() % 2];
    const auto count = static_cast<unsigned>(3'000 + random() % 60'000);
    if (random() % 4 != 0) return;
    both.each([&](Side& side) {
        side.out(0x43, 0x30 | mode << 1);
        side.out(0x40, count & 0xFF);
        side.out(0x40, count >> 8);
    });
}

void start_processor(Both& both, Random&, std::uint32_t cpu) {
    both.same([&](Side& side) {
        const bool taken = side.chip->processor(cpu).take_init();
        if (taken) enable(side, cpu);
        return taken;
    });
    both.same([&](Side& side) { return side.chip->processor(cpu).take_start_up(); });
}

void take_interrupt(Both& both, Random&, std::uint32_t cpu) {
    both.same([&](Side& side) { return side.chip->processor(cpu).take_interrupt().value_or(0); });
}

void end_interrupt(Both& both, Random&, std::uint32_t cpu) {
    both.each([&](Side& side) { side.apic(cpu, kApicEoi, 0); });
}

void take_others(Both& both, Random&, std::uint32_t cpu) {
    both.same([&](Side& side) { return side.chip->processor(cpu).take_nmi(); });
    both.same([&](Side& side) { return side.chip->processor(cpu).take_smi(); });
}

// As an HPET takes IRQ 0 from the 8254, drives it, and gives it back.
void replace_timer(Both& both, Random& random, std::uint32_t) {
    const std::uint64_t what = random() % 3;
    both.each([&](Side& side) {
        side.chip->connect_timer(what == 0);
        if (what == 0) return;
        side.chip->set_gsi(0, true);
        if (what == 1) side.chip->set_gsi(0, false);
    });
    both.timer_connected = what == 0;
}

// Each as often as it stands here.
using Operation = void (*)(Both& both, Random& random, std::uint32_t cpu);
constexpr Operation kOperations[] = {
    set_line,      set_line,        set_line,     take_interrupt, take_interrupt, end_interrupt, write_entry,
    send_command,  send_message,    command_8259, read_registers, set_cr8,        pass_time,     pass_time,
    start_counter, start_processor, take_others,  take_others,    change_mode,    set_deadline,  use_msr,
    use_msr,       use_msr,         use_msr,      replace_timer,
};

}  // namespace

void step(Both& both, Random& random) {
    const auto cpu = static_cast<std::uint32_t>(random() % kProcessors);
    CAPTURE(cpu);
    const std::uint64_t what = random() % std::size(kOperations);
    CAPTURE(what);
    kOperations[what](both, random, cpu);
    both.same_signals();
}

}  // namespace nyx::dev::irqchip
