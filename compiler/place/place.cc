#include "compiler/place/place.h"

#include <algorithm>

#include "compiler/place/boot.h"
#include "compiler/place/complete.h"
#include "compiler/place/handed_files.h"
#include "compiler/place/memory_map.h"
#include "compiler/place/resources.h"
#include "compiler/place/rules.h"
#include "runtime/base/check.h"
#include "runtime/plan/check_plan.h"

namespace nyx::place {

namespace {

std::vector<plan::CpuidBits> plan_bits(const std::vector<model::CpuidBits>& bits) {
    std::vector<plan::CpuidBits> all;
    for (const model::CpuidBits& one : bits) all.push_back({one.leaf, one.subleaf, one.reg, one.clear, one.require});
    return all;
}

plan::CpuPlan plan_cpu(const model::Machine& machine) {
    const model::CpuProfile& profile = machine.cpu.value;
    plan::CpuPlan cpu{machine.cpus.value, profile.name, plan_bits(profile.bits), {}};
    for (const auto& [host, bits] : profile.quirks) cpu.quirks[host] = plan_bits(bits);
    return cpu;
}

plan::HostWiring plan_wiring(const model::Machine& machine) {
    plan::HostWiring wiring;
    for (const model::Device& device : machine.devices) {
        for (const auto& [name, value] : device.host) wiring[device.name][name] = value.value;
    }
    return wiring;
}

}  // namespace

std::optional<PlacedMachine> place(const model::Machine& given, diagnostics::Sink& sink, const DigestOf& digest_of) {
    model::Machine machine = given;
    std::size_t errors_before = sink.error_count();
    PlacedMachine placed;
    placed.plan.name = machine.name;
    placed.plan.cpu = plan_cpu(machine);
    placed.plan.pit = machine.pit.value;
    // Firmware brings its own tables.
    placed.plan.acpi = machine.acpi.value && !std::holds_alternative<model::BootFirmware>(machine.boot.value);
    placed.wiring = plan_wiring(machine);
    if (machine.accelerator) placed.preferences.accelerator = machine.accelerator->value;
    if (machine.irqchip) placed.preferences.irqchip = machine.irqchip->value;
    check_cpus(machine, sink);
    check_unique(machine, sink);
    complete_devices(machine, sink);
    if (map_memory(machine, placed.plan, sink)) {
        place_files(machine, placed, sink);
        place_boot(machine, placed, sink, digest_of);
        placed.placements = assign_resources(machine, placed.plan, sink);
    }
    if (sink.error_count() != errors_before) return std::nullopt;
    check_console(machine, placed.plan, sink);
    if (placed.plan.acpi) placed.plan.rsdp = kAcpiRegion.base;
    Status sound = plan::check_plan(placed.plan);
    NYX_CHECK(sound, "{}", sound.error().message);
    return placed;
}

void check_partial(const model::Machine& given, bool has_boot, diagnostics::Sink& sink) {
    model::Machine machine = given;
    PlacedMachine placed;
    placed.plan.acpi = machine.acpi.value;
    check_cpus(machine, sink);
    check_unique(machine, sink);
    complete_devices(machine, sink);
    if (!map_memory(machine, placed.plan, sink)) return;
    // Nobody sees this plan.
    auto none = [](const std::string&, ByteView) { return Digest{}; };
    place_files(machine, placed, sink);
    if (has_boot) place_boot(machine, placed, sink, none);
    assign_resources(machine, placed.plan, sink);
}

void add_table(plan::MachinePlan& plan, std::string_view section, Range region, ByteView bytes) {
    NYX_CHECK(bytes.size() <= region.size, "{} has {} bytes", section, bytes.size());
    plan.tables.push_back({std::string(section), region.base, bytes.size(), sha256(bytes)});
    std::sort(plan.tables.begin(), plan.tables.end(),
              [](const auto& a, const auto& b) { return a.section < b.section; });
}

}  // namespace nyx::place
