// Reading typed fields by name, for the code that gives them a meaning.
#pragma once

#include <fmt/format.h>

#include <optional>

#include "compiler/check/typed.h"
#include "compiler/diagnostics/diagnostic.h"

namespace nyx::check {

// Collects whether everything that was asked for was there. A field that the schema does not have, or has with another
// type, is a mistake of the schema and reported; a value that is absent was reported when it was typed.
class Consumer {
  public:
    Consumer(const Record& record, diagnostics::Sink& sink) : record_(record), sink_(sink) {}

    template <class T>
    model::Sourced<T> take(std::string_view field) {
        std::optional<model::Sourced<T>> value = take_if<T>(field);
        if (!value) ok_ = false;
        return value.value_or(model::Sourced<T>{});
    }

    // Nothing where the value is null.
    template <class T>
    std::optional<model::Sourced<T>> take_if(std::string_view field) {
        const Typed* typed = find(field);
        if (!typed || typed->is_null()) return std::nullopt;
        const T* value = typed->get<T>();
        if (!value) {
            report(field);
            return std::nullopt;
        }
        return model::Sourced<T>{*value, typed->where, typed->is_default};
    }

    // An int, size or time as another number type; the schema's range keeps it in bounds, and is held to that here.
    template <class T>
    model::Sourced<T> take_number(std::string_view field) {
        auto number = take<std::int64_t>(field);
        if (!std::in_range<T>(number.value)) report(field);
        return {static_cast<T>(number.value), number.where, number.is_default};
    }

    bool ok() const { return ok_; }

  private:
    const Typed* find(std::string_view field) {
        if (!record_.schema->find(field)) report(field);
        const Typed* typed = record_.find(field);
        if (!typed) ok_ = false;
        return typed;
    }

    void report(std::string_view field) {
        ok_ = false;
        sink_.report(
            diagnostics::Code::kBadSchema, record_.schema->where,
            fmt::format("schema {} does not declare `{}` as this nyxc understands it", record_.schema->name, field));
    }

    const Record& record_;
    diagnostics::Sink& sink_;
    bool ok_ = true;
};

}  // namespace nyx::check
