// What the typer says about a value that does not fit.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/meant.h"
#include "compiler/check/origins.h"
#include "compiler/check/typer.h"
#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/syntax/keywords.h"

namespace nyx::check {

using diagnostics::Code;
using script::Type;
using script::Value;
// ------------------------------------------------------------------------------------------------------

namespace {

bool is_address(TypeKind kind) {
    return kind == TypeKind::kIoport || kind == TypeKind::kMmio || kind == TypeKind::kGsi;
}

void offer_number(diagnostics::Diagnostic& finding, const std::string& text, Span where) {
    std::string meant = number_in_quotes(text);
    if (!meant.empty())
        finding.fix(fmt::format("write `{}`", meant), diagnostics::Applicability::kMachineApplicable, where, meant);
}

// True, yes, on, "1" …
void offer_truth(diagnostics::Diagnostic& finding, std::string_view written, Span where) {
    std::string_view meant = written == "true" || written == "1"    ? "true"
                             : written == "false" || written == "0" ? "false"
                                                                    : syntax::value_meant(written);
    if (meant == "true" || meant == "false")
        finding.fix(fmt::format("write `{}`", meant), diagnostics::Applicability::kMachineApplicable, where,
                    std::string(meant));
}

// Whoever wrote `memory = n * 1 KiB` wants to know what n was.
void show_parts(const Subject& subject, const source::SourceMap& sources, diagnostics::Diagnostic& finding) {
    constexpr std::size_t kMost = 4;
    if (!subject.parts) return;
    std::size_t shown = 0;
    for (const model::OriginPart& part : parts_of(*subject.parts)) {
        if (part.where == subject.where || shown++ == kMost) continue;
        finding.note(fmt::format("`{}` is {}", sources.text(part.where), part.value));
    }
}

}  // namespace

namespace {

// One thing where a list of such is wanted.
bool could_be_element(const Value& value, const FieldType& element) {
    bool is_name = value.is(Type::kSymbol) && (element.kind == TypeKind::kName || element.kind == TypeKind::kOneOf);
    return is_name || (value.is(Type::kRecord) && element.kind == TypeKind::kFamily) ||
           (value.is(Type::kString) && (element.kind == TypeKind::kString || element.kind == TypeKind::kImage));
}

void offer_brackets(diagnostics::Diagnostic& finding, std::string_view written, Span where) {
    finding.help("a list stands in brackets, also one of one thing")
        .fix("put it in brackets", diagnostics::Applicability::kMaybeIncorrect, where, fmt::format("[{}]", written));
}

}  // namespace

std::nullopt_t Typer::wrong_type(const Value& value, const FieldType& type, const Subject& subject) {
    std::string what = fmt::format("`{}` takes {}", subject.name, type_text(type, schemas_));
    std::string_view kind = script::type_name(value.type());
    auto& finding = sink_.report(
        Code::kWrongType, subject.where, what,
        fmt::format("this is {} {}",
                    std::string_view("aeiou").find(kind.front()) == std::string_view::npos ? "a" : "an", kind));
    show_parts(subject, sources_, finding);
    bool is_text = value.is(Type::kString);
    if (type.kind == TypeKind::kList && could_be_element(value, type.element.front())) {
        offer_brackets(finding, sources_.text(subject.where), subject.where);
    } else if (is_text && type.kind >= TypeKind::kInt && type.kind <= TypeKind::kFrequency) {
        finding.help("numbers and quantities are written without quotes");
        offer_number(finding, std::string(value.as<script::String>().text), subject.where);
    } else if (is_text && type.kind == TypeKind::kBool) {
        finding.help("write `true` or `false` without quotes");
        offer_truth(finding, value.as<script::String>().text, subject.where);
    } else if (is_text && type.kind == TypeKind::kFamily && !schemas_.members(type.family).empty()) {
        const Schema* usual = schemas_.member(type.family, "linux");
        if (!usual) usual = schemas_.members(type.family).front();
        finding.help(
            fmt::format("say how: `{} = {}(\"{}\")`", subject.name, usual->name, value.as<script::String>().text));
        if (sources_.text(subject.where).starts_with('"'))
            finding.fix(fmt::format("boot it with `{}`", usual->name), diagnostics::Applicability::kMaybeIncorrect,
                        subject.where, fmt::format("{}({})", usual->name, sources_.text(subject.where)));
    } else if (value.is(Type::kInt) && type.kind == TypeKind::kBool) {
        offer_truth(finding, value.as_int() == 0 ? "false" : "true", subject.where);
    } else if (is_text && is_address(type.kind)) {
        finding.help("numbers and quantities are written without quotes");
        offer_number(finding, std::string(value.as<script::String>().text), subject.where);
    } else if (value.is(Type::kSymbol) && type.kind == TypeKind::kBool) {
        offer_truth(finding, value.as<script::Symbol>().name, subject.where);
    } else if (value.is(Type::kSymbol) && (type.kind == TypeKind::kString || type.kind == TypeKind::kImage)) {
        finding.fix("put it in quotes", diagnostics::Applicability::kMaybeIncorrect, subject.where,
                    fmt::format("\"{}\"", value.as<script::Symbol>().name));
    }
    return std::nullopt;
}

std::nullopt_t Typer::wrong_unit(const Value& value, const FieldType& type, const Subject& subject) {
    std::string given = value.is_quantity()
                            ? fmt::format("{} is a {}", script::to_text(value), script::type_name(value.type()))
                            : fmt::format("{} has no unit", script::to_text(value));
    auto& finding =
        sink_.report(Code::kWrongUnit, subject.where,
                     fmt::format("`{}` takes {}, and {}", subject.name, type_text(type, schemas_), given), given);
    show_parts(subject, sources_, finding);
    if (subject.name_where.known())
        finding.label(subject.name_where, fmt::format("takes {}", type_text(type, schemas_)));
    return std::nullopt;
}

std::nullopt_t Typer::out_of_range(std::int64_t value, const FieldType& type, const Subject& subject) {
    bool in_bounds = value >= type.min && value <= type.max;
    std::string bounds = fmt::format("{} to {}", number_text(type.kind, type.min), number_text(type.kind, type.max));
    if (type.max == std::numeric_limits<std::int64_t>::max())
        bounds = fmt::format("{} or more", number_text(type.kind, type.min));
    std::string steps =
        type.step > 1 ? fmt::format(" in steps of {}", number_text(type.kind, type.step)) : std::string();
    auto& finding = sink_.report(
        Code::kOutOfRange, subject.where,
        fmt::format("`{}` is {}{}, and {} is not", subject.name, bounds, steps, number_text(type.kind, value)));
    show_parts(subject, sources_, finding);
    std::string_view written = sources_.text(subject.where);
    bool plain = !written.empty() && written.find_first_not_of("0123456789_") == std::string_view::npos;
    if (!in_bounds && plain && type.kind == TypeKind::kSize && value < type.min) {
        finding.help(fmt::format("a number without a unit counts bytes; with one: `{} = {} MiB`", subject.name, value))
            .fix(fmt::format("write `{} MiB`", value), diagnostics::Applicability::kMaybeIncorrect, subject.where,
                 fmt::format("{} MiB", value));
    } else if (!in_bounds) {
        std::string nearest = number_text(type.kind, value < type.min ? type.min : type.max);
        finding.help(fmt::format("the nearest that is allowed: `{} = {}`", subject.name, nearest));
        // The end of a wide range is hardly what was meant.
        bool narrow = type.kind == TypeKind::kInt && (type.max <= 255 || (value < type.min && type.max <= 1024));
        if (narrow && subject.name_where.known())
            finding.fix(fmt::format("use {}", nearest), diagnostics::Applicability::kMaybeIncorrect, subject.where,
                        nearest);
    }
    return std::nullopt;
}

std::nullopt_t Typer::unknown_choice(const std::string& name, const std::vector<std::string>& choices, Span where,
                                     const Subject& subject) {
    auto& finding =
        sink_.report(Code::kUnknownChoice, where, fmt::format("`{}` is not a choice for `{}`", name, subject.name));
    std::string forward = forward_meant(name);
    if (!forward.empty() && std::find(choices.begin(), choices.end(), "tcp") != choices.end()) {
        finding.help(fmt::format("the host's port, then the guest's: `{}`", forward));
        if (sources_.text(where) == fmt::format("[\"{}\"]", name))
            finding.fix(fmt::format("write `{}`", forward), diagnostics::Applicability::kMachineApplicable, where,
                        fmt::format("[{}]", forward));
    } else if (auto near = diagnostics::did_you_mean(name, choices)) {
        finding.help(fmt::format("did you mean `{}`?", *near));
        if (sources_.text(where) == name) {
            finding.fix(
                {fmt::format("replace by `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, {{where, *near}}});
        }
    }
    constexpr std::size_t kMost = 16;
    std::vector<std::string> shown(choices.begin(),
                                   choices.begin() + static_cast<std::ptrdiff_t>(std::min(choices.size(), kMost)));
    finding.note(fmt::format("the choices are: {}{}", fmt::join(shown, ", "), choices.size() > kMost ? ", …" : ""));
    return std::nullopt;
}

}  // namespace nyx::check
