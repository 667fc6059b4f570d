// Extended system description table (ACPI 6.5 §5.2.8): the addresses of the tables that nothing else points at.
#include "compiler/acpi/tables.h"

namespace nyx::acpi {

Bytes build_xsdt(const Subject&, const PlacedTables& placed) {
    ByteWriter body;
    for (const PlacedTable& table : placed) {
        if (table.in_xsdt) body.write(table.address);
    }
    return seal_table("XSDT", 1, body.bytes());
}

}  // namespace nyx::acpi
