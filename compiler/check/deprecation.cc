#include "compiler/check/deprecation.h"

#include <fmt/format.h>

namespace nyx::check {

using diagnostics::Applicability;
using diagnostics::Code;

namespace {

constexpr std::string_view kForm =
    "`@deprecated(since: \"0.3\", use: new_name)`, or `help: \"…\"` in place of `use`; in front, a choice of the field";

const std::string* text_of(const ast::Expr& value) {
    const auto* text = ast::try_as<ast::StringLiteral>(&value);
    return text ? &text->value : nullptr;
}

const std::string* name_of(const ast::Expr& value) {
    const auto* name = ast::try_as<ast::NameExpr>(&value);
    return name ? &name->name : nullptr;
}

// False where the annotation knows no such argument.
bool take(const ast::Argument& argument, DeprecatedChoice& into) {
    const std::string key = argument.name ? argument.name->text : std::string();
    const std::string* value = key == "since" || key == "help" ? text_of(*argument.value) : name_of(*argument.value);
    if (!value || value->empty()) return false;
    std::string* place = key.empty()      ? &into.choice
                         : key == "since" ? &into.deprecation.since
                         : key == "use"   ? &into.deprecation.use
                         : key == "help"  ? &into.deprecation.help
                                          : nullptr;
    if (!place || !place->empty()) return false;
    *place = *value;
    return true;
}

bool is_whole(const Deprecation& one) {
    return !one.since.empty() && one.use.empty() != one.help.empty();
}

}  // namespace

std::string Deprecation::text() const {
    return is_former_name() ? fmt::format("since {}: use `{}`", since, use) : fmt::format("since {}: {}", since, help);
}

std::vector<DeprecatedChoice> read_deprecations(const std::vector<ast::Annotation>& annotations,
                                                diagnostics::Sink& sink) {
    std::vector<DeprecatedChoice> out;
    for (const ast::Annotation& annotation : annotations) {
        if (annotation.name.text != "deprecated") {
            sink.report(Code::kBadSchema, annotation.span,
                        fmt::format("there is no annotation {}", annotation.name.text))
                .help("there is one: `@deprecated(…)`");
            continue;
        }
        DeprecatedChoice one;
        one.deprecation.where = annotation.span;
        bool good = true;
        for (const ast::Argument& argument : annotation.arguments) good = take(argument, one) && good;
        if (good && is_whole(one.deprecation)) {
            out.push_back(std::move(one));
        } else {
            sink.report(Code::kBadSchema, annotation.span, "this says too little of what is deprecated, or too much")
                .help(fmt::format("it is written {}", kForm));
        }
    }
    return out;
}

void report_deprecated(std::string_view name, const Deprecation& deprecation, Span where,
                       const source::SourceMap& sources, diagnostics::Sink& sink) {
    if (!where.known()) return;
    auto& finding =
        sink.report(Code::kDeprecated, where, fmt::format("`{}` is deprecated since {}", name, deprecation.since), "");
    if (!deprecation.is_former_name()) {
        finding.help(deprecation.help);
        return;
    }
    finding.help(fmt::format("its name is `{}` now", deprecation.use));
    if (sources.text(where) == name)
        finding.fix(fmt::format("replace by `{}`", deprecation.use), Applicability::kMachineApplicable, where,
                    deprecation.use);
}

}  // namespace nyx::check
