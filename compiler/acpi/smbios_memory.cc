#include <algorithm>

#include "compiler/acpi/smbios_structure.h"
#include "compiler/acpi/smbios_structures.h"

namespace nyx::acpi {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint16_t kNotProvided = 0xFFFE;  // no error information structure (§7.17.4)

struct MemorySize {
    std::uint16_t small = 0;     // in MiB, or with bit 15 in KiB
    std::uint32_t extended = 0;  // in MiB, where `small` says so
};

// Size in MiB up to 32 GiB, then in the extended field; below 1 MiB granularity in KiB (§7.18.4, §7.18.5).
MemorySize memory_size(std::uint64_t size) {
    constexpr std::uint16_t kSeeExtended = 0x7FFF;
    constexpr std::uint16_t kInKib = 0x8000;
    std::uint64_t mib = size / kMiB;
    if (size % kMiB != 0 && size / 1024 < kInKib) return {static_cast<std::uint16_t>(kInKib | size / 1024), 0};
    if (mib < kSeeExtended) return {static_cast<std::uint16_t>(mib), 0};
    return {kSeeExtended, static_cast<std::uint32_t>(std::min<std::uint64_t>(mib, 0x7FFF'FFFF))};
}

}  // namespace

Bytes memory_array(const plan::MachinePlan& plan) {  // type 16, §7.17
    constexpr std::uint8_t kSystemBoard = 3;
    constexpr std::uint8_t kSystemMemory = 3;
    constexpr std::uint8_t kNoErrorCorrection = 3;
    constexpr std::uint32_t kSeeExtended = 0x8000'0000;  // KiB
    std::uint64_t kib = plan.memory_size / 1024;
    SmbiosStructure s(16, kMemoryArray);
    s.u8(kSystemBoard);
    s.u8(kSystemMemory);
    s.u8(kNoErrorCorrection);
    s.u32(kib < kSeeExtended ? static_cast<std::uint32_t>(kib) : kSeeExtended);
    s.u16(kNotProvided);
    s.u16(1);  // devices
    s.u64(kib < kSeeExtended ? 0 : plan.memory_size);
    return s.finish();
}

Bytes memory_device(const plan::MachinePlan& plan) {  // type 17, §7.18
    constexpr std::uint16_t kUnknownWidth = 0xFFFF;
    constexpr std::uint8_t kDimm = 9;
    constexpr std::uint8_t kRam = 7;
    constexpr std::uint16_t kOtherDetail = 1 << 1;
    MemorySize size = memory_size(plan.memory_size);
    SmbiosStructure s(17, kMemoryDevice);
    s.u16(kMemoryArray);
    s.u16(kNotProvided);
    s.u16(kUnknownWidth);  // total, data
    s.u16(kUnknownWidth);
    s.u16(size.small);
    s.u8(kDimm);
    s.u8(0);  // not in a set
    s.text("DIMM 0");
    s.text("");  // bank
    s.u8(kRam);
    s.u16(kOtherDetail);
    s.u16(0);  // speed
    s.text(kSmbiosMaker);
    s.no_texts(3);  // serial number, asset tag, part number
    s.u8(0);        // rank
    s.u32(size.extended);
    s.u16(0);    // configured speed
    s.zeros(6);  // voltages
    return s.finish();
}

Bytes mapped_addresses(Range ram, std::uint16_t index) {  // type 19, §7.20
    constexpr std::uint32_t kSeeExtended = 0xFFFF'FFFF;   // KiB
    std::uint64_t first = ram.base / 1024;
    std::uint64_t last = (ram.end() - 1) / 1024;
    bool extended = last >= kSeeExtended;
    SmbiosStructure s(19, static_cast<std::uint16_t>(kMappedAddresses + index));
    s.u32(extended ? kSeeExtended : static_cast<std::uint32_t>(first));
    s.u32(extended ? kSeeExtended : static_cast<std::uint32_t>(last));
    s.u16(kMemoryArray);
    s.u8(1);  // partition width
    s.u64(extended ? ram.base : 0);
    s.u64(extended ? ram.end() - 1 : 0);
    return s.finish();
}

}  // namespace nyx::acpi
