// The ACPI tables of a machine: plan and programs of its devices → bytes, with every address, length and checksum
// filled in.
//
// Pure: equal plans give equal bytes. The blob is meant for one place, `base`, in the area that guests search for the
// RSDP (ACPI 6.5 §5.2.5.1). Not for machines that boot firmware: firmware brings its own image of that area.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

// Below SMBIOS (smbios.h), in what e820 reserves as BIOS.
inline constexpr Range kAcpiWindow{0xE0000, 0x10000};

struct TableExtent {
    std::string signature;   // four characters
    std::size_t offset = 0;  // in the blob
    std::size_t size = 0;
};

struct AcpiTables {
    Bytes blob;
    std::uint64_t base = kAcpiWindow.base;
    std::uint64_t rsdp = kAcpiWindow.base;  // the blob starts with it
    std::vector<TableExtent> tables;  // ascending; without the RSDP, which is a pointer: iasl takes it for no table

    ByteView bytes_of(const TableExtent& table) const { return ByteView{blob}.subspan(table.offset, table.size); }
};

// programs: of its device types that are described in Nyx. kInvalidArgument: the plan has no power management device,
// more than one RTC or pvpanic, or more than fits the window.
Result<AcpiTables> build_acpi(const plan::MachinePlan& plan, std::span<const dev::ir::Program> programs);

}  // namespace nyx::acpi
