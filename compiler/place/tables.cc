#include "compiler/place/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "compiler/place/format.h"

namespace nyx::place {

namespace {

struct Row {
    Range range;
    std::string what;
};

std::string rows_text(std::vector<Row> rows, int digits) {
    // What contains another stands before it.
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return std::pair(a.range.base, ~a.range.size) < std::pair(b.range.base, ~b.range.size);
    });
    std::string text;
    for (const Row& row : rows) {
        text += fmt::format("{:0{}x}  {:0{}x}  {:>12}  {}\n", row.range.base, digits, row.range.end() - 1, digits,
                            size_text(row.range.size), row.what);
    }
    return text;
}

void add_boot_rows(const plan::MachinePlan& plan, std::vector<Row>& rows) {
    const plan::BootPlan& boot = plan.boot;
    const plan::BootAddresses& at = boot.addresses;
    using At = plan::BootAddresses;
    if (at.boot_params) rows.push_back({{at.boot_params, At::kBootParamsSize}, "  boot parameters"});
    if (at.cmdline) rows.push_back({{at.cmdline, At::kCmdlineSize}, "  command line"});
    if (at.gdt) rows.push_back({{at.gdt, At::kGdtSize}, "  gdt"});
    if (at.page_tables) rows.push_back({{at.page_tables, At::kPageTablesSize}, "  page tables"});
    if (at.stack) rows.push_back({{at.stack - At::kStackSize, At::kStackSize}, "  stack"});
    if (boot.initrd) rows.push_back({{at.initrd, plan.find_image(*boot.initrd)->size}, "  initrd"});
    if (boot.load) rows.push_back({{boot.load, plan.find_image(boot.image)->size}, "  " + boot.image});
    for (const plan::TableLoad& table : plan.tables)
        rows.push_back({{table.address, table.size}, "  " + table.section});
}

const char* e820_type(std::uint32_t type) {
    constexpr const char* kTypes[] = {"?", "usable", "reserved", "ACPI data", "ACPI NVS", "unusable"};
    return kTypes[type < std::size(kTypes) ? type : 0];
}

}  // namespace

std::string memory_map_text(const plan::MachinePlan& plan) {
    std::vector<Row> rows;
    for (const plan::RamRegion& ram : plan.ram) rows.push_back({ram.range, "RAM"});
    for (const plan::Window& window : plan.windows) rows.push_back({window.range, window.name});
    for (const plan::DevicePlan& device : plan.devices) {
        for (Range range : device.mmio) rows.push_back({range, "  " + device.name});
    }
    add_boot_rows(plan, rows);
    std::string text =
        fmt::format("memory map of {} ({})\n", plan.name, size_text(plan.memory_size)) + rows_text(std::move(rows), 12);
    text += "\ne820, as the guest is told\n";
    std::vector<Row> e820;
    for (const plan::E820Entry& entry : plan.e820) e820.push_back({entry.range, e820_type(entry.type)});
    return text + rows_text(std::move(e820), 12);
}

std::string wiring_text(const plan::MachinePlan& plan, const plan::HostWiring& wiring,
                        const plan::RunPreferences& preferences) {
    std::vector<Row> ports;
    std::vector<Row> mmio;
    std::vector<std::pair<std::uint32_t, std::string>> lines;
    for (const plan::DevicePlan& device : plan.devices) {
        std::string what = fmt::format("{} ({})", device.name, device.type);
        for (Range range : device.pio) ports.push_back({range, what});
        for (Range range : device.mmio) mmio.push_back({range, what});
        for (std::uint32_t gsi : device.gsis) lines.emplace_back(gsi, what);
    }
    if (plan.acpi) lines.emplace_back(plan.sci_gsi, "system control interrupt (ACPI)");
    std::sort(lines.begin(), lines.end());
    std::string text = fmt::format("I/O ports of {}\n", plan.name) + rows_text(std::move(ports), 4);
    if (!mmio.empty()) text += "\nmemory addresses\n" + rows_text(std::move(mmio), 12);
    text += "\ninterrupt lines\n";
    for (const auto& [gsi, what] : lines) text += fmt::format("{:>4}  {}\n", gsi, what);
    if (!wiring.empty()) text += "\nhost\n";
    for (const auto& [device, settings] : wiring) {
        std::string all;
        for (const auto& [name, value] : settings)
            all += fmt::format("{}{} = {}", all.empty() ? "" : ", ", name, plan::setting_text(value));
        text += fmt::format("{:<12}  {}\n", device, all);
    }
    if (!preferences.empty()) text += "\npreferred, unless `nyx run` is told otherwise\n";
    if (!preferences.accelerator.empty()) text += fmt::format("{:<12}  {}\n", "accelerator", preferences.accelerator);
    if (!preferences.irqchip.empty()) text += fmt::format("{:<12}  {}\n", "irqchip", preferences.irqchip);
    return text;
}

}  // namespace nyx::place
