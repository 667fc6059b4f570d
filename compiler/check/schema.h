// The declarations of stdlib as data: what fields a machine, a device, a boot protocol have, and of which types.
//
// Everything that nyxc knows about a field comes from here. Immutable once load_schemas() has returned; the default
// values live in the heap that it was given.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/deprecation.h"
#include "runtime/base/span.h"
#include "runtime/script/value.h"

namespace nyx::check {

enum class TypeKind : std::uint8_t {
    kBool,
    kInt,
    kFloat,
    kSize,
    kTime,
    kRate,
    kFrequency,
    kString,
    kImage,   // a file, named relative to the source file
    kName,    // of a machine: `web`, or a text
    kOneOf,   // one of `choices`
    kList,    // of `element`
    kMap,     // names to `element`
    kFamily,  // a record of a schema that derives from `family`: `linux(kernel: …)`
    kIoport,  // an address or line: `extent` ports, bytes; see ResourceRequest
    kMmio,
    kGsi,
};

struct FieldType {
    TypeKind kind = TypeKind::kBool;
    bool nullable = false;  // T?
    bool host = false;      // host<T>: how the host serves the device; never part of the plan
    // Of numbers, in base units; both ends are allowed. (value - min) is a multiple of step.
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::int64_t step = 1;
    std::vector<std::string> choices;
    std::map<std::string, Deprecation, std::less<>> deprecated;  // choices, and former names of choices
    std::string family;
    std::vector<FieldType> element;  // one, or none
    std::uint64_t extent = 1;
    std::uint64_t alignment = 1;

    bool is_resource() const { return kind >= TypeKind::kIoport; }
};

struct FieldSpec {
    std::string name;
    std::string doc;
    FieldType type;
    Span where;  // the declaration, with its default
    std::optional<script::Value> default_value;
    std::optional<Deprecation> deprecated;

    bool is_required() const { return !default_value && !type.nullable; }
};

struct Schema {
    std::string name;
    std::string base;  // empty: none
    std::string doc;
    Span where;
    std::vector<FieldSpec> fields;  // the base's first
    bool is_abstract = false;       // others derive from it, so it is a family and not itself a thing
    std::map<std::string, Deprecation, std::less<>> former;  // names of fields
    std::optional<Deprecation> deprecated;                   // with a name of today it only stands for that one

    // By its name or a former one.
    const FieldSpec* find(std::string_view field) const;
    // Of a field or a former name; null: it is none, or as recommended as ever.
    const Deprecation* deprecation(std::string_view field) const;
    std::size_t index_of(const FieldSpec& field) const { return static_cast<std::size_t>(&field - fields.data()); }
};

class Schemas {
  public:
    const Schema* find(std::string_view name) const;
    bool derives(const Schema& schema, std::string_view family) const;
    // The schema of that name, or that has it as a former one, if it is a thing of that family; null otherwise.
    const Schema* member(std::string_view family, std::string_view name) const;
    // Of the schema of that name itself; null: there is none.
    const Deprecation* deprecation(std::string_view name) const;
    // All things of a family, by name, without former names.
    std::vector<const Schema*> members(std::string_view family) const;
    std::vector<std::string> member_names(std::string_view family) const;

    std::map<std::string, Schema, std::less<>> all;
};

// "a size", "a whole number from 1 to 255", "one of real16, protected32, long64".
std::string type_text(const FieldType& type, const Schemas& schemas);
// A number of a quantity type as the author would write it: "128 MiB"; of others the number.
std::string number_text(TypeKind kind, std::int64_t value);

}  // namespace nyx::check
