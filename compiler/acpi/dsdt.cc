// Differentiated system description table, revision 2 (64-bit integers): processors, devices that a guest cannot find
// by itself, power off.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "compiler/acpi/power.h"
#include "compiler/acpi/resources.h"
#include "compiler/acpi/tables.h"

namespace nyx::acpi {
namespace {

// How a type of device appears to the guest. name: a prefix that is numbered from 1 when `numbered`.
struct Identity {
    std::string_view type;
    std::string_view hid;
    std::string_view name;
    bool numbered = false;
};

// A type that is not here has no driver that asks ACPI; its ports are reserved by the motherboard's node.
constexpr auto kIdentities = std::to_array<Identity>({
    // Linux's virtio-mmio looks for LNRO0005.
    {"console", "LNRO0005", "VR", true},
    {"disk", "LNRO0005", "VR", true},
    {"net", "LNRO0005", "VR", true},
    {"pvpanic", "QEMU0001", "PEVT"},
    {"rng", "LNRO0005", "VR", true},
    {"rtc", "PNP0B00", "RTC"},
    {"serial", "PNP0501", "COM", true},
});

const Identity* identity_of(const plan::DevicePlan& device) {
    auto found =
        std::find_if(kIdentities.begin(), kIdentities.end(), [&](const auto& i) { return i.type == device.type; });
    return found == kIdentities.end() ? nullptr : &*found;
}

void add_ranges(std::vector<Bytes>& descriptors, const plan::DevicePlan& device) {
    for (Range ports : device.pio) descriptors.push_back(io_ports(ports));
    for (Range addresses : device.mmio) descriptors.push_back(memory(addresses));
}

aml::Term device_node(const plan::DevicePlan& device, const Identity& identity, std::uint64_t uid) {
    std::vector<Bytes> resources;
    add_ranges(resources, device);
    for (std::uint32_t gsi : device.gsis) resources.push_back(interrupt(gsi));
    std::string name = identity.numbered ? fmt::format("{}{:X}", identity.name, uid) : std::string(identity.name);
    aml::Terms body = {aml::name("_HID", aml::hardware_id(identity.hid))};
    if (identity.numbered) body.push_back(aml::name("_UID", aml::integer(uid)));
    body.push_back(aml::name("_CRS", resource_template(resources)));
    return aml::device(name, body);
}

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
aml::Term motherboard_node(const plan::MachinePlan& plan) {
    std::vector<Bytes> resources;
    for (const plan::DevicePlan& device : plan.devices) {
        // The memory of PCI functions is behind the host bridge.
        if (identity_of(device) == nullptr && !is_function(device)) add_ranges(resources, device);
    }
    return aml::device(
        "MBRD", {aml::name("_HID", aml::hardware_id("PNP0C02")), aml::name("_CRS", resource_template(resources))});
}

// The MADT finds a processor's node by _UID.
aml::Term processor_node(std::uint32_t id) {
    return aml::device(fmt::format("C{:03X}", id),
                       {aml::name("_HID", aml::hardware_id("ACPI0007")), aml::name("_UID", aml::integer(id))});
}

aml::Term system_bus(const plan::MachinePlan& plan) {
    aml::Terms nodes = {motherboard_node(plan)};
    for (std::uint32_t id = 0; id < plan.cpu.count; ++id) nodes.push_back(processor_node(id));
    std::map<std::string_view, std::uint64_t> seen;  // by _HID: a _UID is unique among those
    for (const plan::DevicePlan& device : plan.devices) {
        const Identity* identity = identity_of(device);
        if (identity == nullptr) continue;
        std::uint64_t uid = ++seen[identity->hid];
        nodes.push_back(device_node(device, *identity, uid));
    }
    nodes.push_back(pci_node(plan));
    return aml::scope("_SB", nodes);
}

}  // namespace

Bytes build_dsdt(const plan::MachinePlan& plan, const PlacedTables&) {
    aml::Term off = aml::integer(kSlpTypS5);
    ByteWriter body;
    // SLP_TYP for PM1a and PM1b; two reserved elements (ACPI 6.5 §7.4.2).
    body.write(ByteView{aml::name("_S5", aml::package({off, off, aml::integer(0), aml::integer(0)}))});
    body.write(ByteView{system_bus(plan)});
    return seal_table("DSDT", 2, body.bytes());
}

}  // namespace nyx::acpi
