#include "compiler/check/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/meant.h"

namespace nyx::check {

using diagnostics::Code;
using script::Setting;

namespace {

// A builder call has no field name of its own; the call stands for it.
Span name_span(const Setting& setting) {
    return setting.name_where.known() ? setting.name_where : setting.where;
}

std::vector<std::string> field_names(const Schema& schema) {
    std::vector<std::string> names;
    for (const FieldSpec& field : schema.fields) names.push_back(field.name);
    return names;
}

// `kernel = "…"` beside the fields, where it is an argument of what the field holds: that choice, `linux`.
const Schema* choice_with(const FieldSpec& field, const std::string& argument, const Schemas& schemas) {
    if (field.type.kind != TypeKind::kFamily) return nullptr;
    const Schema* usual = schemas.member(field.type.family, "linux");
    if (usual && usual->find(argument)) return usual;
    for (const Schema* choice : schemas.members(field.type.family)) {
        if (choice->find(argument)) return choice;
    }
    return nullptr;
}

// A setting of no field was meant for this one, so the field's value is not known.
bool is_misspelt(const Block& block, const Schema& schema, const FieldSpec& field, const Schemas& schemas) {
    for (const Level& level : block.levels) {
        for (const Setting& setting : *level.settings) {
            if (schema.find(setting.name)) continue;
            if (choice_with(field, setting.name, schemas)) return true;
            if (meant_field(setting.name, field_names(schema)) == field.name) return true;
        }
    }
    return false;
}

const FieldSpec* field_with_argument(const Schema& schema, const std::string& argument, const Schemas& schemas) {
    auto found = std::find_if(schema.fields.begin(), schema.fields.end(),
                              [&](const FieldSpec& field) { return choice_with(field, argument, schemas) != nullptr; });
    return found == schema.fields.end() ? nullptr : &*found;
}

// What counts: the first of the last level that sets it.
const Setting* effective(const Block& block, const Schema& schema, const FieldSpec& field) {
    for (auto level = block.levels.rbegin(); level != block.levels.rend(); ++level) {
        const Settings& all = *level->settings;
        auto found =
            std::find_if(all.begin(), all.end(), [&](const Setting& s) { return schema.find(s.name) == &field; });
        if (found != all.end()) return &*found;
    }
    return nullptr;
}

// Of several arguments that stand beside the fields one can become the field; the others are then its arguments.
bool is_first_part(const Block& block, const Setting& setting, const FieldSpec& field, const Schemas& schemas) {
    const Settings& own = *block.levels.back().settings;
    auto first = std::find_if(own.begin(), own.end(),
                              [&](const Setting& s) { return choice_with(field, s.name, schemas) != nullptr; });
    return first != own.end() && first->name_where == setting.name_where;
}

void report_unknown(const Setting& setting, const Block& block, const Schema& schema, const Schemas& schemas,
                    diagnostics::Sink& sink) {
    std::vector<std::string> names = field_names(schema);
    auto& finding = sink.report(Code::kUnknownField, name_span(setting),
                                fmt::format("{} has no field `{}`", block.text, setting.name));
    if (const FieldSpec* field = field_with_argument(schema, setting.name, schemas)) {
        std::string start =
            fmt::format("{} = {}({}: ", field->name, choice_with(*field, setting.name, schemas)->name, setting.name);
        finding.help(fmt::format("it is said with `{}`: `{}…)`", field->name, start));
        bool is_set = effective(block, schema, *field) != nullptr;
        if (setting.name_where.known() && !is_set && is_first_part(block, setting, *field, schemas)) {
            Span before = {setting.where.file, setting.name_where.begin, setting.where.begin};
            Span after = {setting.where.file, setting.where.end, setting.where.end};
            finding.fix({fmt::format("say it with `{}`", field->name),
                         diagnostics::Applicability::kMaybeIncorrect,
                         {{before, start}, {after, ")"}}});
        }
    } else if (auto near = meant_field(setting.name, names)) {
        finding.help(fmt::format("did you mean `{}`?", *near));
        if (setting.name_where.known())
            finding.fix(fmt::format("replace by `{}`", *near), diagnostics::Applicability::kMaybeIncorrect,
                        setting.name_where, *near);
    }
    finding.note(names.empty() ? fmt::format("`{}` has no fields", schema.name)
                               : fmt::format("the fields of `{}` are: {}", schema.name, fmt::join(names, ", ")));
}

// With its line where nothing else stands there, else with the `;` in front of it or behind it.
Span whole_line(const source::SourceMap& sources, Span statement) {
    const std::string& text = sources.file(statement.file).text;
    std::size_t begin = text.find_last_not_of(" \t", statement.begin - 1);
    std::size_t end = text.find_first_not_of(" \t\r", statement.end);
    bool alone = begin != std::string::npos && text[begin] == '\n' && (end == std::string::npos || text[end] == '\n');
    if (alone) {
        std::size_t last = begin > 0 && text[begin - 1] == '\r' ? begin - 1 : begin;
        return {statement.file, static_cast<std::uint32_t>(last),
                static_cast<std::uint32_t>(std::min(text.find_last_not_of('\r', end - 1) + 1, text.size()))};
    }
    if (text[begin] == ';') return {statement.file, static_cast<std::uint32_t>(begin), statement.end};
    if (end != std::string::npos && text[end] == ';')
        return {statement.file, statement.begin, static_cast<std::uint32_t>(text.find_first_not_of(' ', end + 1))};
    return statement;
}

void check_names(const Block& block, const Schema& schema, const Schemas& schemas, const source::SourceMap& sources,
                 diagnostics::Sink& sink) {
    const Settings& own = *block.levels.back().settings;
    for (auto setting = own.begin(); setting != own.end(); ++setting) {
        const FieldSpec* field = schema.find(setting->name);
        auto first = std::find_if(own.begin(), setting, [&](const Setting& s) {
            return s.name == setting->name || (field && schema.find(s.name) == field);
        });
        if (const Deprecation* deprecation = schema.deprecation(setting->name))
            report_deprecated(setting->name, *deprecation, setting->name_where, sources, sink);
        if (!field) {
            if (first == setting) report_unknown(*setting, block, schema, schemas, sink);
        } else if (first != setting) {
            sink.report(Code::kSetTwice, name_span(*setting), fmt::format("`{}` is set twice", setting->name),
                        "set again here")
                .label(name_span(*first), "first set here")
                .help("remove one of the two")
                .fix("remove this one", diagnostics::Applicability::kMaybeIncorrect,
                     whole_line(sources, join(name_span(*setting), setting->where)), "");
        }
    }
}

// A line at the beginning of the block, for the author to fill in.
void offer_field(diagnostics::Diagnostic& finding, const Block& block, const FieldSpec& field, Typer& typer) {
    if (!block.where.known()) return;
    const std::string& text = typer.sources().file(block.where.file).text;
    std::size_t brace = text.find_first_of("{\n", block.where.end);
    if (brace == std::string::npos || text[brace] != '{') return;
    std::size_t line = text.rfind('\n', block.where.begin) + 1;
    std::size_t indent = text.find_first_not_of(' ', line) - line + 4;
    auto at = static_cast<std::uint32_t>(brace + 1);
    bool boot = field.type.kind == TypeKind::kFamily && typer.schemas().member(field.type.family, "linux");
    finding.fix(
        fmt::format("give `{}` a value", field.name), diagnostics::Applicability::kHasPlaceholders,
        {block.where.file, at, at},
        fmt::format("\n{}{} = {}", std::string(indent, ' '), field.name, boot ? "linux(kernel: \"vmlinuz\")" : "…"));
}

std::optional<Typed> type_field(const Block& block, const Schema& schema, const FieldSpec& field, Typer& typer,
                                diagnostics::Sink& sink) {
    if (const Setting* setting = effective(block, schema, field)) {
        return typer.type(setting->value, field.type,
                          {field.name, setting->where, setting->name_where, &setting->parts});
    }
    if (block.is_incomplete || is_misspelt(block, schema, field, typer.schemas())) return std::nullopt;
    if (!field.is_required()) return typer.default_of(field);
    if (!block.is_template) {
        auto& finding = sink.report(Code::kMissingValue, block.where,
                                    fmt::format("{} needs a value for `{}`", block.text, field.name))
                            .note(fmt::format("{}: {}", field.name, field.doc));
        offer_field(finding, block, field, typer);
    }
    return std::nullopt;
}

// `auto` alone means the choice that the declaration has. A fixed one may be among them, and then others that follow it
// have theirs: COM2's port brings COM2's line.
void complete_auto(const FieldSpec& field, std::optional<Typed>& value, Typer& typer) {
    auto* placement = value ? std::get_if<Placement>(&value->value) : nullptr;
    if (!placement || !placement->candidates.empty() || !field.default_value) return;
    std::optional<Typed> usual = typer.default_of(field);
    const auto* choice = usual ? usual->get<Placement>() : nullptr;
    if (!choice) return;
    if (placement->fixed) {
        placement->candidates = choice->candidates;
    } else {
        value->value = *choice;
    }
}

}  // namespace

Record type_fields(const Block& block, const Schema& schema, Typer& typer, diagnostics::Sink& sink) {
    check_names(block, schema, typer.schemas(), typer.sources(), sink);
    Record record{&schema, {}};
    for (const FieldSpec& field : schema.fields) {
        std::optional<Typed> value = type_field(block, schema, field, typer, sink);
        complete_auto(field, value, typer);
        record.values.push_back(std::move(value));
    }
    return record;
}

}  // namespace nyx::check
