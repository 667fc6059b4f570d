#include "compiler/place/complete.h"

#include <algorithm>

#include "runtime/base/guid.h"
#include "runtime/base/mac_address.h"
#include "runtime/base/sha256.h"

namespace nyx::place {

using diagnostics::Code;

namespace {

// Only names go into it: every build gives the card the same address, and cards of other machines different ones.
// 02:4e:79 is administered locally (IEEE 802-2014 §8.4).
std::uint64_t derived_address(const model::Machine& machine, const model::Device& card) {
    Digest digest = sha256(as_bytes(machine.name + "/" + card.name));
    return std::uint64_t{0x024E79} << 24 | std::uint64_t{digest[0]} << 16 | std::uint64_t{digest[1]} << 8 | digest[2];
}

// Of one card: not a group's, and not all zero.
bool is_card_address(std::optional<std::uint64_t> address) {
    return address && *address != 0 && (*address >> 40 & 1) == 0;
}

void give_address(const model::Machine& machine, model::Device& card, diagnostics::Sink& sink) {
    auto field = card.fields.find("mac");
    std::uint64_t own = derived_address(machine, card);
    if (field == card.fields.end()) {
        card.fields["mac"] = {{static_cast<std::int64_t>(own), card.where, true}, {}};
        return;
    }
    const auto* text = std::get_if<std::string>(&field->second.value);
    std::optional<std::uint64_t> given = text ? mac_address(*text) : std::nullopt;
    if (is_card_address(given)) {
        own = *given;
    } else {
        sink.report(Code::kWrongType, field->second.where,
                    fmt::format("`mac` takes the Ethernet address of one card, such as \"{}\"", mac_text(own)));
    }
    field->second.value = static_cast<std::int64_t>(own);
}

model::ResourceRequest fixed(const char* field, model::ResourceRequest::Kind kind, std::uint64_t base,
                             std::uint64_t size, Span where) {
    model::ResourceRequest request;
    request.field = field;
    request.kind = kind;
    request.size = size;
    request.fixed = {base, where, true};
    return request;
}

// The bus comes by itself where something sits on it; stdlib/devices/pci.ny has the same addresses.
void add_bus(model::Machine& machine) {
    auto is_bus = [](const model::Device& device) { return device.type == "pci"; };
    auto first = std::ranges::find_if(machine.devices,
                                      [](const model::Device& device) { return device.type.starts_with("pci_"); });
    if (first == machine.devices.end() || std::ranges::any_of(machine.devices, is_bus)) return;
    using Kind = model::ResourceRequest::Kind;
    model::Device bus;
    bus.name = bus.type = "pci";
    bus.where = first->where;
    bus.is_default = bus.is_single = true;
    bus.resources = {fixed("config_address", Kind::kPio, 0xCF8, 1, bus.where),
                     fixed("config_data", Kind::kPio, 0xCFC, 4, bus.where),
                     fixed("ecam", Kind::kMmio, 0xE0000000, 1 << 20, bus.where)};
    machine.devices.push_back(std::move(bus));
}

void check_guid(const model::Device& device, diagnostics::Sink& sink) {
    const auto field = device.host.find("guid");
    if (field == device.host.end()) return;
    const auto* text = std::get_if<std::string>(&field->second.value);
    if (text == nullptr || parse_guid(*text)) return;
    sink.report(Code::kWrongType, field->second.where,
                "`guid` takes 32 hexadecimal digits in groups, such as \"8a3f2c1e-5b7d-4e90-a1c2-3d4e5f607182\"");
}

}  // namespace

void complete_devices(model::Machine& machine, diagnostics::Sink& sink) {
    for (model::Device& device : machine.devices) {
        if (device.type == "net" || device.type == "pci_net") give_address(machine, device, sink);
        if (device.type == "vm_generation_id") check_guid(device, sink);
    }
    add_bus(machine);
}

}  // namespace nyx::place
