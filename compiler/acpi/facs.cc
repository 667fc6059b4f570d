// Firmware ACPI control structure, version 2 (ACPI 6.5 §5.2.10): no waking vector and no global lock owner, but a guest
// expects it.
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_facs(const Subject&, const PlacedTables&) {
    constexpr std::uint32_t kLength = 64;
    ByteWriter out;
    out.write(std::string_view("FACS"));
    out.write(kLength);
    out.zeros(24);               // hardware signature, waking vector, global lock, flags, 64-bit waking vector
    out.write(std::uint8_t{2});  // version
    out.zeros(kLength - out.size());
    return out.take();
}

}  // namespace nyx::acpi
