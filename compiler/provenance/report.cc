#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/console.h"
#include "compiler/provenance/provenance.h"

namespace nyx::provenance {

using model::OriginPart;
using model::OriginStep;
using Json = nlohmann::ordered_json;

namespace {

std::string machine_of(const Answer& answer) {
    return answer.path.substr(0, answer.path.find('.'));
}

// "set", "inherited", "default", "assigned".
std::string kind_of(const OriginStep& step, const std::string& machine) {
    if (step.kind == OriginStep::Kind::kDefault) return "default";
    if (step.kind == OriginStep::Kind::kAssigned) return "assigned";
    return step.by == machine ? "set" : "inherited";
}

// What the label at the place that counts says.
std::string counts_text(const OriginStep& step, const std::string& machine) {
    if (step.kind == OriginStep::Kind::kDefault) return fmt::format("the default of `{}`", step.by);
    if (step.kind == OriginStep::Kind::kAssigned) return fmt::format("given {}: {}", step.value, step.reason);
    if (step.value.empty())
        return step.by == machine ? "described here" : fmt::format("described here, by {}", step.by);
    return step.by == machine ? "set here" : fmt::format("set here, by {}, which {} extends", step.by, machine);
}

std::string overridden_text(const OriginStep& step, bool was_asked) {
    if (step.value.empty()) return fmt::format("and here, by {}", step.by);
    std::string whose = step.kind == OriginStep::Kind::kDefault ? fmt::format("the default of `{}`", step.by)
                                                                : fmt::format("what {} asks for", step.by);
    if (was_asked) return fmt::format("{} is {}", whose, step.value);
    if (step.kind == OriginStep::Kind::kDefault) return fmt::format("{} would be {}", whose, step.value);
    return fmt::format("overrides {}, set here by {}", step.value, step.by);
}

// A doc that goes over several lines, as one.
std::string one_line(const std::string& text) {
    std::string line;
    for (char c : text) {
        bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank) line += c;
        if (blank && !line.empty() && line.back() != ' ') line += ' ';
    }
    return line;
}

diagnostics::Diagnostic chain(const Answer& answer, const source::SourceMap& sources) {
    diagnostics::Diagnostic shown;
    shown.severity = diagnostics::Severity::kNote;
    std::string machine = machine_of(answer);
    const auto& steps = answer.origin.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i == 0) {
            shown.primary = {steps[i].where, counts_text(steps[i], machine)};
            for (const OriginPart& part : steps[i].parts) {
                bool is_whole = part.where == steps[i].where;
                if (!is_whole) shown.label(part.where, fmt::format("`{}` is {}", sources.text(part.where), part.value));
            }
        } else {
            bool was_asked = steps.front().kind == OriginStep::Kind::kAssigned && i == 1;
            shown.label(steps[i].where, overridden_text(steps[i], was_asked));
        }
    }
    if (!answer.value().empty()) shown.note(answer.origin.type);
    if (!answer.origin.doc.empty()) shown.note(one_line(answer.origin.doc));
    return shown;
}

std::string place_text(Span where, const source::SourceMap& sources) {
    if (!where.known()) return "";
    source::Position at = sources.position(where.file, where.begin);
    return fmt::format("{}:{}:{}", sources.file(where.file).path, at.line, at.column);
}

// "  base = 0x3f8    the first of 0x3f8, 0x2f8 …", indented by how deep it is.
void add_line(const Answer& answer, const source::SourceMap& sources, const std::string& machine, std::size_t depth,
              std::string& out) {
    std::string name = answer.path.substr(answer.path.rfind('.') + 1);
    const OriginStep* step = answer.origin.steps.empty() ? nullptr : &answer.origin.steps.front();
    std::string value = answer.value();
    std::string left =
        value.empty() ? fmt::format("{} {}", answer.origin.type, name) : fmt::format("{} = {}", name, value);
    std::string from = step ? kind_of(*step, machine) : std::string();
    if (step && from == "inherited") from = fmt::format("from {}", step->by);
    if (step && !step->reason.empty()) from = step->reason;
    bool has_place = step && step->kind == OriginStep::Kind::kSet && step->where.known() &&
                     !sources.file(step->where.file).is_stdlib;
    std::string place = has_place ? " " + place_text(step->where, sources) : "";
    out += fmt::format("{:{}}{:<40} {}{}\n", "", depth * 2, left, from, place);
    for (const Answer& inner : answer.inside) add_line(inner, sources, machine, depth + 1, out);
}

Json place_json(Span where, const source::SourceMap& sources) {
    Json json = Json::object();
    if (!where.known()) return json;
    source::Position at = sources.position(where.file, where.begin);
    json["file"] = sources.file(where.file).path;
    json["line"] = at.line;
    json["column"] = at.column;
    return json;
}

Json step_json(const OriginStep& step, const std::string& machine, const source::SourceMap& sources) {
    Json json{{"kind", kind_of(step, machine)}, {"by", step.by}};
    if (!step.value.empty()) json["value"] = step.value;
    if (!step.reason.empty()) json["reason"] = step.reason;
    json.update(place_json(step.where, sources));
    if (step.parts.empty()) return json;
    for (const OriginPart& part : step.parts) {
        Json one{{"text", sources.text(part.where)}, {"value", part.value}};
        one.update(place_json(part.where, sources));
        json["parts"].push_back(std::move(one));
    }
    return json;
}

Json to_json(const Answer& answer, const source::SourceMap& sources) {
    Json json{{"path", answer.path}};
    if (!answer.value().empty()) json["value"] = answer.value();
    json["type"] = answer.origin.type;
    if (!answer.origin.doc.empty()) json["doc"] = answer.origin.doc;
    json["steps"] = Json::array();
    for (const OriginStep& step : answer.origin.steps)
        json["steps"].push_back(step_json(step, machine_of(answer), sources));
    for (const Answer& inner : answer.inside) json["values"].push_back(to_json(inner, sources));
    return json;
}

}  // namespace

std::string as_text(const Answer& answer, const source::SourceMap& sources, bool color) {
    std::string value = answer.value();
    std::string title = value.empty() ? fmt::format("{}: {}", answer.path, answer.origin.type)
                                      : fmt::format("{} is {}", answer.path, value);
    std::string text = diagnostics::marked_text(sources, title, chain(answer, sources), color);
    for (const Answer& inner : answer.inside) add_line(inner, sources, machine_of(answer), 1, text);
    return text;
}

std::string as_json(const Answer& answer, const source::SourceMap& sources) {
    return to_json(answer, sources).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nyx::provenance
