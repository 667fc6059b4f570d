#include "compiler/interchange/json_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "compiler/interchange/constants_json.h"
#include "compiler/syntax/units.h"
#include "runtime/plan/check_plan.h"

namespace nyx::interchange {

using check::FieldSpec;
using check::FieldType;
using check::Schema;
using check::TypeKind;

namespace {

std::optional<syntax::Dimension> dimension_of(TypeKind kind) {
    switch (kind) {
        case TypeKind::kSize:
            return syntax::Dimension::kSize;
        case TypeKind::kTime:
            return syntax::Dimension::kTime;
        case TypeKind::kRate:
            return syntax::Dimension::kRate;
        case TypeKind::kFrequency:
            return syntax::Dimension::kFrequency;
        default:
            return std::nullopt;
    }
}

bool is_bounded(const FieldType& type) {
    return type.max != std::numeric_limits<std::int64_t>::max();
}

class Writer {
  public:
    explicit Writer(const check::Schemas& schemas) : schemas_(schemas) {}

    Json machine(const std::string& version) {
        const Schema* schema = schemas_.find("machine");
        Json json{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                  {"$id", "urn:nyx:machine:" + version},
                  {"title", "A machine of Nyx"}};
        if (!schema) return json;
        Json body = thing(*schema);
        Json& properties = body["properties"];
        Json first{{"name", name()}, {"doc", {{"type", "string"}}}};
        for (auto& [key, value] : properties.items()) first[key] = value;
        first["devices"] = devices();
        properties = std::move(first);
        body["required"].insert(body["required"].begin(), "name");
        for (auto& [key, value] : body.items()) json[key] = value;
        define_the_rest();
        json["$defs"] = defs_;
        return json;
    }

  private:
    static Json name() {
        return {{"type", "string"}, {"pattern", "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"}, {"maxLength", plan::kMaxNameLength}};
    }

    Json devices() {
        Json kinds = Json::array();
        for (const Schema* device : schemas_.members("device")) kinds.push_back(reference(device->name));
        return {{"type", "object"},
                {"description", "By name, in the order of the source; the board's own first."},
                {"propertyNames", name()},
                {"additionalProperties", {{"anyOf", std::move(kinds)}}}};
    }

    // An object with the fields of a schema.
    Json thing(const Schema& schema) {
        Json properties = Json::object();
        Json required = Json::array();
        for (const FieldSpec& field : schema.fields) {
            properties[field.name] = described(field);
            if (field.is_required()) required.push_back(field.name);
        }
        return {{"description", schema.doc},
                {"type", "object"},
                {"properties", std::move(properties)},
                {"required", std::move(required)},
                {"additionalProperties", false}};
    }

    Json member(const Schema& schema) {
        Json json = thing(schema);
        Json properties{{"type", {{"const", schema.name}}}};
        for (auto& [key, value] : json["properties"].items()) properties[key] = value;
        json["properties"] = std::move(properties);
        json["required"].insert(json["required"].begin(), "type");
        if (schema.deprecated) json["deprecated"] = true;
        return json;
    }

    // One of a family: by its name, or with arguments.
    Json family(const Schema& schema) {
        Json names = Json::array();
        Json choices = Json::array();
        std::vector<const Schema*> members = schemas_.members(schema.name);
        for (const Schema* one : members) {
            bool needs = std::any_of(one->fields.begin(), one->fields.end(),
                                     [](const FieldSpec& field) { return field.is_required(); });
            if (!needs) names.push_back(one->name);
        }
        if (!names.empty()) choices.push_back({{"enum", std::move(names)}});
        for (const Schema* one : members) choices.push_back(reference(one->name));
        return {{"description", schema.doc}, {"anyOf", std::move(choices)}};
    }

    Json reference(const std::string& schema) {
        if (defs_.emplace(schema, nullptr).second) wanted_.push_back(schema);
        return {{"$ref", "#/$defs/" + schema}};
    }

    void define_the_rest() {
        while (!wanted_.empty()) {
            std::string name = wanted_.back();
            wanted_.pop_back();
            const Schema& schema = *schemas_.find(name);
            Json body = schema.is_abstract ? family(schema) : member(schema);
            defs_[name] = std::move(body);
        }
    }

    Json described(const FieldSpec& field) {
        Json json = of_type(field.type);
        std::string text = field.doc;
        if (dimension_of(field.type.kind) && is_bounded(field.type))
            text += fmt::format(" From {} to {}.", check::number_text(field.type.kind, field.type.min),
                                check::number_text(field.type.kind, field.type.max));
        if (field.type.host) text += " Of the host: no part of the machine's identity.";
        json["description"] = std::move(text);
        if (field.deprecated) json["deprecated"] = true;
        if (field.default_value) json["default"] = constant_json(*field.default_value);
        return json;
    }

    // Former names are written as those of today.
    static Json choices(const FieldType& type) {
        Json usual = Json::array();
        Json all = Json::array();
        for (const std::string& choice : type.choices) {
            if (type.deprecated.contains(choice)) {
                all.push_back({{"const", choice}, {"deprecated", true}});
            } else {
                usual.push_back(choice);
            }
        }
        if (all.empty()) return {{"enum", std::move(usual)}};
        all.insert(all.begin(), {{"enum", std::move(usual)}});
        return {{"anyOf", std::move(all)}};
    }

    Json of_type(const FieldType& type) {
        Json json = of_kind(type);
        if (!type.nullable) return json;
        return {{"anyOf", Json::array({std::move(json), {{"type", "null"}}})}};
    }

    Json of_kind(const FieldType& type) {
        switch (type.kind) {
            case TypeKind::kBool:
                return {{"type", "boolean"}};
            case TypeKind::kInt:
                return integer(type);
            case TypeKind::kFloat:
                return {{"type", "number"}};
            case TypeKind::kString:
                return {{"type", "string"}};
            case TypeKind::kImage:
                return {{"type", "string"}, {"minLength", 1}};
            case TypeKind::kOneOf:
                return choices(type);
            case TypeKind::kList:
                return {{"type", "array"}, {"items", of_type(type.element.front())}};
            case TypeKind::kMap:
                return {{"type", "object"}, {"additionalProperties", of_type(type.element.front())}};
            case TypeKind::kFamily:
                return reference(type.family);
            case TypeKind::kIoport:
            case TypeKind::kMmio:
            case TypeKind::kGsi:
                return placed(type);
            default:
                return quantity(type);
        }
    }

    static Json integer(const FieldType& type) {
        Json json{{"type", "integer"}};
        if (type.min != std::numeric_limits<std::int64_t>::min()) json["minimum"] = type.min;
        if (is_bounded(type)) json["maximum"] = type.max;
        if (type.step > 1 && type.min % type.step == 0) json["multipleOf"] = type.step;
        return json;
    }

    static Json quantity(const FieldType& type) {
        std::vector<std::string> words;
        for (const std::string& word : syntax::all_units()) {
            if (syntax::find_unit(word)->dimension == *dimension_of(type.kind)) words.push_back(word);
        }
        Json text{{"type", "string"}, {"pattern", fmt::format("^(0|[1-9][0-9]*) ({})$", fmt::join(words, "|"))}};
        return {{"anyOf", Json::array({std::move(text), integer(type)})}};
    }

    // A number, or left to the compiler.
    static Json placed(const FieldType& type) {
        Json number{{"type", "integer"}, {"minimum", 0}};
        if (type.kind == TypeKind::kIoport) number["maximum"] = 0xFFFF;
        if (type.alignment > 1) number["multipleOf"] = type.alignment;
        Json choices{
            {"type", "object"},
            {"properties", {{"auto", {{"type", "array"}, {"items", number}}}, {"follows", {{"type", "string"}}}}},
            {"required", Json::array({"auto"})},
            {"additionalProperties", false}};
        return {{"anyOf", Json::array({number, {{"const", "auto"}}, std::move(choices)})}};
    }

    const check::Schemas& schemas_;
    std::map<std::string, Json> defs_;
    std::vector<std::string> wanted_;
};

}  // namespace

std::string json_schema(const check::Schemas& schemas, const std::string& version) {
    return Writer(schemas).machine(version).dump(2) + "\n";
}

}  // namespace nyx::interchange
