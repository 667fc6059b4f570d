#include "compiler/acpi/resources.h"

#include <limits>

#include "runtime/base/check.h"

namespace nyx::acpi {
namespace {

// Tags: §6.4.2 small (name and length in one byte), §6.4.3 large.
constexpr std::uint8_t kIrqNoFlags = 0x22;
constexpr std::uint8_t kIo = 0x47;
constexpr std::uint8_t kEndTag = 0x79;
constexpr std::uint8_t kMemory32Fixed = 0x86;
constexpr std::uint8_t kDWordAddressSpace = 0x87;
constexpr std::uint8_t kWordAddressSpace = 0x88;
constexpr std::uint8_t kExtendedInterrupt = 0x89;
constexpr std::uint8_t kQWordAddressSpace = 0x8A;

constexpr std::uint8_t kDecode16 = 0x01;   // §6.4.2.5: all 16 address bits
constexpr std::uint8_t kReadWrite = 0x01;  // §6.4.3.4
constexpr std::uint8_t kConsumer = 0x01;   // §6.4.3.6: the device uses the resource itself
constexpr std::uint8_t kConsumerEdge = 0x03;
constexpr std::uint8_t kProducer = 0x00;    // it passes the resource on
constexpr std::uint8_t kFixedRange = 0x0C;  // §6.4.3.5: _MIF and _MAF, neither end can move
constexpr std::uint8_t kSpaceMemory = 0;
constexpr std::uint8_t kSpaceIo = 1;
constexpr std::uint8_t kSpaceBus = 2;
constexpr std::uint8_t kEntireIoRange = 0x03;  // §6.4.3.5.5: ISA and non-ISA ports

// Address space descriptor with fields of type T: granularity, first, last, translation, length.
template <class T>
Bytes address_space(std::uint8_t tag, std::uint8_t space, std::uint8_t type_flags, Range range,
                    std::uint8_t consumer = kConsumer) {
    ByteWriter out;
    out.write(tag);
    out.write(static_cast<std::uint16_t>(3 + 5 * sizeof(T)));
    out.write(space);
    out.write(static_cast<std::uint8_t>(consumer | kFixedRange));
    out.write(type_flags);
    for (std::uint64_t field : {std::uint64_t{0}, range.base, range.end() - 1, std::uint64_t{0}, range.size}) {
        out.write(static_cast<T>(field));
    }
    return out.take();
}

}  // namespace

Bytes io_ports(Range ports) {
    NYX_CHECK(ports.size > 0 && ports.end() <= 0x10000, "ports {:#x}+{:#x}", ports.base, ports.size);
    if (ports.size > std::numeric_limits<std::uint8_t>::max()) {
        return address_space<std::uint16_t>(kWordAddressSpace, kSpaceIo, kEntireIoRange, ports);
    }
    ByteWriter out;
    out.write(kIo);
    out.write(kDecode16);
    out.write(static_cast<std::uint16_t>(ports.base));  // lowest and highest base
    out.write(static_cast<std::uint16_t>(ports.base));
    out.write(std::uint8_t{1});  // alignment
    out.write(static_cast<std::uint8_t>(ports.size));
    return out.take();
}

Bytes memory(Range addresses) {
    NYX_CHECK(addresses.size > 0);
    if (addresses.end() > std::uint64_t{1} << 32) {
        return address_space<std::uint64_t>(kQWordAddressSpace, kSpaceMemory, kReadWrite, addresses);
    }
    ByteWriter out;
    out.write(kMemory32Fixed);
    out.write(std::uint16_t{9});
    out.write(kReadWrite);
    out.write(static_cast<std::uint32_t>(addresses.base));
    out.write(static_cast<std::uint32_t>(addresses.size));
    return out.take();
}

Bytes interrupt(std::uint32_t gsi, Trigger trigger) {
    ByteWriter out;
    if (gsi < 16) {
        out.write(kIrqNoFlags);
        out.write(static_cast<std::uint16_t>(1U << gsi));
        return out.take();
    }
    out.write(kExtendedInterrupt);
    out.write(std::uint16_t{6});
    out.write(trigger == Trigger::kEdge ? kConsumerEdge : kConsumer);  // active high, exclusive (§6.4.3.6)
    out.write(std::uint8_t{1});
    out.write(gsi);
    return out.take();
}

Bytes bus_numbers(std::uint8_t last) {
    return address_space<std::uint16_t>(kWordAddressSpace, kSpaceBus, 0, {0, std::uint64_t{last} + 1}, kProducer);
}

Bytes memory_window(Range addresses) {
    return address_space<std::uint32_t>(kDWordAddressSpace, kSpaceMemory, kReadWrite, addresses, kProducer);
}

std::vector<Bytes> ranges_of(const plan::DevicePlan& device) {
    std::vector<Bytes> descriptors;
    for (const Range ports : device.pio) descriptors.push_back(io_ports(ports));
    for (const Range addresses : device.mmio) descriptors.push_back(memory(addresses));
    return descriptors;
}

aml::Term resource_template(const std::vector<Bytes>& descriptors) {
    ByteWriter out;
    for (const Bytes& descriptor : descriptors) out.write(ByteView{descriptor});
    out.write(kEndTag);
    out.write(std::uint8_t{0});  // checksum: 0 is "not computed" (§6.4.2.9)
    return aml::buffer(out.bytes());
}

}  // namespace nyx::acpi
