#include "compiler/lsp/schema_text.h"

#include <fmt/format.h>

#include <limits>

namespace nyx::lsp {

using check::FieldSpec;
using check::Schema;
using check::TypeKind;

namespace {

// type_text() says the range of whole numbers itself.
std::string range_text(const check::FieldType& type) {
    bool bounded =
        type.min != std::numeric_limits<std::int64_t>::min() && type.max != std::numeric_limits<std::int64_t>::max();
    if (!bounded || type.kind == TypeKind::kInt) return {};
    return fmt::format(" ({} to {})", check::number_text(type.kind, type.min), check::number_text(type.kind, type.max));
}

std::string deprecation_text(const std::optional<check::Deprecation>& deprecation) {
    return deprecation ? fmt::format("**Deprecated** {}\n\n", deprecation->text()) : std::string();
}

}  // namespace

std::string default_text(const FieldSpec& field, const Library& library) {
    if (!field.default_value || !field.where.known() || !library.sources) return {};
    std::string_view written = library.sources->text(field.where);
    std::size_t assign = written.find('=');
    if (assign == std::string_view::npos) return {};
    written.remove_prefix(assign + 1);
    while (written.starts_with(' ')) written.remove_prefix(1);
    return std::string(written);
}

std::string field_summary(const FieldSpec& field, const Library& library) {
    std::string text = check::type_text(field.type, *library.schemas) + range_text(field.type);
    std::string value = default_text(field, library);
    if (!value.empty()) return text + " = " + value;
    return field.is_required() ? text + ", required" : text;
}

std::string schema_line(const Schema& schema, const Library&) {
    std::string text = schema.name + "(";
    for (const FieldSpec& field : schema.fields) {
        if (!text.ends_with('(')) text += ", ";
        text += field.name + (field.is_required() ? "" : "?");
    }
    return schema.fields.empty() ? schema.name : text + ")";
}

std::string field_page(const Schema& schema, const FieldSpec& field, const Library& library) {
    return fmt::format("```nyx\n{}.{}\n```\n{}\n\n{}{}", schema.name, field.name, field_summary(field, library),
                       deprecation_text(field.deprecated), field.doc);
}

std::string schema_page(const Schema& schema, const Library& library) {
    std::string text = fmt::format("```nyx\n{}\n```\n{}{}\n", schema_line(schema, library),
                                   deprecation_text(schema.deprecated), schema.doc);
    for (const FieldSpec& field : schema.fields)
        text += fmt::format("\n- `{}`: {}", field.name, field_summary(field, library));
    return text;
}

}  // namespace nyx::lsp
