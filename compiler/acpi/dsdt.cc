// Differentiated system description table, revision 2 (64-bit integers): processors, devices that a guest cannot find
// by itself, power off.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/acpi/device_nodes.h"
#include "compiler/acpi/power.h"
#include "compiler/acpi/resources.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {
namespace {

bool is_function(const plan::DevicePlan& device) {
    return device.type.starts_with("pci_");
}

std::uint64_t slot_of(const plan::DevicePlan& function) {
    auto slot = function.settings.find("slot");
    const auto* number = slot == function.settings.end() ? nullptr : std::get_if<std::int64_t>(&slot->second);
    return number != nullptr ? static_cast<std::uint64_t>(*number) : 0;
}

// The host bridge of bus 0: what it passes on, and where the INTA# of each slot leads (ACPI 6.5 §6.2.13). No bytes
// where there is none.
aml::Term pci_node(const plan::MachinePlan& plan) {
    if (plan.find_type("pci") == nullptr) return {};
    std::vector<Bytes> resources = {bus_numbers(0)};
    aml::Terms routes;
    for (const plan::DevicePlan& device : plan.devices) {
        if (!is_function(device)) continue;
        for (Range addresses : device.mmio) resources.push_back(memory_window(addresses));
        routes.push_back(aml::package({aml::integer(slot_of(device) << 16 | 0xFFFF), aml::integer(0), aml::integer(0),
                                       aml::integer(device.gsis.front())}));
    }
    return aml::device("PCI0",
                       {aml::name("_HID", aml::hardware_id("PNP0A08")), aml::name("_CID", aml::hardware_id("PNP0A03")),
                        aml::name("_BBN", aml::integer(0)), aml::name("_CRS", resource_template(resources)),
                        aml::name("_PRT", aml::package(routes))});
}

// Ports and addresses that are taken though no driver claims them (PNP0C02).
aml::Term motherboard_node(const Subject& subject) {
    std::vector<Bytes> resources;
    for (const plan::DevicePlan& device : subject.plan.devices) {
        // The memory of PCI functions is behind the host bridge.
        if (is_function(device)) continue;
        std::ranges::copy(unnamed_ranges(device, subject.programs), std::back_inserter(resources));
    }
    return aml::device(
        "MBRD", {aml::name("_HID", aml::hardware_id("PNP0C02")), aml::name("_CRS", resource_template(resources))});
}

std::string processor_name(std::uint32_t id) {
    return fmt::format("C{:03X}", id);
}

// The MADT finds a processor's node by _UID.
aml::Term processor_node(std::uint32_t id) {
    return aml::device(processor_name(id),
                       {aml::name("_HID", aml::hardware_id("ACPI0007")), aml::name("_UID", aml::integer(id))});
}

aml::Term system_bus(const Subject& subject) {
    NodeNames names;
    for (const char* own : {"MBRD", "PCI0"}) names.reserve(own);
    aml::Terms nodes = {motherboard_node(subject)};
    for (std::uint32_t id = 0; id < subject.plan.cpu.count; ++id) {
        names.reserve(processor_name(id));
        nodes.push_back(processor_node(id));
    }
    std::ranges::copy(device_nodes(subject, names), std::back_inserter(nodes));
    nodes.push_back(pci_node(subject.plan));
    return aml::scope("_SB", nodes);
}

}  // namespace

Bytes build_dsdt(const Subject& subject, const PlacedTables&) {
    aml::Term off = aml::integer(kSlpTypS5);
    ByteWriter body;
    // SLP_TYP for PM1a and PM1b; two reserved elements (ACPI 6.5 §7.4.2).
    body.write(ByteView{aml::name("_S5", aml::package({off, off, aml::integer(0), aml::integer(0)}))});
    body.write(ByteView{system_bus(subject)});
    return seal_table("DSDT", 2, body.bytes());
}

}  // namespace nyx::acpi
