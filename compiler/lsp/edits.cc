// What changes a text: renaming, formatting, the fixes of diagnostics.
#include "compiler/format/format.h"
#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/rename.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

bool touches(const Document& document, Span span, Position begin, Position end) {
    return span.begin <= document.offset(end) && document.offset(begin) <= span.end;
}

}  // namespace

Result<json> handle_prepare_rename(Request& request) {
    auto here = request.place();
    if (!here) return json();
    return prepare_rename(*here);
}

Result<json> handle_rename(Request& request) {
    auto here = request.place();
    if (!here) return json();
    return rename_everywhere(request, *here, request.params.at("newName").get<std::string>());
}

Result<json> handle_formatting(Request& request) {
    const Document& document = request.file->document;
    source::SourceMap sources;
    diagnostics::Sink mistakes;
    std::uint32_t index = sources.add(request.file->path, document.text());
    Span range{index, 0, static_cast<std::uint32_t>(document.text().size())};
    if (request.params.contains("range")) {
        const json& wanted = request.params["range"];
        range.begin = static_cast<std::uint32_t>(document.offset(position_of(wanted.at("start"))));
        range.end = static_cast<std::uint32_t>(document.offset(position_of(wanted.at("end"))));
        if (range.end < range.begin) std::swap(range.begin, range.end);
    }
    auto edits = format::edits(sources, range, mistakes);
    if (!edits) return json();  // a text with syntax errors stays as it is
    json list = json::array();
    for (const format::Edit& edit : *edits)
        list.push_back({{"range", range_json(document, edit.span)}, {"newText", edit.text}});
    return list;
}

Result<json> handle_code_action(Request& request) {
    const OpenFile& file = *request.file;
    Position begin = position_of(request.params.at("range").at("start"));
    Position end = position_of(request.params.at("range").at("end"));
    json actions = json::array();
    for (const auto& diagnostic : file.findings.all()) {
        if (!touches(file.document, diagnostic.primary.span, begin, end)) continue;
        for (const auto& fix : diagnostic.fixes)
            actions.push_back(code_action_json(file.document, file.uri, diagnostic, fix));
    }
    return actions;
}

}  // namespace nyx::lsp
