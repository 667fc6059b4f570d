// One source after the other: programmed, counted for a while, silenced. IDT vectors: 0x20-0x2F the 8259s, 0x30-0x47
// the I/O APIC's pins, 0x50 the local timer.
#include "cpu.h"
#include "probe.h"
#include "report.h"

extern "C" char interrupt_stubs[];

namespace probe {
namespace {

constexpr uint8_t kPicBase = 0x20;
constexpr uint8_t kIoApicBase = 0x30;
constexpr uint8_t kLocalTimer = 0x50;
constexpr uint32_t kPatienceMs = 3000;
constexpr uint16_t kCom1 = 0x3F8;

struct IdtEntry {
    uint16_t offset_low, selector, attributes, offset_middle;
    uint32_t offset_high, reserved;
};
struct __attribute__((packed)) IdtPointer {
    uint16_t limit;
    uint64_t base;
};

IdtEntry idt[256];
volatile uint32_t counts[256];
volatile uint8_t serial_iir = 0xFF;

void remap_pic() {
    outb(0x20, 0x11);
    outb(0xA0, 0x11);
    outb(0x21, kPicBase);
    outb(0xA1, kPicBase + 8);
    outb(0x21, 4);
    outb(0xA1, 2);
    outb(0x21, 1);
    outb(0xA1, 1);
    outb(0x21, 0xFF);
    outb(0xA1, 0xFF);
}

void write_ioapic(uint32_t index, uint32_t value) {
    store<uint32_t>(acpi.ioapic, index);
    store<uint32_t>(acpi.ioapic + 0x10, value);
}

// Edge-triggered, active high, fixed delivery to this processor. 82093AA data sheet §3.2.4.
void route(uint32_t gsi, bool masked) {
    write_ioapic(0x10 + gsi * 2 + 1, load<uint32_t>(kApicId));
    write_ioapic(0x10 + gsi * 2, (kIoApicBase + gsi) | (masked ? 1U << 16 : 0));
}

void acknowledge(uint8_t vector) {
    if (vector >= kPicBase && vector < kPicBase + 16) {
        if (vector >= kPicBase + 8) outb(0xA0, 0x20);
        outb(0x20, 0x20);
        return;
    }
    end_of_interrupt();
}

// What a device wants before it interrupts again.
void serve_device(uint8_t vector) {
    if (vector == kIoApicBase + acpi.gsi_of_irq[8]) {
        outb(0x70, 0x0C);
        inb(0x71);
    }
    if (vector == kIoApicBase + acpi.gsi_of_irq[4]) serial_iir = inb(kCom1 + 2);
}

uint32_t wait_for(uint8_t vector, uint32_t wanted) {
    const uint32_t before = counts[vector];
    enable_interrupts();
    for (Patience patience(kPatienceMs); counts[vector] - before < wanted && patience.left();) {
    }
    disable_interrupts();
    return counts[vector] - before;
}

void program_pit(uint16_t divisor) {
    outb(0x43, 0x34);
    outb(0x40, static_cast<uint8_t>(divisor));
    outb(0x40, static_cast<uint8_t>(divisor >> 8));
}

}  // namespace

void check_source(const char* name, uint8_t vector, uint32_t wanted) {
    const uint32_t seen = wait_for(vector, wanted);
    check(name, seen >= wanted, uint64_t{seen}, " interrupts");
}

namespace {

void check_pit_by_pic() {
    store<uint32_t>(kApicLvtLint0, 0x700);  // ExtINT
    program_pit(11932);                     // 100 a second
    outb(0x21, 0xFE);
    check_source("irq-pit-pic", kPicBase);
    outb(0x21, 0xFF);
    store<uint32_t>(kApicLvtLint0, 1U << 16);
}

void check_pit_by_ioapic() {
    route(acpi.gsi_of_irq[0], false);
    check_source("irq-pit-ioapic", static_cast<uint8_t>(kIoApicBase + acpi.gsi_of_irq[0]));
    route(acpi.gsi_of_irq[0], true);
}

void check_local_timer() {
    store<uint32_t>(kApicTimerDivide, 3);  // by 16
    store<uint32_t>(kApicLvtTimer, kLocalTimer | 1U << 17);
    store<uint32_t>(kApicTimerInitial, 1000000);
    check_source("irq-lapic-timer", kLocalTimer);
    store<uint32_t>(kApicTimerInitial, 0);
    store<uint32_t>(kApicLvtTimer, 1U << 16);
}

// MC146818: register A rate 10 is 64 a second, register B bit 6 the periodic interrupt, register C is read to rearm.
void check_rtc() {
    outb(0x70, 0x0A);
    outb(0x71, 0x2A);
    outb(0x70, 0x0B);
    const uint8_t before = inb(0x71);
    outb(0x70, 0x0B);
    outb(0x71, before | 0x40);
    outb(0x70, 0x0C);
    inb(0x71);
    route(acpi.gsi_of_irq[8], false);
    outb(0x70, 0x0C);  // once more: an edge that came while the pin was masked is lost, and the line would stay high
    inb(0x71);
    check_source("irq-rtc-periodic", static_cast<uint8_t>(kIoApicBase + acpi.gsi_of_irq[8]));
    route(acpi.gsi_of_irq[8], true);
    outb(0x70, 0x0B);
    outb(0x71, before);
}

// 16550: enabling the interrupt while the transmitter is empty raises it; IIR then says 2.
void check_serial() {
    const auto vector = static_cast<uint8_t>(kIoApicBase + acpi.gsi_of_irq[4]);
    outb(kCom1 + 4, inb(kCom1 + 4) | 8);  // OUT2 connects the line on a PC
    route(acpi.gsi_of_irq[4], false);
    outb(kCom1 + 1, 2);
    const uint32_t seen = wait_for(vector, 1);
    outb(kCom1 + 1, 0);
    route(acpi.gsi_of_irq[4], true);
    check("irq-serial-thre", seen >= 1 && (serial_iir & 0x0F) == 2, uint64_t{seen}, " interrupts, iir ",
          Hex{serial_iir});
}

}  // namespace

uint32_t interrupt_count(uint8_t vector) {
    return counts[vector];
}

void set_up_interrupts() {
    for (uint64_t v = 0; v < 256; ++v) {
        const uint64_t stub = reinterpret_cast<uint64_t>(interrupt_stubs) + v * 16;
        idt[v] = {static_cast<uint16_t>(stub),       8, 0x8E00, static_cast<uint16_t>(stub >> 16),
                  static_cast<uint32_t>(stub >> 32), 0};
    }
    const IdtPointer pointer{sizeof idt - 1, reinterpret_cast<uint64_t>(idt)};
    asm volatile("lidt %0" ::"m"(pointer));
    remap_pic();
    store<uint32_t>(kApicSpurious, 0x1FF);  // enabled, vector 0xFF
}

void report_interrupts() {
    check_pit_by_pic();
    check_local_timer();
    if (acpi.ioapic == 0) {
        line("interrupts: no I/O APIC");
        return;
    }
    check_pit_by_ioapic();
    check_rtc();
    check_serial();
}

}  // namespace probe

extern "C" void interrupt(uint64_t vector, uint64_t* rip, uint64_t error) {
    using namespace probe;
    if (vector == 13 && skip_refused_msr(rip)) return;
    if (vector < 32) {
        line("exception ", vector, " error ", Hex{error}, " at ", Hex{*rip});
        check("no-exceptions", false);
        power_off();
    }
    counts[vector] = counts[vector] + 1;
    serve_device(static_cast<uint8_t>(vector));
    acknowledge(static_cast<uint8_t>(vector));
}
