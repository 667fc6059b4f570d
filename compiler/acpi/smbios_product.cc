#include <algorithm>

#include "compiler/acpi/smbios.h"
#include "compiler/acpi/smbios_structure.h"
#include "compiler/acpi/smbios_structures.h"

namespace nyx::acpi {

Bytes bios_information() {  // type 0, §7.1
    constexpr std::uint64_t kCharacteristicsNotSupported = 1 << 3;
    constexpr std::uint8_t kVirtualMachine = 1 << 4;
    SmbiosStructure s(0, kBios);
    s.text(kSmbiosMaker);
    s.text("1");
    s.u16(0xE000);  // segment
    s.text("01/01/2020");
    s.u8(1);  // 128 KiB
    s.u64(kCharacteristicsNotSupported);
    s.u8(1);  // ACPI
    s.u8(kVirtualMachine);
    s.u8(1);  // BIOS release 1.0
    s.u8(0);
    s.u8(0xFF);  // no embedded controller
    s.u8(0xFF);
    s.u16(0);  // extended ROM size
    return s.finish();
}

Bytes system_information(const plan::MachinePlan& plan) {  // type 1, §7.2
    constexpr std::uint8_t kPowerSwitch = 6;
    std::array<std::uint8_t, 16> uuid = system_uuid(plan.name);
    // The first three fields are little-endian here (§7.2.1).
    std::reverse(uuid.begin(), uuid.begin() + 4);
    std::reverse(uuid.begin() + 4, uuid.begin() + 6);
    std::reverse(uuid.begin() + 6, uuid.begin() + 8);
    SmbiosStructure s(1, kSystem);
    s.text(kSmbiosMaker);
    s.text("Nyx virtual machine");
    s.text("");         // version
    s.text(plan.name);  // serial number
    s.bytes(uuid);
    s.u8(kPowerSwitch);
    s.no_texts(2);  // SKU number, family
    return s.finish();
}

Bytes chassis() {  // type 3, §7.4
    constexpr std::uint8_t kOther = 1;
    constexpr std::uint8_t kSafe = 3;
    constexpr std::uint8_t kSecurityNone = 3;
    SmbiosStructure s(3, kChassis);
    s.text(kSmbiosMaker);
    s.u8(kOther);
    s.no_texts(3);                                        // version, serial number, asset tag
    for (int state = 0; state < 3; ++state) s.u8(kSafe);  // boot-up, power supply, thermal
    s.u8(kSecurityNone);
    s.u32(0);  // OEM
    s.u8(0);   // height
    s.u8(0);   // power cords
    s.u8(0);   // contained elements
    s.u8(0);
    s.text("");
    return s.finish();
}

Bytes processor(const plan::MachinePlan& plan) {  // type 4, §7.5: one socket that holds every vCPU as a core
    constexpr std::uint8_t kCentral = 3;
    constexpr std::uint8_t kUnknown = 2;
    constexpr std::uint8_t kPopulatedEnabled = 0x41;
    constexpr std::uint16_t k64BitMultiCore = 1 << 2 | 1 << 3;
    constexpr std::uint16_t kNoCache = 0xFFFF;
    auto cores = static_cast<std::uint16_t>(std::min<std::uint32_t>(plan.cpu.count, 0xFFFE));
    auto short_cores = static_cast<std::uint8_t>(std::min<std::uint16_t>(cores, 0xFF));  // 0xFF: see the 16-bit field
    SmbiosStructure s(4, kProcessors);
    s.text("CPU 0");
    s.u8(kCentral);
    s.u8(kUnknown);
    s.text(kSmbiosMaker);
    s.u64(0);  // processor id: the host decides
    s.text("");
    s.u8(0);     // voltage
    s.zeros(6);  // external clock, maximum and current speed: unknown
    s.u8(kPopulatedEnabled);
    s.u8(kUnknown);  // upgrade
    for (int level = 0; level < 3; ++level) s.u16(kNoCache);
    s.no_texts(3);                                              // serial number, asset tag, part number
    for (int field = 0; field < 3; ++field) s.u8(short_cores);  // cores, enabled cores, threads
    s.u16(k64BitMultiCore);
    s.u16(kUnknown);  // family 2
    for (int field = 0; field < 3; ++field) s.u16(cores);
    return s.finish();
}

}  // namespace nyx::acpi
