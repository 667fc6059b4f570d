#include "compiler/acpi/smbios.h"

#include <algorithm>

#include "compiler/acpi/smbios_structure.h"
#include "compiler/acpi/smbios_structures.h"
#include "compiler/acpi/tables.h"
#include "runtime/base/sha256.h"

namespace nyx::acpi {
namespace {

constexpr std::size_t kEntryPointSize = 24;
constexpr std::uint8_t kMajor = 3;
constexpr std::uint8_t kMinor = 3;

Bytes boot_information() {  // type 32, §7.33
    SmbiosStructure s(32, kBootInformation);
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
    out.write(ByteView{SmbiosStructure(127, kEndOfTable).finish()});
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
