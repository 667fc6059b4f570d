// What the parts of the probe tell each other. Each part is a file; main.cc calls them in order.
#pragma once

#include <stdint.h>

namespace probe {

// Filled by acpi.cc; 0 where there is no table or no entry.
struct Acpi {
    bool found = false;
    uint64_t rsdp = 0;
    uint32_t cpu_count = 0;  // enabled, from the MADT
    uint8_t apic_ids[255] = {};
    uint64_t ioapic = 0;
    uint32_t gsi_of_irq[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint16_t pm1a_control = 0;
    uint16_t pm_timer = 0;
    uint32_t pm_timer_mask = 0xFFFFFF;
    bool has_s5 = false;
    uint8_t s5_type = 0;
};
extern Acpi acpi;

// boot_info.cc: what the loader handed over. Prints and checks it.
void report_boot(uint32_t protocol, uint64_t information);
uint64_t rsdp_from_boot();  // 0: look for it
void report_memory();
void report_cpu();
void report_acpi();
void report_cmos();

// interrupts.cc
void set_up_interrupts();
void report_interrupts();
// How often this vector came.
uint32_t interrupt_count(uint8_t vector);
inline constexpr uint32_t kWanted = 5;  // interrupts that make a source work
// Passes when the vector comes so often.
void check_source(const char* name, uint8_t vector, uint32_t wanted = kWanted);

// x2apic.cc: the local APIC by its model-specific registers, last of all that use it.
void report_x2apic();
void end_of_interrupt();  // in the mode that it is in
// A #GP of an access there that may have one: the address behind it.
bool skip_refused_msr(uint64_t* rip);

// timers.cc
void report_timers();
// A clock that only limits waiting: false when about `milliseconds` have gone since start().
class Patience {
  public:
    explicit Patience(uint32_t milliseconds);
    bool left();

  private:
    uint32_t last_;
    uint64_t ticks_left_;
};
void wait(uint32_t milliseconds);

void report_processors();
[[noreturn]] void power_off();

// Local APIC registers (Intel SDM volume 3 §10.4.1).
inline constexpr uint64_t kLocalApic = 0xFEE00000;
inline constexpr uint64_t kApicId = kLocalApic + 0x20;
inline constexpr uint64_t kApicEoi = kLocalApic + 0xB0;
inline constexpr uint64_t kApicSpurious = kLocalApic + 0xF0;
inline constexpr uint64_t kApicIcrLow = kLocalApic + 0x300;
inline constexpr uint64_t kApicIcrHigh = kLocalApic + 0x310;
inline constexpr uint64_t kApicLvtTimer = kLocalApic + 0x320;
inline constexpr uint64_t kApicLvtLint0 = kLocalApic + 0x350;
inline constexpr uint64_t kApicTimerInitial = kLocalApic + 0x380;
inline constexpr uint64_t kApicTimerDivide = kLocalApic + 0x3E0;

}  // namespace probe
