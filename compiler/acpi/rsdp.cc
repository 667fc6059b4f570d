// Root system description pointer, revision 2 (ACPI 6.5 §5.2.5.3).
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_rsdp(std::uint64_t xsdt) {
    constexpr std::size_t kFirstPart = 20;  // what revision 0 had, under its own checksum
    constexpr std::size_t kChecksum = 8;
    constexpr std::size_t kExtendedChecksum = 32;
    ByteWriter out;
    out.write(std::string_view("RSD PTR "));
    out.write(std::uint8_t{0});
    out.write(kOemId);
    out.write(std::uint8_t{2});   // revision
    out.write(std::uint32_t{0});  // no RSDT: every guest that can run here knows the XSDT
    out.write(std::uint32_t{36});
    out.write(xsdt);
    out.zeros(4);
    Bytes rsdp = out.take();
    rsdp[kChecksum] = checksum(ByteView{rsdp}.first(kFirstPart));
    rsdp[kExtendedChecksum] = checksum(rsdp);
    return rsdp;
}

}  // namespace nyx::acpi
