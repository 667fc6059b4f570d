// What the schemas of stdlib declare: fields, types of devices, values.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/lsp/completion.h"
#include "compiler/lsp/schema_text.h"
#include "compiler/syntax/words.h"

namespace nyx::lsp {

using check::FieldSpec;
using check::FieldType;
using check::Schema;
using check::TypeKind;
using nlohmann::json;
using syntax::WordKind;

namespace {

constexpr char kLast = 'z';

const check::Schemas* schemas_of(const Completion& at) {
    return at.request.workspace.stdlib().schemas;
}

// The names that are set with `name =` in the block around, before and behind the place.
std::set<std::string> set_in_block(const Completion& at, const Block& block) {
    std::set<std::string> names;
    diagnostics::Sink ignored;
    std::string_view text = at.text();
    int depth = 0;
    std::string last;
    for (const syntax::Word& word : syntax::words(text, 0, ignored)) {
        if (word.begin < block.begin || word.begin == word.end) continue;
        std::string_view written = text.substr(word.begin, word.end - word.begin);
        bool here = depth == 0;
        if (written == "{" || written == "(" || written == "[") ++depth;
        if ((written == "}" || written == ")" || written == "]") && depth-- == 0) break;
        if (here && written == "=" && !last.empty()) names.insert(last);
        last = here && word.kind == WordKind::kName ? std::string(written) : std::string();
    }
    return names;
}

std::string field_snippet(const FieldSpec& field, const char* assign) {
    const FieldType& type = field.type;
    if (type.kind == TypeKind::kImage || type.kind == TypeKind::kString)
        return fmt::format("{}{}\"$1\"$0", field.name, assign);
    return fmt::format("{}{}$0", field.name, assign);
}

void add_field(const Completion& at, const Schema& schema, const FieldSpec& field, const char* assign) {
    const Library& library = at.request.workspace.stdlib();
    at.items.add({.label = field.name,
                  .kind = ItemKind::kProperty,
                  .detail = field_summary(field, library),
                  .text = field.name + assign,
                  .snippet = field_snippet(field, assign),
                  .deprecated = field.deprecated.has_value(),
                  .rank = field.deprecated      ? kLast
                          : field.is_required() ? '0'
                                                : '1',
                  .data = {{"schema", schema.name}, {"field", field.name}}});
}

// What is written with a former name is the name of today.
void add_former(const Completion& at, const std::string& name, const check::Deprecation& deprecation, ItemKind kind,
                const std::string& text) {
    at.items.add({.label = name,
                  .kind = kind,
                  .detail = "deprecated " + deprecation.text(),
                  .text = text,
                  .deprecated = true,
                  .rank = kLast});
}

void add_former_fields(const Completion& at, const Schema& schema, const char* assign) {
    for (const auto& [name, deprecation] : schema.former)
        add_former(at, name, deprecation, ItemKind::kProperty, deprecation.use + assign);
}

// `linux(kernel: "…")`: with what has to be given.
std::string record_snippet(const Schema& schema) {
    std::string text = schema.name;
    int stop = 0;
    for (const FieldSpec& field : schema.fields) {
        if (!field.is_required()) continue;
        bool quoted = field.type.kind == TypeKind::kImage || field.type.kind == TypeKind::kString;
        text += fmt::format("{}{}: {}", stop == 0 ? "(" : ", ", field.name,
                            quoted ? fmt::format("\"${}\"", stop + 1) : fmt::format("${}", stop + 1));
        ++stop;
    }
    if (stop > 0) return text + ")$0";
    return schema.fields.empty() ? text : text;
}

void complete_family(const Completion& at, const FieldType& type) {
    for (const Schema* member : schemas_of(at)->members(type.family)) {
        bool arguments = std::any_of(member->fields.begin(), member->fields.end(),
                                     [](const FieldSpec& f) { return f.is_required(); });
        at.items.add({.label = member->name,
                      .kind = ItemKind::kEnumMember,
                      .detail = schema_line(*member, at.request.workspace.stdlib()),
                      .text = arguments ? member->name + "(" : member->name,
                      .snippet = record_snippet(*member),
                      .rank = '0',
                      .data = {{"schema", member->name}}});
    }
}

const Schema* record_around(const Completion& at) {
    const auto& call = at.cursor.call;
    const Block* block = at.cursor.block();
    bool declares = block && (block->kind == Block::Kind::kMachine || block->kind == Block::Kind::kDevice);
    const check::Schemas* schemas = schemas_of(at);
    if (!declares || !call || call->is_member || !schemas) return nullptr;
    const Schema* schema = schemas->find(call->callee);
    if (!schema || schema->is_abstract || (schema->base.empty() && !call->is_device)) return nullptr;
    return schema;
}

}  // namespace

const Schema* schema_of(const Completion& at, const Block* block) {
    const check::Schemas* schemas = schemas_of(at);
    if (!schemas || !block) return nullptr;
    if (block->kind == Block::Kind::kMachine) return schemas->find("machine");
    return block->kind == Block::Kind::kDevice ? schemas->member("device", block->type) : nullptr;
}

void complete_fields(const Completion& at, std::string_view name) {
    const Schema* schema = schemas_of(at)->find(name);
    const Block* block = at.cursor.block();
    if (!schema || !block) return;
    std::set<std::string> set = set_in_block(at, *block);
    for (const FieldSpec& field : schema->fields) {
        if (!set.contains(field.name)) add_field(at, *schema, field, " = ");
    }
    add_former_fields(at, *schema, " = ");
}

void complete_device_types(const Completion& at, bool with_name) {
    const check::Schemas* schemas = schemas_of(at);
    if (!schemas) return;
    for (const Schema* type : schemas->members("device")) {
        // Of a single one the board's own is meant where it has no name.
        bool single = schemas->derives(*type, "single");
        std::string name = single ? "" : fmt::format(" ${{1:{}1}}", type->name == "serial" ? "com" : type->name);
        at.items.add(
            {.label = type->name,
             .kind = ItemKind::kStruct,
             .detail = schema_line(*type, at.request.workspace.stdlib()),
             .text = type->name,
             .snippet = with_name ? fmt::format("{}{} {{ $0 }}", type->name, name) : fmt::format("{}($0)", type->name),
             .deprecated = type->deprecated.has_value(),
             .rank = type->deprecated ? kLast : '2',
             .data = {{"schema", type->name}}});
    }
    for (const auto& [name, schema] : schemas->all) {
        const Schema* today = schemas->member("device", name);
        if (today && today != &schema) add_former(at, name, *schema.deprecated, ItemKind::kStruct, today->name);
    }
}

bool complete_record(const Completion& at) {
    const Schema* schema = record_around(at);
    if (!schema || !at.cursor.call->name.empty()) return false;
    const auto& given = at.cursor.call->named;
    for (const FieldSpec& field : schema->fields) {
        bool known = std::find(given.begin(), given.end(), field.name) != given.end();
        if (!known) add_field(at, *schema, field, at.cursor.call->is_device ? " = " : ": ");
    }
    add_former_fields(at, *schema, at.cursor.call->is_device ? " = " : ": ");
    return true;
}

const FieldSpec* field_at(const Completion& at) {
    if (const Schema* record = record_around(at)) {
        if (!at.cursor.call->name.empty()) return record->find(at.cursor.call->name);
        // Arguments without a name come in the order of the fields.
        return at.cursor.call->argument < record->fields.size() ? &record->fields[at.cursor.call->argument] : nullptr;
    }
    const Schema* schema = at.cursor.field.empty() || at.cursor.call ? nullptr : schema_of(at, at.cursor.block());
    return schema ? schema->find(at.cursor.field) : nullptr;
}

void complete_value(const Completion& at, const FieldType& type) {
    auto value = [&](std::string label, std::string detail = {}) {
        at.items.add(
            {.label = std::move(label), .kind = ItemKind::kEnumMember, .detail = std::move(detail), .rank = '0'});
    };
    if (type.kind == TypeKind::kBool) {
        value("true");
        value("false");
    }
    for (const std::string& choice : type.choices) {
        if (!type.deprecated.contains(choice)) value(choice);
    }
    for (const auto& [choice, deprecation] : type.deprecated)
        add_former(at, choice, deprecation, ItemKind::kEnumMember,
                   deprecation.is_former_name() ? deprecation.use : choice);
    if (type.kind == TypeKind::kFamily) complete_family(at, type);
    if (type.is_resource()) value("auto", "the first that is free");
    if (type.nullable) value("null", "left open");
    for (const FieldType& element : type.element) complete_value(at, element);
}

}  // namespace nyx::lsp
