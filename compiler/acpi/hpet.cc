// High precision event timer table (IA-PC HPET specification 1.0a, §3.2.4).
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_hpet(const Subject& subject, const PlacedTables&) {
    constexpr std::uint32_t kBlockId = 0x8086'A201;  // low half of the capabilities that stdlib/devices/hpet.ny has
    constexpr std::uint16_t kShortestPeriod = 1000;  // ticks: arm() in it shows no shorter one
    constexpr std::uint8_t kOwnPages = 0;            // no guarantee of what else is on its page
    const plan::DevicePlan* timers = subject.plan.find_type("hpet");
    if (timers == nullptr || timers->mmio.empty()) return {};
    ByteWriter body;
    body.write(kBlockId);
    write_memory_address(body, timers->mmio.front().base, 8);
    body.write(std::uint8_t{0});  // its number
    body.write(kShortestPeriod);
    body.write(kOwnPages);
    return seal_table("HPET", 1, body.bytes());
}

}  // namespace nyx::acpi
