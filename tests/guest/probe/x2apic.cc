// The local APIC in x2APIC mode (Intel SDM volume 3 §12.12) and its timer's TSC-deadline mode, where CPUID has them.
// Their registers refuse what is not allowed by a #GP.
#include "cpu.h"
#include "probe.h"
#include "report.h"

namespace probe {
namespace {

constexpr uint32_t kApicBase = 0x1B, kTscDeadline = 0x6E0;
constexpr uint32_t kId = 0x802, kTaskPriority = 0x808, kEoi = 0x80B, kLogicalId = 0x80D, kFormat = 0x80E,
                   kSpurious = 0x80F, kCommand = 0x830, kLvtTimer = 0x832, kInitialCount = 0x838, kDivide = 0x83E,
                   kSelf = 0x83F;
constexpr uint64_t kExtended = 1 << 10;
constexpr uint8_t kSelfVector = 0x51, kCommandVector = 0x52, kTimerVector = 0x53, kDeadlineVector = 0x54;

volatile uint64_t behind_access;  // 0: no access is under way
volatile bool refused;
bool is_extended = false;

bool write_msr(uint32_t number, uint64_t value) {
    refused = false;
    asm volatile("leaq 1f(%%rip), %%r8; movq %%r8, %0; wrmsr; 1: movq $0, %0"
                 : "=m"(behind_access)
                 : "c"(number), "a"(static_cast<uint32_t>(value)), "d"(static_cast<uint32_t>(value >> 32))
                 : "r8", "memory");
    return !refused;
}

bool read_msr(uint32_t number, uint64_t& value) {
    uint32_t low = 0, high = 0;
    refused = false;
    asm volatile("leaq 1f(%%rip), %%r8; movq %%r8, %0; rdmsr; 1: movq $0, %0"
                 : "=m"(behind_access), "+a"(low), "+d"(high)
                 : "c"(number)
                 : "r8", "memory");
    value = uint64_t{high} << 32 | low;
    return !refused;
}

bool has(uint32_t number, uint64_t expected) {
    uint64_t value = 0;
    return read_msr(number, value) && value == expected;
}

// §12.12.1.2 and §12.12.5: registers that are not there, no way straight back. KVM's own local APIC takes some of the
// reserved bits.
void check_faults(uint64_t base) {
    uint64_t unused = 0;
    check("x2apic-faults", !read_msr(kFormat, unused) && !read_msr(kEoi, unused) && !write_msr(kId, 0) &&
                               !write_msr(kSelf, 0x100) && !write_msr(kApicBase, base));
    const bool are_refused = !write_msr(kEoi, 1) && !write_msr(kTaskPriority, 0x100);
    line("x2apic reserved bits ", are_refused ? "refused" : "taken");
}

void check_timer() {
    write_msr(kDivide, 3);  // by 16
    write_msr(kLvtTimer, kTimerVector | 1U << 17);
    write_msr(kInitialCount, 1000000);
    check_source("irq-x2apic-timer", kTimerVector);
    write_msr(kInitialCount, 0);
    write_msr(kLvtTimer, 1U << 16);
}

void check_deadline() {
    if ((cpuid(1).c >> 24 & 1) == 0) return line("tsc-deadline none");
    write_msr(kLvtTimer, kDeadlineVector | 2U << 17);
    write_msr(kTscDeadline, rdtsc() + 1000000);
    check_source("irq-tsc-deadline", kDeadlineVector, 1);
    check("tsc-deadline-disarmed", has(kTscDeadline, 0));
    write_msr(kLvtTimer, 1U << 16);
}

}  // namespace

void end_of_interrupt() {
    if (is_extended) {
        write_msr(kEoi, 0);
    } else {
        store<uint32_t>(kApicEoi, 0);
    }
}

bool skip_refused_msr(uint64_t* rip) {
    if (behind_access == 0) return false;
    *rip = behind_access;
    refused = true;
    return true;
}

void report_x2apic() {
    if ((cpuid(1).c >> 21 & 1) == 0) return line("x2apic none");
    uint64_t base = 0;
    const uint64_t id = cpuid(1).b >> 24;
    is_extended = read_msr(kApicBase, base) && write_msr(kApicBase, base | kExtended);
    check("x2apic-mode", is_extended && has(kApicBase, base | kExtended));
    if (!is_extended) return;
    check("x2apic-id", has(kId, id) && has(kLogicalId, (id >> 4) << 16 | 1U << (id & 15)));
    check("x2apic-keeps-registers", has(kSpurious, 0x1FF));
    check_faults(base);
    write_msr(kSelf, kSelfVector);
    check_source("irq-x2apic-self", kSelfVector, 1);
    write_msr(kCommand, id << 32 | 0x4000 | kCommandVector);
    check_source("irq-x2apic-command", kCommandVector, 1);
    check_timer();
    check_deadline();
}

}  // namespace probe
