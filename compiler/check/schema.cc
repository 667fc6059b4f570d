#include "compiler/check/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nyx::check {

const FieldSpec* Schema::find(std::string_view field) const {
    if (auto known = former.find(field); known != former.end()) field = known->second.use;
    auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldSpec& f) { return f.name == field; });
    return found == fields.end() ? nullptr : &*found;
}

const Deprecation* Schema::deprecation(std::string_view field) const {
    if (auto known = former.find(field); known != former.end()) return &known->second;
    const FieldSpec* spec = find(field);
    return spec && spec->deprecated ? &*spec->deprecated : nullptr;
}

const Deprecation* Schemas::deprecation(std::string_view name) const {
    const Schema* schema = find(name);
    return schema && schema->deprecated ? &*schema->deprecated : nullptr;
}

const Schema* Schemas::find(std::string_view name) const {
    auto found = all.find(name);
    return found == all.end() ? nullptr : &found->second;
}

bool Schemas::derives(const Schema& schema, std::string_view family) const {
    const Schema* current = &schema;
    // A cycle of bases was reported and cut by load_schemas().
    while (current && current->name != family) current = find(current->base);
    return current != nullptr;
}

const Schema* Schemas::member(std::string_view family, std::string_view name) const {
    const Schema* schema = find(name);
    // load_schemas() refuses a former name of a former name.
    if (schema && schema->deprecated && schema->deprecated->is_former_name()) schema = find(schema->deprecated->use);
    return schema && !schema->is_abstract && schema->name != family && derives(*schema, family) ? schema : nullptr;
}

std::vector<const Schema*> Schemas::members(std::string_view family) const {
    std::vector<const Schema*> found;
    for (const auto& [name, schema] : all) {
        if (member(family, name) == &schema) found.push_back(&schema);
    }
    return found;
}

std::vector<std::string> Schemas::member_names(std::string_view family) const {
    std::vector<std::string> names;
    for (const Schema* schema : members(family)) names.push_back(schema->name);
    return names;
}

std::string number_text(TypeKind kind, std::int64_t value) {
    using script::Type;
    using script::Value;
    switch (kind) {
        case TypeKind::kSize:
            return script::to_text(Value::quantity(Type::kSize, value));
        case TypeKind::kTime:
            return script::to_text(Value::quantity(Type::kTime, value));
        case TypeKind::kRate:
            return script::to_text(Value::quantity(Type::kRate, value));
        case TypeKind::kFrequency:
            return script::to_text(Value::quantity(Type::kFrequency, value));
        default:
            return value > 0xFFFF ? fmt::format("{:#x}", value) : fmt::to_string(value);
    }
}

static std::string_view kind_text(TypeKind kind) {
    switch (kind) {
        case TypeKind::kBool:
            return "true or false";
        case TypeKind::kInt:
            return "a whole number";
        case TypeKind::kFloat:
            return "a number";
        case TypeKind::kSize:
            return "a size, such as 512 MiB";
        case TypeKind::kTime:
            return "a time, such as 100 ms";
        case TypeKind::kRate:
            return "a rate, such as 1 Gbit/s";
        case TypeKind::kFrequency:
            return "a frequency, such as 2.4 GHz";
        case TypeKind::kString:
            return "a text in quotes";
        case TypeKind::kImage:
            return "the path of a file, in quotes";
        case TypeKind::kName:
            return "the name of a machine";
        case TypeKind::kMap:
            return "a map";
        case TypeKind::kIoport:
            return "a port number, or auto";
        case TypeKind::kMmio:
            return "a guest-physical address, or auto";
        case TypeKind::kGsi:
            return "the number of an interrupt line, or auto";
        default:
            return "";
    }
}

std::string type_text(const FieldType& type, const Schemas& schemas) {
    bool bounded = type.min != std::numeric_limits<std::int64_t>::min();
    switch (type.kind) {
        case TypeKind::kInt:
            if (!bounded) break;
            return fmt::format("a whole number from {} to {}", number_text(type.kind, type.min),
                               number_text(type.kind, type.max));
        case TypeKind::kOneOf:
            if (type.choices.size() > 12) return "one of the names that the declaration lists";
            return fmt::format("one of {}", fmt::join(type.choices, ", "));
        case TypeKind::kFamily:
            return fmt::format("one of {}", fmt::join(schemas.member_names(type.family), ", "));
        case TypeKind::kList:
            return fmt::format("a list, each of it {}", type_text(type.element.front(), schemas));
        default:
            break;
    }
    return std::string(kind_text(type.kind));
}

}  // namespace nyx::check
