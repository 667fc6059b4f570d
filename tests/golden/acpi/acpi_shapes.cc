// acpi_shapes            names the shapes, one a line
// acpi_shapes SHAPE DIR  writes that machine's tables to DIR/<signature>.aml, and all of them to DIR/acpi.bin
#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "compiler/acpi/acpi.h"
#include "devices/programs/programs.h"
#include "runtime/base/file.h"

namespace nyx {
namespace {

plan::MachinePlan machine(std::uint32_t cpus) {
    plan::MachinePlan plan;
    plan.name = "reference";
    plan.cpu.count = cpus;
    plan.memory_size = 128 << 20;
    plan.devices = {
        {"com1", "serial", {{0x3F8, 8}}, {}, {4}, {}},
        {"debugcon", "debugcon", {{0xE9, 1}}, {}, {}, {}},
        {"i8042", "i8042", {{0x60, 1}, {0x64, 1}}, {}, {}, {}},
        {"pm", "acpi_pm", {{0x600, 16}, {0xCF9, 1}}, {}, {9}, {{"timer_bits", std::int64_t{32}}}},
        {"pvpanic", "pvpanic", {{0x505, 1}}, {}, {}, {}},
        {"rtc", "rtc", {{0x70, 2}}, {}, {8}, {}},
    };
    return plan;
}

// Whose nodes have methods or tables of their own, with names that want the same four characters.
plan::MachinePlan described() {
    plan::MachinePlan plan = machine(2);
    plan.devices.push_back({"com1_too", "serial", {{0x2F8, 8}}, {}, {3}, {}});
    plan.devices.push_back({"genid", "vm_generation_id", {}, {{0xFE000000, 0x1000}}, {16}, {}});
    plan.devices.push_back({"genid_high", "vm_generation_id", {}, {{0x800000000, 0x1000}}, {5}, {}});
    plan.devices.push_back({"hpet", "hpet", {}, {{0xFED00000, 0x400}}, {17}, {}});
    plan.devices.push_back({"ged", "acpi_ged", {}, {{0xFE001000, 4}, {0xFE001004, 3}}, {18}, {}});
    return plan;
}

plan::MachinePlan without(plan::MachinePlan plan, std::string_view type) {
    std::erase_if(plan.devices, [&](const auto& device) { return device.type == type; });
    return plan;
}

// Ranges and lines too large for the small descriptors.
plan::MachinePlan large_resources() {
    plan::MachinePlan plan = machine(2);
    plan.devices.push_back({"board", "board", {{0x1000, 0x400}}, {{0xFED00000, 0x400}, {0x800000000, 0x1000}}, {}, {}});
    plan.devices.push_back({"com2", "serial", {{0x2F8, 8}}, {}, {3}, {}});
    plan.devices.push_back({"com5", "serial", {{0x4F8, 8}}, {}, {20}, {}});
    return plan;
}

plan::MachinePlan other_lines() {
    plan::MachinePlan plan = without(machine(1), "serial");
    plan.sci_gsi = 20;
    plan.devices.push_back({"com5", "serial", {{0x4F8, 8}}, {}, {20}, {}});
    plan.devices.push_back({"com6", "serial", {{0x5F8, 8}}, {}, {}, {}});
    for (plan::DevicePlan& device : plan.devices) {
        if (device.type == "acpi_pm") device.settings["timer_bits"] = std::int64_t{24};
    }
    return plan;
}

const std::map<std::string, std::function<plan::MachinePlan()>> kShapes = {
    {"reference", [] { return machine(2); }},
    {"cpus-1", [] { return machine(1); }},
    {"cpus-64", [] { return machine(64); }},
    {"cpus-254", [] { return machine(254); }},
    {"cpus-255", [] { return machine(255); }},
    {"cpus-256", [] { return machine(256); }},
    {"cpus-300", [] { return machine(300); }},
    {"large-resources", large_resources},
    {"other-lines", other_lines},
    {"described", described},
    {"hardware-reduced", [] { return without(described(), "acpi_pm"); }},
    {"no-serial", [] { return without(machine(1), "serial"); }},
    {"no-rtc", [] { return without(machine(1), "rtc"); }},
    {"no-pvpanic", [] { return without(machine(1), "pvpanic"); }},
    {"bare",
     [] {
         return without(without(without(without(without(machine(1), "serial"), "rtc"), "pvpanic"), "i8042"),
                        "debugcon");
     }},
};

std::vector<dev::ir::Program> programs_of(const plan::MachinePlan& plan) {
    std::map<std::string, dev::ir::Program> programs;
    for (const plan::DevicePlan& device : plan.devices)
        if (const dev::ir::Program* program = dev::programs::find(device.type)) programs[device.type] = *program;
    std::vector<dev::ir::Program> all;
    for (const auto& [name, program] : programs) all.push_back(program);
    return all;
}

Status write_shape(const std::string& shape, const std::string& folder) {
    auto found = kShapes.find(shape);
    if (found == kShapes.end()) return fail(ErrorCode::kNotFound, "no shape {}", shape);
    const plan::MachinePlan plan = found->second();
    NYX_ASSIGN(acpi::AcpiTables acpi, acpi::build_acpi(plan, programs_of(plan)));
    for (const acpi::TableExtent& table : acpi.tables) {
        NYX_TRY(write_file(folder + "/" + table.signature + ".aml", acpi.bytes_of(table)));
    }
    return write_file(folder + "/acpi.bin", acpi.blob);
}

int run(int argc, char** argv) {
    if (argc != 3) {
        for (const auto& [shape, make] : kShapes) std::puts(shape.c_str());
        return 0;
    }
    Status status = write_shape(argv[1], argv[2]);
    if (!status) std::fprintf(stderr, "acpi_shapes: %s\n", status.error().text().c_str());
    return status ? 0 : 1;
}

}  // namespace
}  // namespace nyx

int main(int argc, char** argv) {
    return nyx::run(argc, argv);
}
