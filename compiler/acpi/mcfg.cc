// Memory-mapped configuration space of PCI (PCI Firmware Specification 3.0, §4.1.2).
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_mcfg(const Subject& subject, const PlacedTables&) {
    const plan::MachinePlan& plan = subject.plan;
    const plan::DevicePlan* host = plan.find_type("pci");
    if (host == nullptr || host->mmio.empty()) return {};
    ByteWriter body;
    body.zeros(8);
    body.write(host->mmio.front().base);
    body.write(std::uint16_t{0});  // segment group
    body.write(std::uint8_t{0});   // first and last bus
    body.write(std::uint8_t{0});
    body.zeros(4);
    return seal_table("MCFG", 1, body.bytes());
}

}  // namespace nyx::acpi
