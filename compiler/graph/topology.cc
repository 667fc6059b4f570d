#include "compiler/graph/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/graph/size_text.h"

namespace nyx::graph {

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    double value = static_cast<double>(bytes);
    for (; value >= 1024 && unit + 1 < kUnits.size(); value /= 1024) ++unit;
    bool whole = value == static_cast<double>(static_cast<std::uint64_t>(value));
    return whole ? fmt::format("{:.0f} {}", value, kUnits[unit]) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

namespace {

std::string range_text(Range range) {
    if (range.size == 1) return fmt::format("{:#x}", range.base);
    return fmt::format("{:#x}–{:#x}", range.base, range.base + range.size - 1);
}

const char* protocol_text(plan::BootProtocol protocol) {
    constexpr std::array<const char*, 6> kText = {"raw bytes",     "ELF, long mode", "PVH",
                                                  "Linux, 64-bit", "multiboot",      "firmware"};
    return kText.at(static_cast<std::size_t>(protocol));
}

// "stdio" → "the terminal". What this does not know is shown as it is written.
std::string host_text(const std::map<std::string, plan::Setting>& settings) {
    auto text = [&](const char* key) {
        auto found = settings.find(key);
        const auto* value = found == settings.end() ? nullptr : std::get_if<std::string>(&found->second);
        return value ? *value : std::string();
    };
    std::string backend = text("backend");
    if (backend == "stdio") return "terminal of nyx";
    if (backend == "pty") return "new pseudo-terminal";
    if (backend == "none") return "nowhere";
    std::string path = text("backend.path");
    return path.empty() ? backend : backend + " " + path;
}

struct Extent {
    Range range;
    std::string name;
    std::string style;
};

void add_boot(const plan::MachinePlan& plan, std::vector<Extent>& all) {
    using At = plan::BootAddresses;
    const At& at = plan.boot.addresses;
    auto add = [&](std::uint64_t base, std::uint64_t size, const std::string& name) {
        if (base != 0) all.push_back({{base, size}, name, "part"});
    };
    add(at.boot_params, At::kBootParamsSize, "boot parameters");
    add(at.cmdline, At::kCmdlineSize, "command line");
    add(at.gdt, At::kGdtSize, "gdt");
    add(at.page_tables, At::kPageTablesSize, "page tables");
    if (at.stack != 0) add(at.stack - At::kStackSize, At::kStackSize, "stack");
    if (plan.boot.initrd) add(at.initrd, plan.find_image(*plan.boot.initrd)->size, *plan.boot.initrd);
    add(plan.boot.load, plan.find_image(plan.boot.image) ? plan.find_image(plan.boot.image)->size : 0, plan.boot.image);
    for (const plan::TableLoad& table : plan.tables) add(table.address, table.size, table.section + " tables");
}

std::vector<Row> memory_map(const plan::MachinePlan& plan) {
    std::vector<Extent> all;
    for (const plan::RamRegion& ram : plan.ram) all.push_back({ram.range, "RAM", "ram"});
    for (const plan::Window& window : plan.windows) all.push_back({window.range, window.name, "window"});
    for (const plan::DevicePlan& device : plan.devices)
        for (Range range : device.mmio) all.push_back({range, device.name, "part"});
    add_boot(plan, all);
    std::stable_sort(all.begin(), all.end(), [](const Extent& a, const Extent& b) {
        return std::pair(a.range.base, ~a.range.size) < std::pair(b.range.base, ~b.range.size);
    });
    std::vector<Row> rows;
    for (const Extent& one : all)
        rows.push_back({fmt::format("{:#x}", one.range.base), one.name, size_text(one.range.size), one.style});
    return rows;
}

DevicePart device_part(const plan::DevicePlan& device, const plan::HostWiring& wiring) {
    DevicePart part;
    part.name = device.name;
    part.type = device.type;
    for (Range range : device.pio) part.ports.push_back(range_text(range));
    for (Range range : device.mmio) part.memory.push_back(range_text(range));
    part.lines = device.gsis;
    if (auto host = wiring.find(device.name); host != wiring.end()) part.host = host_text(host->second);
    return part;
}

// Ports before memory, each by address.
std::pair<int, std::uint64_t> order_of(const plan::DevicePlan& device) {
    if (!device.pio.empty()) return {0, device.pio.front().base};
    return device.mmio.empty() ? std::pair(2, std::uint64_t{0}) : std::pair(1, device.mmio.front().base);
}

}  // namespace

Topology topology(const plan::MachinePlan& plan, const plan::HostWiring& wiring, std::string doc,
                  const std::vector<std::pair<std::string, std::string>>& files) {
    Topology out;
    out.name = plan.name;
    out.doc = doc.substr(0, doc.find('\n'));
    out.memory = size_text(plan.memory_size);
    out.cpus = plan.cpu.count;
    out.profile = plan.cpu.profile;
    out.protocol = protocol_text(plan.boot.protocol);
    out.cmdline = plan.boot.cmdline;
    for (const plan::ImageRef& image : plan.images) {
        auto file =
            std::find_if(files.begin(), files.end(), [&](const auto& known) { return known.first == image.id; });
        out.images.push_back({image.id, file == files.end() ? "" : file->second, size_text(image.size)});
    }
    out.chips = {"8259A and I/O APIC, 24 interrupt lines"};
    if (plan.pit) out.chips.emplace_back("i8254 timer, irq 0");
    if (plan.acpi) out.chips.push_back(fmt::format("ACPI events, irq {}", plan.sci_gsi));
    out.map = memory_map(plan);
    std::vector<const plan::DevicePlan*> devices;
    for (const plan::DevicePlan& device : plan.devices) devices.push_back(&device);
    std::stable_sort(devices.begin(), devices.end(),
                     [](const auto* a, const auto* b) { return order_of(*a) < order_of(*b); });
    for (const plan::DevicePlan* device : devices) out.devices.push_back(device_part(*device, wiring));
    return out;
}

}  // namespace nyx::graph
