// Values after the schemas have typed them, with the place that set each. Data only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/check/schema.h"
#include "compiler/model/machine.h"

namespace nyx::check {

struct Typed;

// Parallel to schema->fields. A value that is missing or wrong was reported and is absent.
struct Record {
    const Schema* schema = nullptr;
    std::vector<std::optional<Typed>> values;

    // The value of that field, or null.
    const Typed* find(std::string_view field) const;
    bool is_complete() const;
};

struct List {
    std::vector<Typed> items;
};

struct NamedNumber {
    std::string name;
    std::int64_t number = 0;
};

// Of an ioport, mmio or gsi field.
struct Placement {
    std::optional<std::uint64_t> fixed;
    std::vector<std::uint64_t> candidates;
    std::string follows;
};

// std::monostate is null.
struct Typed {
    std::variant<std::monostate, bool, std::int64_t, double, std::string, model::Image, Placement, List,
                 std::vector<NamedNumber>, Record>
        value;
    Span where;
    bool is_default = false;

    bool is_null() const { return std::holds_alternative<std::monostate>(value); }
    template <class T>
    const T* get() const {
        return std::get_if<T>(&value);
    }
};

// A machine with all its values, as the schemas have them.
struct TypedMachine {
    struct Device {
        std::string name;
        Record fields;
    };
    Record fields;
    std::vector<Device> devices;  // as in the model::Machine of that name
};

inline const Typed* Record::find(std::string_view field) const {
    const FieldSpec* spec = schema->find(field);
    if (!spec) return nullptr;
    const std::optional<Typed>& value = values.at(schema->index_of(*spec));
    return value ? &*value : nullptr;
}

inline bool Record::is_complete() const {
    return std::all_of(values.begin(), values.end(), [](const auto& value) { return value.has_value(); });
}

}  // namespace nyx::check
