// The builders that tables.def names, one file each: plan → the table's bytes, header and checksum included; no bytes
// when this machine has no such table. And what they share: the header, the generic address, the checksum.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

// What the tables are of. programs: of its device types that are described in Nyx.
struct Subject {
    const plan::MachinePlan& plan;
    std::span<const dev::ir::Program> programs;
};

// A table that has its address.
struct PlacedTable {
    std::string_view signature;
    std::uint64_t address = 0;
    bool in_xsdt = false;
};
using PlacedTables = std::vector<PlacedTable>;

// Address of the table with that signature; it must be there.
std::uint64_t address_of(const PlacedTables& placed, std::string_view signature);

Bytes build_facs(const Subject& subject, const PlacedTables& placed);
Bytes build_dsdt(const Subject& subject, const PlacedTables& placed);
Bytes build_fadt(const Subject& subject, const PlacedTables& placed);
Bytes build_hpet(const Subject& subject, const PlacedTables& placed);
Bytes build_madt(const Subject& subject, const PlacedTables& placed);
Bytes build_mcfg(const Subject& subject, const PlacedTables& placed);
Bytes build_spcr(const Subject& subject, const PlacedTables& placed);
Bytes build_xsdt(const Subject& subject, const PlacedTables& placed);
// Not a table of tables.def: it has its own header and stands first, where a guest looks for it.
Bytes build_rsdp(std::uint64_t xsdt);

inline constexpr std::string_view kOemId = "NYX   ";
inline constexpr std::string_view kOemTableId = "NYXMACHN";

// System description table header (ACPI 6.5 §5.2.6) and body, with length and checksum filled in.
Bytes seal_table(std::string_view signature, std::uint8_t revision, ByteView body);
// Value that makes the sum of `bytes` and itself 0 modulo 256.
std::uint8_t checksum(ByteView bytes);
// Generic address structure (§5.2.3.2) of a port range, accessed by `access_width` bytes (1, 2, 4); all zero for an
// empty range.
void write_port_address(ByteWriter& out, Range ports, unsigned access_width);

// The same of a register in memory of `bytes` bytes, accessed as a whole; all zero for address 0.
void write_memory_address(ByteWriter& out, std::uint64_t address, unsigned bytes);

// The serial port that a guest without further orders should talk to: the one at 0x3F8, else the first. Null: there is
// none.
const plan::DevicePlan* console_serial(const plan::MachinePlan& plan);

}  // namespace nyx::acpi
