#include "compiler/diagnostics/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace nyx::diagnostics {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* severity_word(Severity severity) {
    switch (severity) {
        case Severity::kError:
            return "error";
        case Severity::kWarning:
            return "warning";
        case Severity::kNote:
            return "note";
    }
    return "";
}

// file, line, column, end_line, end_column; nothing for an unknown span.
Json place(const source::SourceMap& sources, Span span) {
    Json object = Json::object();
    if (!span.known()) return object;
    source::Position begin = sources.position(span.file, span.begin);
    source::Position end = sources.position(span.file, span.end);
    object["file"] = sources.file(span.file).path;
    object["line"] = begin.line;
    object["column"] = begin.column;
    object["end_line"] = end.line;
    object["end_column"] = end.column;
    return object;
}

Json fix_json(const source::SourceMap& sources, const Fix& fix) {
    Json edits = Json::array();
    for (const Edit& edit : fix.edits) {
        Json one = place(sources, edit.span);
        one["replacement"] = edit.replacement;
        edits.push_back(one);
    }
    return {{"title", fix.title}, {"applicability", applicability_text(fix.applicability)}, {"edits", edits}};
}

Json region(const source::SourceMap& sources, Span span) {
    source::Position begin = sources.position(span.file, span.begin);
    source::Position end = sources.position(span.file, span.end);
    return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

// A relative reference (RFC 3986 §4.2): everything but unreserved characters and '/' is escaped.
std::string uri_of(const std::string& path) {
    std::string uri;
    for (char c : path) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     std::string_view("-._~/").find(c) != std::string_view::npos;
        uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return path.starts_with('/') ? "file://" + uri : uri;
}

Json artifact(const source::SourceMap& sources, Span span) {
    return {{"uri", uri_of(sources.file(span.file).path)}};
}

Json location(const source::SourceMap& sources, Span span) {
    return {{"physicalLocation", {{"artifactLocation", artifact(sources, span)}, {"region", region(sources, span)}}}};
}

Json sarif_fix(const source::SourceMap& sources, const Fix& fix) {
    Json changes = Json::array();
    for (const Edit& edit : fix.edits) {
        if (!edit.span.known()) continue;
        Json replacement = {{"deletedRegion", region(sources, edit.span)},
                            {"insertedContent", {{"text", edit.replacement}}}};
        changes.push_back(
            {{"artifactLocation", artifact(sources, edit.span)}, {"replacements", Json::array({replacement})}});
    }
    return {{"description", {{"text", fix.title}}},
            {"artifactChanges", changes},
            {"properties", {{"applicability", applicability_text(fix.applicability)}}}};
}

Json sarif_result(const source::SourceMap& sources, const Diagnostic& diagnostic) {
    std::string text = diagnostic.message;
    for (const std::string& note : diagnostic.notes) text += "\nnote: " + note;
    for (const std::string& help : diagnostic.helps) text += "\nhelp: " + help;
    Json result = {{"ruleId", code_text(diagnostic.code)},
                   {"level", severity_word(diagnostic.severity)},
                   {"message", {{"text", text}}}};
    if (diagnostic.primary.span.known())
        result["locations"] = Json::array({location(sources, diagnostic.primary.span)});
    Json related = Json::array();
    for (const Label& label : diagnostic.labels) {
        if (!label.span.known()) continue;
        Json one = location(sources, label.span);
        one["id"] = related.size();
        one["message"] = {{"text", label.text}};
        related.push_back(one);
    }
    if (!related.empty()) result["relatedLocations"] = related;
    Json fixes = Json::array();
    for (const Fix& fix : diagnostic.fixes) fixes.push_back(sarif_fix(sources, fix));
    if (!fixes.empty()) result["fixes"] = fixes;
    return result;
}

// The rules that the results name, each once.
Json sarif_rules(const std::vector<Diagnostic>& all) {
    std::vector<Code> codes;
    for (const Diagnostic& diagnostic : all) codes.push_back(diagnostic.code);
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    Json rules = Json::array();
    for (Code code : codes)
        rules.push_back({{"id", code_text(code)}, {"shortDescription", {{"text", code_title(code)}}}});
    return rules;
}

}  // namespace

std::string json_line(const source::SourceMap& sources, const Diagnostic& diagnostic) {
    Json object = {{"code", code_text(diagnostic.code)},
                   {"severity", severity_word(diagnostic.severity)},
                   {"message", diagnostic.message}};
    object.update(place(sources, diagnostic.primary.span));
    object["label"] = diagnostic.primary.text;
    object["labels"] = Json::array();
    for (const Label& label : diagnostic.labels) {
        Json one = place(sources, label.span);
        one["text"] = label.text;
        object["labels"].push_back(one);
    }
    object["notes"] = diagnostic.notes;
    object["helps"] = diagnostic.helps;
    object["fixes"] = Json::array();
    for (const Fix& fix : diagnostic.fixes) object["fixes"].push_back(fix_json(sources, fix));
    return dump(object) + "\n";
}

std::string sarif_log(const source::SourceMap& sources, const std::vector<Diagnostic>& all, std::string_view version) {
    Json results = Json::array();
    for (const Diagnostic& diagnostic : all) results.push_back(sarif_result(sources, diagnostic));
    Json run = {{"tool", {{"driver", {{"name", "nyxc"}, {"version", version}, {"rules", sarif_rules(all)}}}}},
                {"columnKind", "unicodeCodePoints"},
                {"results", results}};
    Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                {"version", "2.1.0"},
                {"runs", Json::array({run})}};
    return dump(log) + "\n";
}

}  // namespace nyx::diagnostics
