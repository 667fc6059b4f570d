#include "compiler/acpi/acpi.h"

#include <algorithm>

#include "compiler/acpi/power.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {
namespace {

struct TableKind {
    std::string_view signature;
    Bytes (*build)(const Subject& subject, const PlacedTables& placed);
    std::size_t alignment;
    bool in_xsdt;
};

constexpr TableKind kTables[] = {
#define NYX_ACPI_TABLE(signature, build, alignment, in_xsdt) {signature, build, alignment, in_xsdt},
#include "compiler/acpi/tables.def"
#undef NYX_ACPI_TABLE
};

constexpr std::uint32_t kMaxProcessors = 0x1000;  // C000 to CFFF

Status check_plan(const plan::MachinePlan& plan) {
    const plan::DevicePlan* power = plan.find_type("acpi_pm");
    if (!is_hardware_reduced(plan) && (power == nullptr || power->pio.size() != 2)) {
        return fail(
            {ErrorCode::kInvalidArgument, "ACPI tables need the power management device, and this machine has none",
             "give it a device of type acpi_pm (or acpi_ged, for hardware-reduced ACPI), or set `acpi = false`"});
    }
    for (std::string_view type : {"rtc", "pvpanic"}) {
        auto count =
            std::count_if(plan.devices.begin(), plan.devices.end(), [&](const auto& d) { return d.type == type; });
        if (count > 1)
            return fail(ErrorCode::kInvalidArgument, "a machine has at most one device of type {}, not {}", type,
                        count);
    }
    if (plan.cpu.count > kMaxProcessors) {
        return fail(ErrorCode::kInvalidArgument, "{} vCPUs; the tables name at most {}", plan.cpu.count,
                    kMaxProcessors);
    }
    return {};
}

}  // namespace

Result<AcpiTables> build_acpi(const plan::MachinePlan& plan, std::span<const dev::ir::Program> programs) {
    NYX_TRY(check_plan(plan));
    AcpiTables result;
    PlacedTables placed;
    ByteWriter blob;
    blob.zeros(build_rsdp(0).size());  // known last, stands first
    for (const TableKind& kind : kTables) {
        Bytes table = kind.build({plan, programs}, placed);
        if (table.empty()) continue;
        blob.align(kind.alignment);
        placed.push_back({kind.signature, result.base + blob.size(), kind.in_xsdt});
        result.tables.push_back({std::string(kind.signature), blob.size(), table.size()});
        blob.write(ByteView{table});
    }
    if (blob.size() > kAcpiWindow.size) {
        return fail({ErrorCode::kInvalidArgument,
                     fmt::format("the ACPI tables of {} take {} bytes; there is room for {}", plan.name, blob.size(),
                                 kAcpiWindow.size),
                     "use fewer vCPUs or devices"});
    }
    Bytes rsdp = build_rsdp(address_of(placed, "XSDT"));
    result.blob = blob.take();
    std::copy(rsdp.begin(), rsdp.end(), result.blob.begin());
    return result;
}

}  // namespace nyx::acpi
