#include "compiler/lsp/convert.h"

#include <nlohmann/json.hpp>

namespace nyx::lsp {

using diagnostics::Diagnostic;
using diagnostics::Severity;
using nlohmann::json;

namespace {

json position_json(Position position) {
    return {{"line", position.line}, {"character", position.character}};
}

int severity_number(Severity severity) {
    switch (severity) {
        case Severity::kError:
            return 1;
        case Severity::kWarning:
            return 2;
        case Severity::kNote:
            return 3;
    }
    return 1;
}

std::string full_message(const Diagnostic& diagnostic) {
    std::string text = diagnostic.message;
    if (!diagnostic.primary.text.empty()) text += "\n" + diagnostic.primary.text;
    for (const std::string& note : diagnostic.notes) text += "\nnote: " + note;
    for (const std::string& help : diagnostic.helps) text += "\nhelp: " + help;
    return text;
}

}  // namespace

json range_json(const Document& document, Span span) {
    return {{"start", position_json(document.position(span.begin))},
            {"end", position_json(document.position(span.end))}};
}

json diagnostic_json(const Document& document, const std::string& uri, const Diagnostic& diagnostic) {
    json related = json::array();
    for (const auto& label : diagnostic.labels) {
        if (label.span.file != diagnostic.primary.span.file) continue;
        related.push_back(
            {{"location", {{"uri", uri}, {"range", range_json(document, label.span)}}}, {"message", label.text}});
    }
    json shown = {{"range", range_json(document, diagnostic.primary.span)},
                  {"severity", severity_number(diagnostic.severity)},
                  {"code", diagnostics::code_text(diagnostic.code)},
                  {"source", "nyxc"},
                  {"message", full_message(diagnostic)},
                  {"relatedInformation", related}};
    constexpr int kDeprecatedTag = 2;  // DiagnosticTag
    if (diagnostic.code == diagnostics::Code::kDeprecated) shown["tags"] = {kDeprecatedTag};
    return shown;
}

json code_action_json(const Document& document, const std::string& uri, const Diagnostic& diagnostic,
                      const diagnostics::Fix& fix) {
    json edits = json::array();
    for (const auto& edit : fix.edits) {
        edits.push_back({{"range", range_json(document, edit.span)}, {"newText", edit.replacement}});
    }
    return {{"title", fix.title},
            {"kind", "quickfix"},
            {"isPreferred", fix.applicability == diagnostics::Applicability::kMachineApplicable},
            {"diagnostics", {diagnostic_json(document, uri, diagnostic)}},
            {"edit", {{"changes", {{uri, edits}}}}}};
}

}  // namespace nyx::lsp
