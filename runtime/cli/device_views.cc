#include "runtime/cli/device_views.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

namespace nyx::cli {

using nlohmann::json;

namespace {

std::string hex(std::uint64_t value, unsigned digits = 0) {
    return fmt::format("{:#0{}x}", value, digits + 2);
}

const char* access_name(dev::RegisterKind kind) {
    switch (kind) {
        case dev::RegisterKind::kReadOnly:
            return "ro";
        case dev::RegisterKind::kWriteOnly:
            return "wo";
        case dev::RegisterKind::kReadWrite:
            return "rw";
    }
    return "";
}

std::uint64_t bits_of(std::uint64_t value, const dev::RegisterField& field) {
    const unsigned width = field.high - field.low + 1u;
    return (value >> field.low) & (width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1);
}

json fields_json(const vm::RegisterView& view) {
    json fields = json::array();
    const bool known = !view.values.empty() && view.values.front().has_value();
    const std::uint64_t value = known ? *view.values.front() : 0;
    for (const dev::RegisterField& field : view.fields)
        fields.push_back({{"name", field.name},
                          {"high", field.high},
                          {"low", field.low},
                          {"value", known ? json(hex(bits_of(value, field))) : json()}});
    return fields;
}

json register_json(const vm::RegisterView& view) {
    json values = json::array();
    for (const auto& value : view.values) values.push_back(value ? json(hex(*value, 2u * view.reg.width)) : json());
    return {{"name", view.reg.name},     {"region", view.reg.region},
            {"offset", view.reg.offset}, {"width", view.reg.width},
            {"count", view.reg.count},   {"access", access_name(view.reg.kind)},
            {"when", view.reg.when},     {"reset", hex(view.reg.reset, 2u * view.reg.width)},
            {"values", values},          {"fields", fields_json(view)}};
}

json device_json(const vm::DeviceView& view) {
    json device = {{"name", view.slot->name}, {"type", view.slot->type},    {"regions", json::array()},
                   {"lines", json::array()},  {"registers", json::array()}, {"state", json::array()}};
    for (const auto& region : view.slot->regions)
        device["regions"].push_back({{"space", region.space == dev::Space::kPio ? "pio" : "mmio"},
                                     {"base", hex(region.range.base)},
                                     {"size", region.range.size}});
    for (const vm::LineView& line : view.lines)
        device["lines"].push_back({{"gsi", line.gsi}, {"asserted", line.asserted}});
    for (const vm::RegisterView& reg : view.registers) device["registers"].push_back(register_json(reg));
    for (const vm::StateView& field : view.state) {
        json one = {
            {"id", field.id}, {"name", field.name}, {"value", fmt::format("{:02x}", fmt::join(field.value, ""))}};
        if (!field.text.empty()) one["text"] = field.text;
        device["state"].push_back(std::move(one));
    }
    return device;
}

// A member of something that may be anything, as text.
std::string text(const json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || object[key].is_null()) return "-";
    return object[key].is_string() ? object[key].get<std::string>() : object[key].dump();
}

const json& list(const json& object, const char* key) {
    static const json kNone = json::array();
    const bool is_there = object.is_object() && object.contains(key) && object[key].is_array();
    return is_there ? object[key] : kNone;
}

Result<json> named(const json& all, const std::string& name, const char* what) {
    std::string known;
    for (const json& one : all) {
        // Data sheets write in capitals what is typed without.
        if (::strcasecmp(text(one, "name").c_str(), name.c_str()) == 0) return one;
        known += (known.empty() ? "" : ", ") + text(one, "name");
    }
    return fail(Error{ErrorCode::kNotFound, fmt::format("there is no {} '{}'", what, name),
                      known.empty() ? "" : "there is: " + known});
}

std::string register_text(const json& reg) {
    std::string values;
    for (const json& value : list(reg, "values"))
        values += (values.empty() ? "" : " ") + (value.is_string() ? value.get<std::string>() : std::string("-"));
    std::string out = fmt::format("  {:<20} {:>6} {} {:<20}", text(reg, "name"), "+" + text(reg, "offset"),
                                  text(reg, "access"), values);
    if (const std::string when = text(reg, "when"); !when.empty() && when != "-") out += " when " + when;
    while (out.back() == ' ') out.pop_back();
    out += "\n";
    for (const json& field : list(reg, "fields"))
        out += fmt::format("    {:<18} {:>6} {}\n", text(field, "name"),
                           text(field, "high") + ".." + text(field, "low"), text(field, "value"));
    return out;
}

std::string device_text(const json& device) {
    std::string out = fmt::format("{} ({})", text(device, "name"), text(device, "type"));
    for (const json& region : list(device, "regions"))
        out += fmt::format(", {} {} size {}", text(region, "space"), text(region, "base"), text(region, "size"));
    for (const json& line : list(device, "lines"))
        out += fmt::format(", gsi {} {}", text(line, "gsi"), text(line, "asserted") == "true" ? "high" : "low");
    out += "\n";
    for (const json& reg : list(device, "registers")) out += register_text(reg);
    for (const json& field : list(device, "state")) {
        const std::string name = text(field, "name");
        out += fmt::format("  state {:<14} {:>6}    {}\n", name == "-" || name.empty() ? "" : name,
                           "#" + text(field, "id"), text(field, field.contains("text") ? "text" : "value"));
    }
    return out;
}

}  // namespace

json devices_json(const std::vector<vm::DeviceView>& views) {
    json all = json::array();
    for (const vm::DeviceView& view : views) all.push_back(device_json(view));
    return {{"devices", all}};
}

Result<json> select_devices(const json& answer, const std::string& wanted) {
    const json& all = list(answer, "devices");
    if (wanted.empty()) return all;
    const std::size_t dot = wanted.find('.');
    NYX_ASSIGN(json device, named(all, wanted.substr(0, dot), "device"));
    if (dot == std::string::npos) return json::array({device});
    NYX_ASSIGN(json reg, named(list(device, "registers"), wanted.substr(dot + 1), "register"));
    device["registers"] = json::array({reg});
    device["state"] = json::array();
    return json::array({device});
}

std::string devices_text(const json& devices) {
    std::string out;
    for (const json& device : devices) out += (out.empty() ? "" : "\n") + device_text(device);
    return out;
}

}  // namespace nyx::cli
