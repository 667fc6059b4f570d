// The end: ACPI S5 (ACPI 6.5 §4.8.3.2); without ACPI the exit device, then a reset through the keyboard controller.
#include "cpu.h"
#include "probe.h"
#include "report.h"

namespace probe {

void power_off() {
    disable_interrupts();
    if (acpi.pm1a_control != 0 && acpi.has_s5) {
        outw(acpi.pm1a_control, static_cast<uint16_t>(acpi.s5_type << 10 | 1U << 13));  // SLP_TYP, SLP_EN
        wait(5000);                                                                     // a machine may take its time
    }
    outl(0xF4, checks_failed() == 0 ? 0 : 1);
    outb(0x64, 0xFE);
    for (;;) asm volatile("cli; hlt");
}

}  // namespace probe
