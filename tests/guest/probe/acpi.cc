// ACPI tables (ACPI 6.5 §5.2): found, checksummed, and read for what the rest of the probe needs.
#include "cpu.h"
#include "probe.h"
#include "report.h"

namespace probe {

Acpi acpi;

namespace {

constexpr uint64_t kHeaderSize = 36;
constexpr uint64_t kMaxTable = 1 << 20;

bool sums_to_zero(uint64_t address, uint64_t size) {
    uint8_t sum = 0;
    for (const uint8_t* p = reinterpret_cast<const uint8_t*>(address); size > 0; --size)
        sum = static_cast<uint8_t>(sum + *p++);
    return sum == 0;
}

bool has_signature(uint64_t address, const char* signature) {
    for (int i = 0; signature[i] != 0; ++i) {
        if (load<char>(address + static_cast<uint64_t>(i)) != signature[i]) return false;
    }
    return true;
}

uint64_t find_rsdp() {
    if (rsdp_from_boot() != 0) return rsdp_from_boot();
    for (uint64_t at = 0xE0000; at < 0x100000; at += 16) {
        if (load<uint32_t>(at) == 0x20445352 && has_signature(at, "RSD PTR ") && sums_to_zero(at, 20)) return at;
    }
    return 0;
}

void read_madt_entry(uint64_t entry, uint8_t type) {
    if (type == 0 && (load<uint32_t>(entry + 4) & 1) != 0) {  // local APIC, enabled
        if (acpi.cpu_count < sizeof acpi.apic_ids) acpi.apic_ids[acpi.cpu_count] = load<uint8_t>(entry + 3);
        ++acpi.cpu_count;
    } else if (type == 1) {
        acpi.ioapic = load<uint32_t>(entry + 4);
    } else if (type == 2 && load<uint8_t>(entry + 3) < 16) {  // interrupt source override
        acpi.gsi_of_irq[load<uint8_t>(entry + 3)] = load<uint32_t>(entry + 4);
    }
}

void read_madt(uint64_t table, uint32_t size) {
    for (uint64_t at = table + 44; at + 2 <= table + size;) {
        const auto length = load<uint8_t>(at + 1);
        if (length < 2) return;
        read_madt_entry(at, load<uint8_t>(at));
        at += length;
    }
}

// Name(_S5_, Package(n){a, …}): NameOp is before the name, PackageOp 0x12 with PkgLength and count behind it (§20.2).
void find_s5(uint64_t dsdt, uint32_t size) {
    for (uint64_t at = dsdt + kHeaderSize; at + 12 < dsdt + size; ++at) {
        if (load<uint8_t>(at) != '_' || load<uint32_t>(at) != 0x5F35535F || load<uint8_t>(at + 4) != 0x12) continue;
        const uint64_t first = at + 5 + (load<uint8_t>(at + 5) >> 6) + 2;
        acpi.s5_type = load<uint8_t>(first) == 0x0A ? load<uint8_t>(first + 1)
                                                    : load<uint8_t>(first);  // BytePrefix, ZeroOp or OneOp
        acpi.has_s5 = true;
        return;
    }
}

// One table: named, summed, and handed on.
void report_table(uint64_t table);

void read_fadt(uint64_t table, uint32_t size) {
    acpi.pm1a_control = static_cast<uint16_t>(load<uint32_t>(table + 64));
    acpi.pm_timer = static_cast<uint16_t>(load<uint32_t>(table + 76));
    if ((load<uint32_t>(table + 112) >> 8 & 1) != 0) acpi.pm_timer_mask = 0xFFFFFFFF;  // TMR_VAL_EXT
    uint64_t dsdt = size >= 148 ? load<uint64_t>(table + 140) : 0;
    if (dsdt == 0) dsdt = load<uint32_t>(table + 40);
    line("acpi sci ", uint64_t{load<uint16_t>(table + 46)}, " pm1a-control ", Hex{acpi.pm1a_control}, " pm-timer ",
         Hex{acpi.pm_timer});
    report_table(dsdt);
}

void report_table(uint64_t table) {
    const auto size = load<uint32_t>(table + 4);
    const bool sane = size >= kHeaderSize && size <= kMaxTable;
    const bool sums = sane && sums_to_zero(table, size);
    print("probe: acpi ");
    print_raw(reinterpret_cast<const char*>(table), 4);
    print(" at ");
    print(Hex{table});
    print(" size ");
    print(uint64_t{size});
    print(sums ? " checksum ok\r\n" : " checksum bad\r\n");
    check("acpi-checksum", sums);
    if (!sums) return;
    if (has_signature(table, "FACP")) read_fadt(table, size);
    if (has_signature(table, "APIC")) read_madt(table, size);
    if (has_signature(table, "DSDT")) find_s5(table, size);
}

void report_root(uint64_t root) {
    const bool is_xsdt = has_signature(root, "XSDT");
    const uint64_t width = is_xsdt ? 8 : 4;
    report_table(root);
    for (uint64_t at = root + kHeaderSize; at + width <= root + load<uint32_t>(root + 4); at += width) {
        report_table(is_xsdt ? load<uint64_t>(at) : load<uint32_t>(at));
    }
}

}  // namespace

void report_acpi() {
    const uint64_t rsdp = find_rsdp();
    if (rsdp == 0) {
        line("acpi none");
        return;
    }
    const auto revision = load<uint8_t>(rsdp + 15);
    const bool sums = has_signature(rsdp, "RSD PTR ") && sums_to_zero(rsdp, 20) &&
                      (revision < 2 || sums_to_zero(rsdp, load<uint32_t>(rsdp + 20)));
    line("acpi rsdp at ", Hex{rsdp}, " revision ", uint64_t{revision}, sums ? " checksum ok" : " checksum bad");
    check("acpi-rsdp", sums);
    if (!sums) return;
    acpi.found = true;
    acpi.rsdp = rsdp;
    report_root(revision >= 2 ? load<uint64_t>(rsdp + 24) : load<uint32_t>(rsdp + 16));
    line("acpi cpus ", uint64_t{acpi.cpu_count});
    check("acpi-s5", acpi.has_s5);
}

}  // namespace probe
