// Multiple APIC description table (ACPI 6.5 §5.2.12): processors, the IOAPIC, and how KVM's in-kernel chips wire ISA
// lines.
#include "compiler/acpi/power.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {
namespace {

constexpr std::uint32_t kLocalApicAddress = 0xFEE0'0000;
constexpr std::uint32_t kIoApicAddress = 0xFEC0'0000;
constexpr std::uint32_t kPcatCompat = 1;  // there are two 8259 as well
constexpr std::uint32_t kProcessorEnabled = 1;
constexpr std::uint16_t kConforms = 0;  // polarity and trigger as the bus has them: ISA, edge, active high
constexpr std::uint16_t kLevelActiveHigh = 0x0D;
constexpr std::uint32_t kFirstX2Apic = 255;  // an 8-bit APIC id of 255 addresses everyone

void write_processor(ByteWriter& out, std::uint32_t apic_id) {
    if (apic_id < kFirstX2Apic) {  // §5.2.12.2
        out.write(std::uint8_t{0});
        out.write(std::uint8_t{8});
        out.write(static_cast<std::uint8_t>(apic_id));  // _UID of the processor's device
        out.write(static_cast<std::uint8_t>(apic_id));
        out.write(kProcessorEnabled);
        return;
    }
    out.write(std::uint8_t{9});  // §5.2.12.12
    out.write(std::uint8_t{16});
    out.zeros(2);
    out.write(apic_id);
    out.write(kProcessorEnabled);
    out.write(apic_id);
}

void write_ioapic(ByteWriter& out) {  // §5.2.12.3
    out.write(std::uint8_t{1});
    out.write(std::uint8_t{12});
    out.write(std::uint8_t{0});  // id
    out.write(std::uint8_t{0});
    out.write(kIoApicAddress);
    out.write(std::uint32_t{0});  // first gsi
}

void write_override(ByteWriter& out, std::uint8_t isa_line, std::uint32_t gsi, std::uint16_t flags) {  // §5.2.12.5
    out.write(std::uint8_t{2});
    out.write(std::uint8_t{10});
    out.write(std::uint8_t{0});  // bus: ISA
    out.write(isa_line);
    out.write(gsi);
    out.write(flags);
}

// LINT1 of every processor is the NMI line.
void write_local_nmi(ByteWriter& out, bool x2apic) {
    constexpr std::uint8_t kLint1 = 1;
    if (!x2apic) {  // §5.2.12.7
        out.write(std::uint8_t{4});
        out.write(std::uint8_t{6});
        out.write(std::uint8_t{0xFF});
        out.write(kConforms);
        out.write(kLint1);
        return;
    }
    out.write(std::uint8_t{0x0A});  // §5.2.12.13
    out.write(std::uint8_t{12});
    out.write(kConforms);
    out.write(std::uint32_t{0xFFFF'FFFF});
    out.write(kLint1);
    out.zeros(3);
}

}  // namespace

Bytes build_madt(const Subject& subject, const PlacedTables&) {
    const plan::MachinePlan& plan = subject.plan;
    ByteWriter body;
    body.write(kLocalApicAddress);
    body.write(kPcatCompat);
    for (std::uint32_t id = 0; id < plan.cpu.count; ++id) write_processor(body, id);
    write_ioapic(body);
    write_override(body, 0, 2, kConforms);
    if (plan.sci_gsi < 16 && !is_hardware_reduced(plan))
        write_override(body, static_cast<std::uint8_t>(plan.sci_gsi), plan.sci_gsi, kLevelActiveHigh);
    write_local_nmi(body, false);
    if (plan.cpu.count > kFirstX2Apic) write_local_nmi(body, true);
    return seal_table("APIC", 5, body.bytes());
}

}  // namespace nyx::acpi
