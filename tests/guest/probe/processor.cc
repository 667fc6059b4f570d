// CPUID (Intel SDM volume 2A) and the CMOS clock (MC146818).
#include "cpu.h"
#include "probe.h"
#include "report.h"

namespace probe {
namespace {

void copy_register(char* to, uint32_t value) {
    for (int i = 0; i < 4; ++i) to[i] = static_cast<char>(value >> (8 * i));
}

uint8_t cmos(uint8_t index) {
    outb(0x70, index);
    return inb(0x71);
}

uint32_t from_bcd(uint8_t value) {
    return (value >> 4) * 10U + (value & 15U);
}

}  // namespace

void report_cpu() {
    const CpuidResult vendor = cpuid(0);
    char name[12];
    copy_register(name, vendor.b);
    copy_register(name + 4, vendor.d);
    copy_register(name + 8, vendor.c);
    print("probe: cpuid vendor ");
    print_raw(name, 12);
    print("\r\n");
    const CpuidResult features = cpuid(1);
    line("cpuid leaves ", uint64_t{vendor.a}, " signature ", Hex{features.a}, " features ", Hex{features.d}, " ",
         Hex{features.c});
    check("cpuid-apic", (features.d >> 9 & 1) != 0);
    check("cpuid-tsc", (features.d >> 4 & 1) != 0);
    check("cpuid-long-mode", (cpuid(0x80000001).d >> 29 & 1) != 0);
    if ((features.c >> 31 & 1) == 0) {
        line("cpuid hypervisor none");
        return;
    }
    const CpuidResult hypervisor = cpuid(0x40000000);
    copy_register(name, hypervisor.b);
    copy_register(name + 4, hypervisor.c);
    copy_register(name + 8, hypervisor.d);
    print("probe: cpuid hypervisor ");
    print_raw(name, 12);
    print("\r\n");
}

void report_cmos() {
    for (int tries = 0; tries < 1000 && (cmos(0x0A) & 0x80) != 0; ++tries) {
    }
    const bool is_binary = (cmos(0x0B) & 4) != 0;
    auto field = [&](uint8_t index) { return is_binary ? cmos(index) : from_bcd(cmos(index)); };
    const uint32_t second = field(0), minute = field(2), hour = field(4), day = field(7), month = field(8),
                   year = field(9);
    const bool plausible =
        second < 60 && minute < 60 && hour < 24 && day >= 1 && day <= 31 && month >= 1 && month <= 12 && year < 100;
    check("cmos-time", plausible, "20", uint64_t{year}, "-", uint64_t{month}, "-", uint64_t{day}, " ", uint64_t{hour},
          ":", uint64_t{minute}, ":", uint64_t{second});
    check("cmos-battery", (cmos(0x0D) & 0x80) != 0);
}

}  // namespace probe
