// Differentiated system description table, revision 2 (64-bit integers): processors, devices that a guest cannot find
// by itself, power off.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/acpi/resources.h"
#include "compiler/acpi/tables.h"
#include "devices/acpi_pm/spec.h"

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
    {"pvpanic", "QEMU0001", "PEVT"},
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

// Ports and addresses that are taken though no driver claims them (PNP0C02).
aml::Term motherboard_node(const plan::MachinePlan& plan) {
    std::vector<Bytes> resources;
    for (const plan::DevicePlan& device : plan.devices) {
        if (identity_of(device) == nullptr) add_ranges(resources, device);
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
    std::array<std::uint64_t, kIdentities.size()> seen{};
    for (const plan::DevicePlan& device : plan.devices) {
        const Identity* identity = identity_of(device);
        if (identity == nullptr) continue;
        std::uint64_t uid = ++seen.at(static_cast<std::size_t>(identity - kIdentities.data()));
        nodes.push_back(device_node(device, *identity, uid));
    }
    return aml::scope("_SB", nodes);
}

}  // namespace

Bytes build_dsdt(const plan::MachinePlan& plan, const PlacedTables&) {
    aml::Term off = aml::integer(dev::acpi_pm::kSlpTypS5);
    ByteWriter body;
    // SLP_TYP for PM1a and PM1b; two reserved elements (ACPI 6.5 §7.4.2).
    body.write(ByteView{aml::name("_S5", aml::package({off, off, aml::integer(0), aml::integer(0)}))});
    body.write(ByteView{system_bus(plan)});
    return seal_table("DSDT", 2, body.bytes());
}

}  // namespace nyx::acpi
