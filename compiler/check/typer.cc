#include "compiler/check/typer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runtime/script/objects.h"

namespace nyx::check {

using script::Type;
using script::Value;

namespace {

Type dimension_of(TypeKind kind) {
    switch (kind) {
        case TypeKind::kSize:
            return Type::kSize;
        case TypeKind::kTime:
            return Type::kTime;
        case TypeKind::kRate:
            return Type::kRate;
        case TypeKind::kFrequency:
            return Type::kFrequency;
        default:
            return Type::kInt;
    }
}

// The name that a symbol, a text or a record without arguments stands for.
std::optional<std::string> name_of(const Value& value) {
    if (const auto* symbol = value.try_as<script::Symbol>()) return symbol->name;
    if (const auto* text = value.try_as<script::String>()) return std::string(text->text);
    const auto* record = value.try_as<script::Record>();
    return record && record->fields.empty() ? std::optional(record->name) : std::nullopt;
}

std::optional<std::uint64_t> address(const Value& value) {
    bool is_address = (value.is(Type::kInt) || value.is(Type::kSize)) && value.as_int() >= 0;
    return is_address ? std::optional(static_cast<std::uint64_t>(value.as_int())) : std::nullopt;
}

std::optional<std::vector<std::uint64_t>> addresses(const Value& value) {
    const auto* array = value.try_as<script::Array>();
    if (!array) return std::nullopt;
    std::vector<std::uint64_t> all;
    for (const Value& item : array->items) {
        std::optional<std::uint64_t> one = address(item);
        if (!one) return std::nullopt;
        all.push_back(*one);
    }
    return all;
}

// auto([candidates], follows: field).
std::optional<Placement> candidates(const script::Record& record) {
    if (record.name != "auto" || record.fields.empty() || record.fields.size() > 2) return std::nullopt;
    Placement placement;
    std::optional<std::vector<std::uint64_t>> all = addresses(record.fields[0].value);
    if (!all || !record.fields[0].name.empty()) return std::nullopt;
    placement.candidates = std::move(*all);
    if (record.fields.size() == 1) return placement;
    const auto* followed = record.fields[1].value.try_as<script::Symbol>();
    if (!followed || record.fields[1].name != "follows") return std::nullopt;
    placement.follows = followed->name;
    return placement;
}

}  // namespace

Typed Typer::made(const Subject& subject) const {
    Typed typed;
    typed.where = subject.where;
    typed.is_default = is_stdlib(subject.where);
    return typed;
}

std::optional<Typed> Typer::type(const Value& value, const FieldType& type, const Subject& subject) {
    if (value.is_null() && type.nullable) return made(subject);
    if (value.is(Type::kUnset)) return std::nullopt;  // its mistake was reported
    switch (type.kind) {
        case TypeKind::kBool:
            return boolean(value, type, subject);
        case TypeKind::kInt:
        case TypeKind::kFloat:
        case TypeKind::kSize:
        case TypeKind::kTime:
        case TypeKind::kRate:
        case TypeKind::kFrequency:
            return number(value, type, subject);
        case TypeKind::kString:
            return text(value, type, subject);
        case TypeKind::kImage:
            return image(value, type, subject);
        case TypeKind::kName:
            return name(value, type, subject);
        case TypeKind::kOneOf:
            return choice(value, type, subject);
        case TypeKind::kList:
            return list(value, type, subject);
        case TypeKind::kMap:
            return map(value, type, subject);
        case TypeKind::kFamily:
            return record(value, type, subject);
        case TypeKind::kIoport:
        case TypeKind::kMmio:
        case TypeKind::kGsi:
            return placement(value, type, subject);
    }
    return std::nullopt;
}

std::optional<Typed> Typer::default_of(const FieldSpec& field) {
    return type(field.default_value.value_or(Value()), field.type, {field.name, field.where, {}});
}

Typer::Outcome Typer::boolean(const Value& value, const FieldType& type, const Subject& subject) {
    if (!value.is(Type::kBool)) return wrong_type(value, type, subject);
    Typed typed = made(subject);
    typed.value = value.as_bool();
    return typed;
}

Typer::Outcome Typer::number(const Value& value, const FieldType& type, const Subject& subject) {
    Typed typed = made(subject);
    if (type.kind == TypeKind::kFloat && value.is_number()) {
        typed.value = value.is(Type::kInt) ? static_cast<double>(value.as_int()) : value.as_float();
        return typed;
    }
    bool plain_bytes = type.kind == TypeKind::kSize && value.is(Type::kInt);  // a size without a unit counts bytes
    if (!value.is(dimension_of(type.kind)) && !plain_bytes) {
        bool is_amount = value.is_quantity() || (value.is_number() && dimension_of(type.kind) != Type::kInt);
        return is_amount ? wrong_unit(value, type, subject) : wrong_type(value, type, subject);
    }
    std::int64_t amount = value.as_int();
    if (amount < type.min || amount > type.max) return out_of_range(amount, type, subject);
    if (type.step > 1 && (amount - type.min) % type.step != 0) return out_of_range(amount, type, subject);
    typed.value = amount;
    return typed;
}

Typer::Outcome Typer::text(const Value& value, const FieldType& type, const Subject& subject) {
    const auto* text = value.try_as<script::String>();
    if (!text) return wrong_type(value, type, subject);
    Typed typed = made(subject);
    typed.value = std::string(text->text);
    return typed;
}

// A relative path starts at the folder of the file that wrote it.
Typer::Outcome Typer::image(const Value& value, const FieldType& type, const Subject& subject) {
    const auto* text = value.try_as<script::String>();
    if (!text || text->text.empty()) return wrong_type(value, type, subject);
    std::filesystem::path path = text->text;
    if (path.is_relative() && subject.where.known()) {
        path = std::filesystem::path(sources_.file(subject.where.file).path).parent_path() / path;
    }
    Typed typed = made(subject);
    typed.value = model::Image{path.lexically_normal().string(), std::string(text->text)};
    return typed;
}

Typer::Outcome Typer::name(const Value& value, const FieldType& type, const Subject& subject) {
    std::optional<std::string> name = name_of(value);
    if (!name) return wrong_type(value, type, subject);
    Typed typed = made(subject);
    if (const auto* symbol = value.try_as<script::Symbol>()) typed.where = symbol->where;
    typed.value = *name;
    return typed;
}

Typer::Outcome Typer::choice(const Value& value, const FieldType& type, const Subject& subject) {
    std::optional<std::string> name = name_of(value);
    if (!name) return wrong_type(value, type, subject);
    const auto* symbol = value.try_as<script::Symbol>();
    Span where = symbol ? symbol->where : subject.where;
    auto deprecated = type.deprecated.find(*name);
    bool is_deprecated = deprecated != type.deprecated.end();
    if (is_deprecated) report_deprecated(*name, deprecated->second, where, sources_, sink_);
    bool is_former = is_deprecated && deprecated->second.is_former_name();
    if (!is_former && std::find(type.choices.begin(), type.choices.end(), *name) == type.choices.end())
        return unknown_choice(*name, type.choices, where, subject);
    Typed typed = made(subject);
    typed.value = is_former ? deprecated->second.use : *name;
    return typed;
}

Typer::Outcome Typer::list(const Value& value, const FieldType& type, const Subject& subject) {
    const auto* array = value.try_as<script::Array>();
    if (!array) return wrong_type(value, type, subject);
    List items;
    bool complete = true;
    for (const Value& item : array->items) {
        std::optional<Typed> typed = this->type(item, type.element.front(), subject);
        complete = complete && typed;
        if (typed) items.items.push_back(std::move(*typed));
    }
    if (!complete) return std::nullopt;
    Typed typed = made(subject);
    typed.value = std::move(items);
    return typed;
}

Typer::Outcome Typer::map(const Value& value, const FieldType& type, const Subject& subject) {
    const auto* map = value.try_as<script::Map>();
    if (!map) return wrong_type(value, type, subject);
    std::vector<NamedNumber> numbers;
    for (const script::Map::Entry& entry : map->entries()) {
        const auto* key = entry.key.try_as<script::String>();
        if (entry.key.is(Type::kUnset)) continue;
        std::optional<Typed> typed = this->type(entry.value, type.element.front(), subject);
        const auto* number = typed ? typed->get<std::int64_t>() : nullptr;
        if (!key || !number) return wrong_type(value, type, subject);
        numbers.push_back({std::string(key->text), *number});
    }
    Typed typed = made(subject);
    typed.value = std::move(numbers);
    return typed;
}

Typer::Outcome Typer::record(const Value& value, const FieldType& type, const Subject& subject) {
    const auto* given = value.try_as<script::Record>();
    std::optional<std::string> name = given ? std::optional(given->name) : name_of(value);
    bool boots_file = name && type.family == "boot" && !schemas_.member(type.family, *name);
    if (!name || (value.is(Type::kString) && (boots_file || name->find_first_of("./ ") != std::string::npos))) {
        return wrong_type(value, type, subject);
    }
    const Schema* schema = schemas_.member(type.family, *name);
    if (!schema) {
        Span where = given ? given->name_where : subject.where;
        return unknown_choice(*name, schemas_.member_names(type.family), where, subject);
    }
    if (const Deprecation* deprecation = schemas_.deprecation(*name))
        report_deprecated(*name, *deprecation, given ? given->name_where : subject.where, sources_, sink_);
    std::optional<Record> record = arguments(given, *schema, subject);
    if (!record) return std::nullopt;
    Typed typed = made(subject);
    typed.value = std::move(*record);
    return typed;
}

Typer::Outcome Typer::placement(const Value& value, const FieldType& type, const Subject& subject) {
    Typed typed = made(subject);
    const auto* symbol = value.try_as<script::Symbol>();
    if (symbol && symbol->name == "auto") {
        typed.value = Placement{};
        return typed;
    }
    bool is_place = type.kind == TypeKind::kMmio && value.is(Type::kSize);  // `4 GiB` is an address of memory
    if (value.is_quantity() && !is_place) return wrong_unit(value, type, subject);
    if (std::optional<std::uint64_t> fixed = address(value)) {
        typed.value = Placement{fixed, {}, {}};
        return typed;
    }
    const auto* given = value.try_as<script::Record>();
    std::optional<Placement> choices = given ? candidates(*given) : std::nullopt;
    if (!choices) return wrong_type(value, type, subject);
    typed.value = std::move(*choices);
    return typed;
}

}  // namespace nyx::check
