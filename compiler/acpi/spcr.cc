// Serial port console redirection table, revision 2: which UART the firmware would have used as console.
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_spcr(const Subject& subject, const PlacedTables&) {
    const plan::MachinePlan& plan = subject.plan;
    constexpr std::uint8_t kPcAtInterrupt = 1;
    constexpr std::uint8_t kIoApicInterrupt = 2;
    constexpr std::uint8_t k115200 = 7;
    constexpr std::uint8_t kAnsi = 3;
    const plan::DevicePlan* serial = console_serial(plan);
    if (serial == nullptr) return {};
    std::uint32_t gsi = serial->gsis.empty() ? 0 : serial->gsis.front();
    std::uint8_t interrupts = 0;
    if (gsi != 0) interrupts = gsi < 16 ? kPcAtInterrupt | kIoApicInterrupt : kIoApicInterrupt;

    ByteWriter body;
    body.write(std::uint8_t{0});  // 16550
    body.zeros(3);
    write_port_address(body, {serial->pio.front().base, 1}, 1);
    body.write(interrupts);
    body.write(static_cast<std::uint8_t>(gsi < 16 ? gsi : 0));
    body.write(gsi);
    body.write(k115200);
    body.write(std::uint8_t{0});  // no parity
    body.write(std::uint8_t{1});  // one stop bit
    body.write(std::uint8_t{0});  // no flow control
    body.write(kAnsi);
    body.zeros(1);
    body.write(std::uint16_t{0xFFFF});  // not on PCI: device, vendor
    body.write(std::uint16_t{0xFFFF});
    body.zeros(12);  // bus, device, function, flags, segment, clock frequency (unknown)
    return seal_table("SPCR", 2, body.bytes());
}

}  // namespace nyx::acpi
