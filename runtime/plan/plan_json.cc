#include "runtime/plan/plan_json.h"

#include <nlohmann/json.hpp>

namespace nyx::plan {

namespace {

using Json = nlohmann::json;  // an ordered map: keys come out in byte order

Json json_of(const Setting& setting) {
    return std::visit([](const auto& value) { return Json(value); }, setting);
}

Json json_of(const std::map<std::string, Setting>& settings) {
    Json object = Json::object();
    for (const auto& [name, value] : settings) object[name] = json_of(value);
    return object;
}

Json json_of(Range range) {
    return {{"base", range.base}, {"size", range.size}};
}

Json json_of(const RamRegion& ram) {
    return {{"base", ram.range.base}, {"size", ram.range.size}, {"offset", ram.offset}};
}

Json json_of(const Window& window) {
    return {{"name", window.name}, {"base", window.range.base}, {"size", window.range.size}};
}

Json json_of(const E820Entry& entry) {
    return {{"base", entry.range.base}, {"size", entry.range.size}, {"type", entry.type}};
}

Json json_of(const CpuidBits& bits) {
    return {{"leaf", bits.leaf},
            {"subleaf", bits.subleaf},
            {"reg", std::string(1, bits.reg)},
            {"clear", bits.clear},
            {"require", bits.require}};
}

Json json_of(const ImageRef& image) {
    return {{"id", image.id}, {"sha256", to_hex(image.digest)}, {"size", image.size}};
}

Json json_of(const TableLoad& table) {
    return {
        {"section", table.section}, {"address", table.address}, {"size", table.size}, {"sha256", to_hex(table.digest)}};
}

Json json_of(const DevicePlan& device);

template <class T>
Json list_of(const std::vector<T>& all) {
    Json list = Json::array();
    for (const T& one : all) list.push_back(json_of(one));
    return list;
}

Json json_of(const DevicePlan& device) {
    return {{"name", device.name},          {"type", device.type},       {"pio", list_of(device.pio)},
            {"mmio", list_of(device.mmio)}, {"gsis", Json(device.gsis)}, {"settings", json_of(device.settings)}};
}

Json json_of(const CpuPlan& cpu) {
    Json quirks = Json::object();
    for (const auto& [host, bits] : cpu.quirks) quirks[host] = list_of(bits);
    return {{"count", cpu.count}, {"profile", cpu.profile}, {"bits", list_of(cpu.bits)}, {"quirks", quirks}};
}

Json json_of(const BootAddresses& at) {
    return {{"boot_params", at.boot_params}, {"cmdline", at.cmdline}, {"gdt", at.gdt},
            {"page_tables", at.page_tables}, {"stack", at.stack},     {"initrd", at.initrd}};
}

Json json_of(const BootPlan& boot) {
    return {{"protocol", protocol_name(boot.protocol)},
            {"image", boot.image},
            {"initrd", boot.initrd ? Json(*boot.initrd) : Json(nullptr)},
            {"cmdline", boot.cmdline},
            {"load", boot.load},
            {"entry", boot.entry},
            {"mode", entry_mode_name(boot.mode)},
            {"addresses", json_of(boot.addresses)}};
}

Json common_part(const MachinePlan& plan) {
    return {{"format", MachinePlan::kFormatWithoutPrograms},
            {"name", plan.name},
            {"cpu", json_of(plan.cpu)},
            {"memory_size", plan.memory_size},
            {"ram", list_of(plan.ram)},
            {"windows", list_of(plan.windows)},
            {"e820", list_of(plan.e820)},
            {"pit", plan.pit},
            {"acpi", plan.acpi},
            {"sci_gsi", plan.sci_gsi},
            {"devices", list_of(plan.devices)},
            {"boot", json_of(plan.boot)},
            {"images", list_of(plan.images)},
            {"tables", list_of(plan.tables)},
            {"rsdp", plan.rsdp}};
}

// A plan without programs is as it was before there were any.
Json json_of(const MachinePlan& plan) {
    Json document = common_part(plan);
    if (plan.programs.empty()) return document;
    document["format"] = MachinePlan::kFormat;
    for (const auto& [type, digest] : plan.programs) document["programs"][type] = to_hex(digest);
    return document;
}

// Bytes that are not UTF-8 become U+FFFD rather than an exception; parse_plan never lets such a text in.
std::string dump(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string canonical_json(const MachinePlan& plan) {
    return dump(json_of(plan), -1);
}

std::string canonical_json(const HostWiring& wiring) {
    Json object = Json::object();
    for (const auto& [device, settings] : wiring) object[device] = json_of(settings);
    return dump(object, -1);
}

std::string canonical_json(const RunPreferences& preferences) {
    Json object = Json::object();
    if (!preferences.accelerator.empty()) object["accelerator"] = preferences.accelerator;
    if (!preferences.irqchip.empty()) object["irqchip"] = preferences.irqchip;
    return dump(object, -1);
}

std::string readable_json(const MachinePlan& plan) {
    return dump(json_of(plan), 2) + "\n";
}

Digest plan_hash(const MachinePlan& plan) {
    return sha256(as_bytes(canonical_json(plan)));
}

const char* protocol_name(BootProtocol protocol) {
    switch (protocol) {
        case BootProtocol::kFlat:
            return "flat";
        case BootProtocol::kElf64:
            return "elf64";
        case BootProtocol::kPvh:
            return "pvh";
        case BootProtocol::kLinux64:
            return "linux64";
        case BootProtocol::kMultiboot1:
            return "multiboot1";
        case BootProtocol::kFirmware:
            return "firmware";
    }
    return "";
}

const char* entry_mode_name(EntryMode mode) {
    switch (mode) {
        case EntryMode::kReal16:
            return "real16";
        case EntryMode::kProtected32:
            return "protected32";
        case EntryMode::kLong64:
            return "long64";
    }
    return "";
}

}  // namespace nyx::plan
