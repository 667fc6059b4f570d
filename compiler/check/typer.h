// Types one value against one field's declaration, or says what is wrong with it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compiler/check/schema.h"
#include "compiler/check/typed.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "runtime/script/machine_config.h"

namespace nyx::check {

// What a value is for: the field that messages name, and the places.
struct Subject {
    std::string name;
    Span where;                                        // the value as written
    Span name_where;                                   // the field's name as written; may be unknown
    const std::vector<script::Note>* parts = nullptr;  // of the expression that gave it; null: not known
};

// Not thread-safe. What it refers to must outlive it.
class Typer {
  public:
    Typer(const Schemas& schemas, const source::SourceMap& sources, diagnostics::Sink& sink)
        : schemas_(schemas), sources_(sources), sink_(sink) {}

    const Schemas& schemas() const { return schemas_; }
    // Nothing after a diagnostic.
    std::optional<Typed> type(const script::Value& value, const FieldType& type, const Subject& subject);
    // The default of a field; where is its declaration. The field has one or is nullable.
    std::optional<Typed> default_of(const FieldSpec& field);
    // A value set in stdlib (by a board) counts as a default.
    const source::SourceMap& sources() const { return sources_; }
    bool is_stdlib(Span where) const { return where.known() && sources_.file(where.file).is_stdlib; }

  private:
    using Outcome = std::optional<Typed>;

    Outcome boolean(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome number(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome text(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome image(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome name(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome choice(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome list(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome map(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome record(const script::Value& value, const FieldType& type, const Subject& subject);
    Outcome placement(const script::Value& value, const FieldType& type, const Subject& subject);

    std::optional<Record> arguments(const script::Record* given, const Schema& schema, const Subject& subject);
    bool assign_arguments(const script::Record& given, const Schema& schema,
                          std::vector<const script::Record::Field*>& assigned);
    void unknown_argument(const script::Record::Field& argument, const Schema& schema);
    std::nullopt_t wrong_type(const script::Value& value, const FieldType& type, const Subject& subject);
    std::nullopt_t wrong_unit(const script::Value& value, const FieldType& type, const Subject& subject);
    std::nullopt_t out_of_range(std::int64_t value, const FieldType& type, const Subject& subject);
    std::nullopt_t unknown_choice(const std::string& name, const std::vector<std::string>& choices, Span where,
                                  const Subject& subject);
    Typed made(const Subject& subject) const;

    const Schemas& schemas_;
    const source::SourceMap& sources_;
    diagnostics::Sink& sink_;
};

}  // namespace nyx::check
