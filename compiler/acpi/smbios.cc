#include "compiler/acpi/smbios.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/acpi/tables.h"
#include "runtime/base/sha256.h"

namespace nyx::acpi {
namespace {

constexpr std::size_t kEntryPointSize = 24;
constexpr std::uint8_t kMajor = 3;
constexpr std::uint8_t kMinor = 3;
constexpr std::string_view kMaker = "Nyx";
constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint16_t kNotProvided = 0xFFFE;  // no error information structure (§7.17.4)

// Handles: one number range a type, so that one structure can name another.
enum Handle : std::uint16_t {
    kBios = 0x0000,
    kSystem = 0x0100,
    kChassis = 0x0300,
    kProcessors = 0x0400,
    kMemoryArray = 0x1000,
    kMemoryDevice = 0x1100,
    kMappedAddresses = 0x1300,
    kBootInformation = 0x2000,
    kEndOfTable = 0x7F00,
};

// One structure: header, formatted area, strings. Fields are written in order; finish() fills in the length.
class Structure {
  public:
    Structure(std::uint8_t type, std::uint16_t handle) {
        fields_.write(type);
        fields_.write(std::uint8_t{0});
        fields_.write(handle);
    }

    void u8(std::uint8_t value) { fields_.write(value); }
    void u16(std::uint16_t value) { fields_.write(value); }
    void u32(std::uint32_t value) { fields_.write(value); }
    void u64(std::uint64_t value) { fields_.write(value); }
    void bytes(ByteView value) { fields_.write(value); }
    void zeros(std::size_t count) { fields_.zeros(count); }
    // A field that numbers a string of this structure; 0 for an empty one (§6.1.3).
    void text(std::string_view value) {
        if (!value.empty()) {
            strings_.write(value);
            strings_.zeros(1);
            ++count_;
        }
        fields_.write(value.empty() ? std::uint8_t{0} : count_);
    }

    Bytes finish() {
        constexpr std::size_t kLengthOffset = 1;
        fields_.bytes()[kLengthOffset] = static_cast<std::uint8_t>(fields_.size());
        fields_.write(ByteView{strings_.bytes()});
        fields_.zeros(count_ == 0 ? 2 : 1);
        return fields_.take();
    }

  private:
    ByteWriter fields_;
    ByteWriter strings_;
    std::uint8_t count_ = 0;
};

Bytes bios_information() {  // type 0, §7.1
    constexpr std::uint64_t kCharacteristicsNotSupported = 1 << 3;
    constexpr std::uint8_t kVirtualMachine = 1 << 4;
    Structure s(0, kBios);
    s.text(kMaker);
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
    Structure s(1, kSystem);
    s.text(kMaker);
    s.text("Nyx virtual machine");
    s.text("");
    s.text(plan.name);  // serial number
    s.bytes(uuid);
    s.u8(kPowerSwitch);
    s.text("");
    s.text("");
    return s.finish();
}

Bytes chassis() {  // type 3, §7.4
    constexpr std::uint8_t kOther = 1;
    constexpr std::uint8_t kSafe = 3;
    constexpr std::uint8_t kSecurityNone = 3;
    Structure s(3, kChassis);
    s.text(kMaker);
    s.u8(kOther);
    s.text("");
    s.text("");
    s.text("");
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
    Structure s(4, kProcessors);
    s.text("CPU 0");
    s.u8(kCentral);
    s.u8(kUnknown);
    s.text(kMaker);
    s.u64(0);  // processor id: the host decides
    s.text("");
    s.u8(0);     // voltage
    s.zeros(6);  // external clock, maximum and current speed: unknown
    s.u8(kPopulatedEnabled);
    s.u8(kUnknown);  // upgrade
    for (int level = 0; level < 3; ++level) s.u16(kNoCache);
    s.text("");
    s.text("");
    s.text("");
    for (int field = 0; field < 3; ++field) s.u8(short_cores);  // cores, enabled cores, threads
    s.u16(k64BitMultiCore);
    s.u16(kUnknown);  // family 2
    for (int field = 0; field < 3; ++field) s.u16(cores);
    return s.finish();
}

Bytes memory_array(const plan::MachinePlan& plan) {  // type 16, §7.17
    constexpr std::uint8_t kSystemBoard = 3;
    constexpr std::uint8_t kSystemMemory = 3;
    constexpr std::uint8_t kNoErrorCorrection = 3;
    constexpr std::uint32_t kSeeExtended = 0x8000'0000;  // KiB
    std::uint64_t kib = plan.memory_size / 1024;
    Structure s(16, kMemoryArray);
    s.u8(kSystemBoard);
    s.u8(kSystemMemory);
    s.u8(kNoErrorCorrection);
    s.u32(kib < kSeeExtended ? static_cast<std::uint32_t>(kib) : kSeeExtended);
    s.u16(kNotProvided);
    s.u16(1);  // devices
    s.u64(kib < kSeeExtended ? 0 : plan.memory_size);
    return s.finish();
}

// Size in MiB up to 32 GiB, then in the extended field; below 1 MiB granularity in KiB (§7.18.4, §7.18.5).
void write_memory_size(std::uint64_t size, std::uint16_t& small, std::uint32_t& extended) {
    constexpr std::uint16_t kSeeExtended = 0x7FFF;
    constexpr std::uint16_t kInKib = 0x8000;
    std::uint64_t mib = size / kMiB;
    extended = 0;
    if (size % kMiB != 0 && size / 1024 < kInKib) {
        small = static_cast<std::uint16_t>(kInKib | size / 1024);
    } else if (mib < kSeeExtended) {
        small = static_cast<std::uint16_t>(mib);
    } else {
        small = kSeeExtended;
        extended = static_cast<std::uint32_t>(std::min<std::uint64_t>(mib, 0x7FFF'FFFF));
    }
}

Bytes memory_device(const plan::MachinePlan& plan) {  // type 17, §7.18
    constexpr std::uint16_t kUnknownWidth = 0xFFFF;
    constexpr std::uint8_t kDimm = 9;
    constexpr std::uint8_t kRam = 7;
    constexpr std::uint16_t kOtherDetail = 1 << 1;
    std::uint16_t size = 0;
    std::uint32_t extended = 0;
    write_memory_size(plan.memory_size, size, extended);
    Structure s(17, kMemoryDevice);
    s.u16(kMemoryArray);
    s.u16(kNotProvided);
    s.u16(kUnknownWidth);  // total, data
    s.u16(kUnknownWidth);
    s.u16(size);
    s.u8(kDimm);
    s.u8(0);  // not in a set
    s.text("DIMM 0");
    s.text("");
    s.u8(kRam);
    s.u16(kOtherDetail);
    s.u16(0);  // speed
    s.text(kMaker);
    s.text("");
    s.text("");
    s.text("");
    s.u8(0);  // rank
    s.u32(extended);
    s.u16(0);    // configured speed
    s.zeros(6);  // voltages
    return s.finish();
}

Bytes mapped_addresses(Range ram, std::uint16_t index) {  // type 19, §7.20
    constexpr std::uint32_t kSeeExtended = 0xFFFF'FFFF;   // KiB
    std::uint64_t first = ram.base / 1024;
    std::uint64_t last = (ram.end() - 1) / 1024;
    bool extended = last >= kSeeExtended;
    Structure s(19, static_cast<std::uint16_t>(kMappedAddresses + index));
    s.u32(extended ? kSeeExtended : static_cast<std::uint32_t>(first));
    s.u32(extended ? kSeeExtended : static_cast<std::uint32_t>(last));
    s.u16(kMemoryArray);
    s.u8(1);  // partition width
    s.u64(extended ? ram.base : 0);
    s.u64(extended ? ram.end() - 1 : 0);
    return s.finish();
}

Bytes boot_information() {  // type 32, §7.33
    Structure s(32, kBootInformation);
    s.zeros(6);
    s.u8(0);  // no errors
    return s.finish();
}

Bytes structures(const plan::MachinePlan& plan) {
    ByteWriter out;
    for (const Bytes& part : {bios_information(), system_information(plan), chassis(), processor(plan),
                              memory_array(plan), memory_device(plan)}) {
        out.write(ByteView{part});
    }
    // Regions that touch (around the VGA hole they do not) stand one by one; a plan has few.
    std::uint16_t index = 0;
    for (const plan::RamRegion& region : plan.ram) out.write(ByteView{mapped_addresses(region.range, index++)});
    out.write(ByteView{boot_information()});
    out.write(ByteView{Structure(127, kEndOfTable).finish()});
    return out.take();
}

Bytes entry_point(std::uint32_t table_size, std::uint64_t table) {  // §5.2.2
    constexpr std::size_t kChecksum = 5;
    ByteWriter out;
    out.write(std::string_view("_SM3_"));
    out.write(std::uint8_t{0});
    out.write(static_cast<std::uint8_t>(kEntryPointSize));
    out.write(kMajor);
    out.write(kMinor);
    out.write(std::uint8_t{0});  // document revision
    out.write(std::uint8_t{1});  // entry point revision
    out.zeros(1);
    out.write(table_size);
    out.write(table);
    out.bytes()[kChecksum] = checksum(out.bytes());
    return out.take();
}

}  // namespace

std::array<std::uint8_t, 16> system_uuid(std::string_view machine_name) {
    std::string text = "nyx system uuid\n" + std::string(machine_name);
    Digest digest = sha256(as_bytes(text));
    std::array<std::uint8_t, 16> uuid{};
    std::copy_n(digest.begin(), uuid.size(), uuid.begin());
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x80);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
    return uuid;
}

Result<SmbiosTables> build_smbios(const plan::MachinePlan& plan) {
    constexpr std::size_t kTableOffset = 32;  // 16-byte aligned, after the entry point
    Bytes table = structures(plan);
    SmbiosTables result;
    ByteWriter blob;
    blob.write(ByteView{entry_point(static_cast<std::uint32_t>(table.size()), result.base + kTableOffset)});
    blob.align(kTableOffset);
    blob.write(ByteView{table});
    if (blob.size() > kSmbiosWindow.size) {
        return fail(ErrorCode::kInvalidArgument, "the SMBIOS structures of {} take {} bytes; there is room for {}",
                    plan.name, blob.size(), kSmbiosWindow.size);
    }
    result.blob = blob.take();
    return result;
}

}  // namespace nyx::acpi
