// The probe guest: looks at the machine it runs in and says on COM1 what it finds, then powers the machine off.
#include "probe.h"
#include "report.h"

extern "C" void probe_main(uint32_t protocol, uint64_t information) {
    using namespace probe;
    line("hello");
    report_boot(protocol, information);
    report_cpu();
    report_memory();
    report_acpi();
    set_up_interrupts();
    report_timers();
    report_interrupts();
    report_processors();
    report_x2apic();
    report_cmos();
    line("done ", uint64_t{checks_done()}, " checks, ", uint64_t{checks_failed()}, " failed");
    power_off();
}
