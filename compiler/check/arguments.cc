// Arguments of a record, `linux(kernel: "vmlinuz")`, against the fields of its schema.
#include <fmt/format.h>

#include "compiler/check/meant.h"
#include "compiler/check/typer.h"

namespace nyx::check {

using diagnostics::Code;
using Given = script::Record::Field;

namespace {

std::vector<std::string> field_names(const Schema& schema) {
    std::vector<std::string> names;
    for (const FieldSpec& field : schema.fields) names.push_back(field.name);
    return names;
}

Span place_of(const Given& given) {
    return given.name_where.known() ? join(given.name_where, given.where) : given.where;
}

}  // namespace

std::optional<Record> Typer::arguments(const script::Record* given, const Schema& schema, const Subject& subject) {
    std::vector<const Given*> assigned(schema.fields.size(), nullptr);
    bool complete = !given || assign_arguments(*given, schema, assigned);
    Record record{&schema, {}};
    for (std::size_t i = 0; i < assigned.size(); ++i) {
        const FieldSpec& field = schema.fields[i];
        std::optional<Typed> value;
        if (assigned[i]) {
            value = type(assigned[i]->value, field.type, {field.name, assigned[i]->where, assigned[i]->name_where});
        } else if (!field.is_required()) {
            value = default_of(field);
        } else if (complete) {
            Span where = given ? given->name_where : subject.where;
            auto& finding =
                sink_.report(Code::kMissingValue, where, fmt::format("`{}` needs `{}`", schema.name, field.name))
                    .note(fmt::format("{}: {}", field.name, field.doc));
            if (given && given->fields.empty())
                finding.fix(fmt::format("give it `{}`", field.name), diagnostics::Applicability::kHasPlaceholders,
                            {where.file, where.end, std::max(where.end, subject.where.end)},
                            fmt::format("({}: …)", field.name));
        }
        complete = complete && value;
        record.values.push_back(std::move(value));
    }
    return complete ? std::optional(std::move(record)) : std::nullopt;
}

// Positional arguments take the fields in their order. False after a diagnostic.
bool Typer::assign_arguments(const script::Record& given, const Schema& schema, std::vector<const Given*>& assigned) {
    bool complete = true;
    std::size_t position = 0;
    for (const Given& argument : given.fields) {
        const FieldSpec* field = nullptr;
        if (!argument.name.empty()) {
            field = schema.find(argument.name);
            if (const Deprecation* deprecation = schema.deprecation(argument.name))
                report_deprecated(argument.name, *deprecation, argument.name_where, sources_, sink_);
        } else if (position < schema.fields.size()) {
            field = &schema.fields[position++];
        }
        if (!field) {
            unknown_argument(argument, schema);
            complete = false;
            continue;
        }
        const Given*& slot = assigned[schema.index_of(*field)];
        if (slot) {
            sink_
                .report(Code::kSetTwice, place_of(argument), fmt::format("`{}` is given twice", field->name),
                        "given again")
                .label(place_of(*slot), "given first");
            complete = false;
        }
        slot = &argument;
    }
    return complete;
}

void Typer::unknown_argument(const Given& argument, const Schema& schema) {
    std::vector<std::string> names = field_names(schema);
    if (argument.name.empty()) {
        sink_.report(Code::kUnknownArgument, argument.where,
                     fmt::format("`{}` takes {} argument{}", schema.name, names.size(), names.size() == 1 ? "" : "s"),
                     "one too many");
        return;
    }
    auto& finding = sink_.report(Code::kUnknownArgument, argument.name_where,
                                 fmt::format("`{}` takes no argument `{}`", schema.name, argument.name));
    if (auto near = meant_field(argument.name, names)) {
        finding.help(fmt::format("did you mean `{}`?", *near))
            .fix({fmt::format("replace by `{}`", *near),
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{argument.name_where, *near}}});
    }
    if (!names.empty()) finding.note(fmt::format("it takes: {}", fmt::join(names, ", ")));
}

}  // namespace nyx::check
