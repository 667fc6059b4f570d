#include "compiler/interchange/machine_data.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/interchange/constants_json.h"

namespace nyx::interchange {

using check::FieldSpec;
using check::Record;
using check::Typed;

namespace {

Json value_json(const Typed& typed, const FieldSpec& field, const check::FieldType& type);

Json record_json(const Record& record) {
    Json json{{"type", record.schema->name}};
    for (const FieldSpec& field : record.schema->fields) {
        const Typed* value = record.find(field.name);
        if (value && !value->is_default) json[field.name] = value_json(*value, field, field.type);
    }
    return json.size() == 1 ? json["type"] : json;
}

// The declaration's own candidates go without saying.
Json placement_json(const check::Placement& placement, bool is_default) {
    if (placement.fixed) return *placement.fixed;
    if (is_default || placement.candidates.empty()) return "auto";
    Json json{{"auto", placement.candidates}};
    if (!placement.follows.empty()) json["follows"] = placement.follows;
    return json;
}

Json value_json(const Typed& typed, const FieldSpec& field, const check::FieldType& type) {
    if (const auto* flag = typed.get<bool>()) return *flag;
    if (const auto* number = typed.get<std::int64_t>()) {
        if (type.kind == check::TypeKind::kInt) return *number;
        return check::number_text(type.kind, *number);
    }
    if (const auto* number = typed.get<double>()) return *number;
    if (const auto* text = typed.get<std::string>()) return *text;
    if (const auto* image = typed.get<model::Image>()) return image->written;
    if (const auto* placement = typed.get<check::Placement>()) return placement_json(*placement, typed.is_default);
    if (const auto* record = typed.get<Record>()) return record_json(*record);
    if (const auto* list = typed.get<check::List>()) {
        Json json = Json::array();
        for (const Typed& item : list->items) json.push_back(value_json(item, field, type.element.front()));
        return json;
    }
    if (const auto* numbers = typed.get<std::vector<check::NamedNumber>>()) {
        Json json = Json::object();
        for (const check::NamedNumber& one : *numbers) json[one.name] = one.number;
        return json;
    }
    return nullptr;
}

void put_fields(const Record& record, Json& into) {
    for (const FieldSpec& field : record.schema->fields) {
        if (const Typed* value = record.find(field.name)) into[field.name] = value_json(*value, field, field.type);
    }
}

Json data_of(const model::Machine& machine, const check::TypedMachine& typed) {
    Json json{{"name", machine.name}};
    if (!machine.doc.empty()) json["doc"] = machine.doc;
    put_fields(typed.fields, json);
    json["devices"] = Json::object();
    for (const check::TypedMachine::Device& device : typed.devices) {
        Json one{{"type", device.fields.schema->name}};
        put_fields(device.fields, one);
        json["devices"][device.name] = std::move(one);
    }
    return json;
}

// Whether every reader takes it as this text: no number, no keyword of YAML 1.1, no punctuation with a meaning.
bool is_plain(const std::string& text) {
    static constexpr std::string_view kWords[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0 || c == '_'; };
    auto goes_on = [&](unsigned char c) { return is_letter(c) || std::isdigit(c) != 0 || c == '.' || c == '/'; };
    if (text.empty() || !is_letter(static_cast<unsigned char>(text.front()))) return false;
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords)) return false;
    return std::all_of(text.begin(), text.end(), goes_on);
}

void put_text(YAML::Emitter& out, const std::string& text) {
    if (is_plain(text)) {
        out << text;
    } else {
        out << YAML::DoubleQuoted << text;
    }
}

void put(YAML::Emitter& out, const Json& json) {
    if (json.is_object()) {
        out << YAML::BeginMap;
        for (const auto& [key, value] : json.items()) {
            out << YAML::Key;
            put_text(out, key);
            out << YAML::Value;
            put(out, value);
        }
        out << YAML::EndMap;
    } else if (json.is_array()) {
        out << YAML::Flow << YAML::BeginSeq;
        for (const Json& item : json) put(out, item);
        out << YAML::EndSeq;
    } else if (json.is_null()) {
        out << YAML::Null;
    } else if (json.is_string()) {
        put_text(out, json.get<std::string>());
    } else {
        out << json.dump();
    }
}

}  // namespace

std::string machine_json(const model::Machine& machine, const check::TypedMachine& typed) {
    return data_of(machine, typed).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string machine_yaml(const model::Machine& machine, const check::TypedMachine& typed) {
    // Through text, so that what is not UTF-8 is replaced in both alike.
    Json json = Json::parse(machine_json(machine, typed));
    YAML::Emitter out;
    put(out, json);
    return std::string(out.c_str()) + "\n";
}

}  // namespace nyx::interchange
