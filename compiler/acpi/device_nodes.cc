#include "compiler/acpi/device_nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "compiler/acpi/power.h"
#include "compiler/acpi/resources.h"

namespace nyx::acpi {
namespace {

constexpr std::size_t kNameLength = 4;

// Devices that are classes and need a node: Linux's virtio-mmio looks for LNRO0005.
constexpr auto kVirtioTypes = std::to_array<std::string_view>({"console", "disk", "net", "rng"});

// ACPI 6.5 §5.6.9: a generic event device has interrupts for resources and nothing else; its registers are the
// motherboard's.
constexpr std::string_view kEventDevice = "ACPI0013";
constexpr std::uint64_t kStatusChanged = 0x80;
constexpr std::uint64_t kPowerButtonPressed = 1 << 1;

bool is_event_device(const plan::DevicePlan& device) {
    return device.type == "acpi_ged";
}

// Its line is that of the generic event device that tells of it.
bool is_generation_id(const plan::DevicePlan& device) {
    return device.type == "vm_generation_id";
}

// The letters, digits and underscores that a name may have, the first of them no digit.
std::string usable_part(std::string_view text) {
    std::string usable;
    for (const char c : text) {
        const auto letter = static_cast<unsigned char>(c);
        if (letter >= 0x80 || (std::isalnum(letter) == 0 && c != '_')) continue;
        if (usable.empty() && std::isdigit(letter) != 0) usable += 'D';
        usable += static_cast<char>(std::toupper(letter));
    }
    if (usable.empty()) return "DEV";
    usable.resize(std::min(usable.size(), kNameLength));
    return usable;
}

std::vector<Bytes> lines_of(const plan::DevicePlan& device) {
    std::vector<Bytes> lines;
    for (const std::uint32_t gsi : device.gsis) lines.push_back(interrupt(gsi));
    return lines;
}

std::vector<Bytes> resources_of(const plan::DevicePlan& device) {
    std::vector<Bytes> resources = is_event_device(device) ? std::vector<Bytes>{} : ranges_of(device);
    if (!is_generation_id(device)) std::ranges::copy(lines_of(device), std::back_inserter(resources));
    return resources;
}

// The nodes of one machine, one after the other.
class Builder {
  public:
    Builder(const Subject& subject, NodeNames& names) : subject_(subject), names_(names) {}

    aml::Terms build() {
        for (const plan::DevicePlan& device : subject_.plan.devices) add(device);
        return std::move(nodes_);
    }

  private:
    void add(const plan::DevicePlan& device) {
        const dev::ir::Acpi identity = identity_of(device, subject_.programs);
        if (identity.hid.empty()) return;
        const std::string name = names_.give(device.name);
        aml::Terms body = head(identity.hid, identity.uid);
        if (!identity.cid.empty()) body.push_back(aml::name("_CID", aml::hardware_id(identity.cid)));
        body.push_back(aml::name("_CRS", resource_template(resources_of(device))));
        if (is_generation_id(device)) body.push_back(generation_address(device));
        if (is_event_device(device) && is_hardware_reduced(subject_.plan)) add_power_button(device, body);
        nodes_.push_back(aml::device(name, body));
        if (is_generation_id(device)) add_teller(device, name);
    }

    // A _UID is unique among those with the same _HID.
    aml::Terms head(const std::string& hid, std::uint64_t first_uid) {
        return {aml::name("_HID", aml::hardware_id(hid)), aml::name("_UID", aml::integer(first_uid + seen_[hid]++))};
    }

    // Who tells of a new generation: the device's line is all that it has.
    void add_teller(const plan::DevicePlan& device, const std::string& told) {
        aml::Terms body = head(std::string(kEventDevice), 0);
        body.push_back(aml::name("_CRS", resource_template({interrupt(device.gsis.front(), Trigger::kEdge)})));
        body.push_back(aml::method("_EVT", 1, {aml::notify(told, kStatusChanged)}));
        nodes_.push_back(aml::device(names_.give("GED0"), body));
    }

    // stdlib/devices/acpi_ged.ny: the selector stands first, and a read takes what it says.
    void add_power_button(const plan::DevicePlan& device, aml::Terms& body) {
        const std::string button = names_.give("PWRB");
        nodes_.push_back(aml::device(button, head("PNP0C0C", 0)));
        body.push_back(aml::memory_register("EREG", device.mmio.front().base, "ESEL"));
        body.push_back(
            aml::method("_EVT", 1,
                        {aml::store(aml::named("ESEL"), aml::local(0)),
                         aml::if_any(aml::local(0), kPowerButtonPressed, {aml::notify(button, kStatusChanged)})}));
    }

    // Microsoft, "Virtual Machine Generation ID": the low half of the address, then the high one.
    static aml::Term generation_address(const plan::DevicePlan& device) {
        const std::uint64_t address = device.mmio.front().base;
        return aml::name("ADDR", aml::package({aml::integer(address & 0xFFFFFFFF), aml::integer(address >> 32)}));
    }

    const Subject& subject_;
    NodeNames& names_;
    aml::Terms nodes_;
    std::map<std::string, std::uint64_t> seen_;
};

}  // namespace

dev::ir::Acpi identity_of(const plan::DevicePlan& device, std::span<const dev::ir::Program> programs) {
    const auto program = std::ranges::find(programs, device.type, &dev::ir::Program::name);
    if (program != programs.end()) return program->acpi;
    return {.hid = std::ranges::find(kVirtioTypes, device.type) != kVirtioTypes.end() ? "LNRO0005" : ""};
}

// A name that is taken has its tail replaced by the lowest number that makes it another.
std::string NodeNames::give(std::string_view device) {
    const std::string wanted = usable_part(device);
    std::string name = wanted;
    for (unsigned number = 0; !taken_.insert(name).second; ++number) {
        const std::string tail = fmt::format("{:X}", number);
        name = wanted.substr(0, kNameLength - tail.size()) + tail;
    }
    return name;
}

std::vector<Bytes> unnamed_ranges(const plan::DevicePlan& device, std::span<const dev::ir::Program> programs) {
    const bool has_node = !identity_of(device, programs).hid.empty();
    return has_node && !is_event_device(device) ? std::vector<Bytes>{} : ranges_of(device);
}

aml::Terms device_nodes(const Subject& subject, NodeNames& names) {
    return Builder(subject, names).build();
}

}  // namespace nyx::acpi
