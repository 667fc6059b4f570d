#include "compiler/acpi/tables.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "runtime/base/check.h"

namespace nyx::acpi {
namespace {

constexpr std::size_t kLengthOffset = 4;
constexpr std::size_t kChecksumOffset = 9;
constexpr std::uint32_t kOemRevision = 1;
constexpr std::string_view kCreatorId = "NYXC";
constexpr std::uint32_t kCreatorRevision = 1;
constexpr std::uint8_t kSystemMemory = 0;
constexpr std::uint8_t kSystemIo = 1;

}  // namespace

std::uint64_t address_of(const PlacedTables& placed, std::string_view signature) {
    auto found =
        std::find_if(placed.begin(), placed.end(), [&](const auto& table) { return table.signature == signature; });
    NYX_CHECK(found != placed.end(), "tables.def must list {} earlier", signature);
    return found->address;
}

Bytes seal_table(std::string_view signature, std::uint8_t revision, ByteView body) {
    ByteWriter out;
    out.write(signature);
    out.write(std::uint32_t{0});
    out.write(revision);
    out.write(std::uint8_t{0});
    out.write(kOemId);
    out.write(kOemTableId);
    out.write(kOemRevision);
    out.write(kCreatorId);
    out.write(kCreatorRevision);
    out.write(body);
    Bytes table = out.take();
    store_le(table.data() + kLengthOffset, static_cast<std::uint32_t>(table.size()));
    table[kChecksumOffset] = checksum(table);
    return table;
}

std::uint8_t checksum(ByteView bytes) {
    return static_cast<std::uint8_t>(-std::accumulate(bytes.begin(), bytes.end(), 0U));
}

void write_port_address(ByteWriter& out, Range ports, unsigned access_width) {
    if (ports.size == 0) {
        out.zeros(12);
        return;
    }
    out.write(kSystemIo);
    out.write(static_cast<std::uint8_t>(ports.size * 8));                        // register width, bits
    out.write(std::uint8_t{0});                                                  // bit offset
    out.write(static_cast<std::uint8_t>(access_width == 4 ? 3 : access_width));  // 1 byte, 2 word, 3 dword
    out.write(ports.base);
}

void write_memory_address(ByteWriter& out, std::uint64_t address, unsigned bytes) {
    if (address == 0) {
        out.zeros(12);
        return;
    }
    out.write(kSystemMemory);
    out.write(static_cast<std::uint8_t>(bytes * 8));
    out.write(std::uint8_t{0});
    out.write(static_cast<std::uint8_t>(std::bit_width(bytes)));
    out.write(address);
}

const plan::DevicePlan* console_serial(const plan::MachinePlan& plan) {
    constexpr std::uint64_t kCom1 = 0x3F8;
    const plan::DevicePlan* first = nullptr;
    for (const plan::DevicePlan& device : plan.devices) {
        if (device.type != "serial" || device.pio.empty()) continue;
        if (device.pio.front().base == kCom1) return &device;
        if (first == nullptr) first = &device;
    }
    return first;
}

}  // namespace nyx::acpi
