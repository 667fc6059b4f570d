// Devices, boot protocols, backends, processor profiles: what the library declares, field by field.
#include <fmt/format.h>

#include <limits>

#include "compiler/doc/html.h"
#include "compiler/doc/pages.h"
#include "compiler/doc/prose.h"
#include "compiler/doc/register_tables.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::doc {

using check::FieldSpec;
using check::FieldType;
using check::TypeKind;

namespace {

bool is_quantity(TypeKind kind) {
    return kind == TypeKind::kSize || kind == TypeKind::kTime || kind == TypeKind::kRate ||
           kind == TypeKind::kFrequency;
}

// "from 4 KiB to 256 TiB, in steps of …"
std::string range_text(const FieldType& type) {
    bool has_range = type.max != std::numeric_limits<std::int64_t>::max();
    if (!has_range || (type.kind != TypeKind::kInt && !is_quantity(type.kind))) return {};
    std::string text =
        fmt::format("from {} to {}", check::number_text(type.kind, type.min), check::number_text(type.kind, type.max));
    if (type.step > 1) text += fmt::format(", in steps of {}", check::number_text(type.kind, type.step));
    return text;
}

std::string type_cell(const Context& context, const FieldSpec& field, const check::Schemas& schemas) {
    const FieldType& type = field.type;
    FieldType plain;  // its range is said below
    plain.kind = type.kind;
    bool is_number = is_quantity(type.kind) || type.kind == TypeKind::kInt;
    std::string text = escaped(check::type_text(is_number ? plain : type, schemas));
    if (type.kind == TypeKind::kFamily)
        text = fmt::format("<code>{}</code>: {}", code(context, type.family),
                           code(context, check::type_text(type, schemas).substr(7)));
    if (type.kind == TypeKind::kIoport) text += fmt::format("; {} port{}", type.extent, type.extent == 1 ? "" : "s");
    if (type.kind == TypeKind::kMmio) text += fmt::format("; {} bytes", type.extent);
    if (std::string range = range_text(type); !range.empty()) text += ", " + escaped(range);
    if (type.nullable) text += ", or <code>null</code>";
    return text;
}

// `name: type = default` → the default, as the library writes it.
std::string default_cell(const Context& context, const FieldSpec& field) {
    if (field.is_required()) return "must be set";
    if (!field.default_value) return "<code>null</code>";
    std::string_view text = context.sources.text(field.where);
    std::size_t equals = text.rfind(" = ");
    return equals == std::string_view::npos ? ""
                                            : fmt::format("<code>{}</code>", code(context, text.substr(equals + 3)));
}

std::string example(const check::Schema& schema, bool is_device) {
    std::string required;
    for (const FieldSpec& field : schema.fields) {
        if (!field.is_required()) continue;
        required += fmt::format("{}{}{}",
                                required.empty() ? ""
                                : is_device      ? "; "
                                                 : ", ",
                                field.name, is_device ? " = …" : ": …");
    }
    if (is_device) return fmt::format("{0} {0} {{{1}}}", schema.name, required.empty() ? " " : " " + required + " ");
    return required.empty() ? schema.name : fmt::format("{}({})", schema.name, required);
}

std::string deprecation_cell(const Context& context, const check::Deprecation& deprecation) {
    return fmt::format("<strong>Deprecated</strong> {}", inline_prose(context, deprecation.text()));
}

std::string field_cell(const Context& context, const FieldSpec& field) {
    std::string doc = inline_prose(context, field.doc);
    if (field.type.host) doc += " <span class=\"kind\">host</span>";
    if (field.deprecated) doc = deprecation_cell(context, *field.deprecated) + ". " + doc;
    for (const auto& [choice, deprecation] : field.type.deprecated)
        doc += fmt::format(" <code>{}</code>: {}.", escaped(choice), deprecation_cell(context, deprecation));
    return doc;
}

}  // namespace

std::string schema_body(const Context& context, const Entry& entry, const check::Schemas& schemas) {
    const auto* device = ast::try_as<ast::DeviceDecl>(entry.node);
    const Span place = device ? device->name.span : ast::as<ast::SchemaDecl>(*entry.node).name.span;
    std::string out = heading(context, entry);
    const check::Schema* schema = entry.schema;
    if (!schema) return out + declared_in(context, entry, place);
    if (schema->deprecated) out += fmt::format("<p>{}.</p>\n", deprecation_cell(context, *schema->deprecated));
    if (!schema->base.empty()) out += fmt::format("<p>Is a <code>{}</code>.</p>\n", code(context, schema->base));
    if (!schema->is_abstract && entry.name != "machine")
        out += code_block(context, example(*schema, entry.kind == Kind::kDevice));
    Table fields("Fields", {"Name", "Takes", "Default", "Is"});
    for (const FieldSpec& field : schema->fields) {
        fields.row(field.name, {escaped(field.name), type_cell(context, field, schemas), default_cell(context, field),
                                field_cell(context, field)});
    }
    for (const auto& [name, deprecation] : schema->former)
        fields.row(name, {escaped(name), "", "", deprecation_cell(context, deprecation)});
    out += fields.text();
    Table members("Members", {"Name", "Is"});
    for (const check::Schema* one : schemas.members(entry.name))
        members.row("", {fmt::format("<code>{}</code>", code(context, one->name)),
                         inline_prose(context, Entries::summary(one->doc))});
    out += members.text();
    if (device) out += register_tables(context, *device);
    return out + declared_in(context, entry, place);
}

}  // namespace nyx::doc
