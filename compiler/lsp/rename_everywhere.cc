// Renaming in the files of the workspace that the text's own model does not know: those that import the declaration.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/lsp/rename.h"
#include "compiler/lsp/uri.h"
#include "compiler/lsp/workspace_symbols.h"
#include "runtime/base/file.h"

namespace nyx::lsp {

using analyze::Symbol;
using nlohmann::json;

namespace {

constexpr std::uint64_t kMaxClosedFile = 4u << 20;  // bytes

// The place of the same declaration in another model; nothing where that does not know the file.
std::optional<Place> same_declaration(const Analysis& analysis, const source::SourceFile& declaring,
                                      std::uint32_t offset, Encoding encoding) {
    if (!analysis.model()) return std::nullopt;
    for (std::uint32_t file = 0; file < analysis.sources()->file_count(); ++file) {
        const source::SourceFile& source = analysis.sources()->file(file);
        bool same = !source.is_stdlib && source.text == declaring.text &&
                    uri_of_path(source.path) == uri_of_path(declaring.path);
        if (same) return Place{*analysis.model(), *analysis.sources(), file, offset, encoding};
    }
    return std::nullopt;
}

void merge(json& changes, const json& more) {
    for (const auto& [uri, edits] : more.items()) {
        json& list = changes[uri];
        for (const json& edit : edits) {
            if (std::find(list.begin(), list.end(), edit) == list.end()) list.push_back(edit);
        }
    }
}

// Files of the workspace that nobody has opened and that have the word in them.
std::vector<OpenFile> closed_files_with(Request& request, const std::string& word) {
    std::vector<OpenFile> files;
    for (const std::string& path : nyx_files(request.workspace.folders, request.useless)) {
        if (request.workspace.find_path(path)) continue;
        auto bytes = read_file(path, kMaxClosedFile);
        if (!bytes || as_text(*bytes).find(word) == std::string_view::npos) continue;
        files.push_back(OpenFile{.uri = uri_of_path(path),
                                 .path = path,
                                 .document = Document(std::string(as_text(*bytes))),
                                 .analysis = nullptr,
                                 .findings = {},
                                 .tokens = {},
                                 .published = {}});
    }
    return files;
}

}  // namespace

Result<json> rename_everywhere(Request& request, const Place& here, const std::string& name) {
    NYX_ASSIGN(json edit, rename(here, name));
    const Symbol& symbol = here.model.symbol(here.model.symbol_at(here.file, here.offset));
    const source::SourceFile& declaring = here.sources.file(symbol.name_span.file);
    auto add = [&](const Analysis& analysis) -> Status {
        auto there = same_declaration(analysis, declaring, symbol.name_span.begin, here.encoding);
        if (!there) return {};
        NYX_ASSIGN(json more, rename(*there, name));
        merge(edit["changes"], more["changes"]);
        return {};
    };
    for (auto& [uri, other] : request.workspace.files()) {
        if (&other == request.file || !request.workspace.advance(other, Stage::kKnown, request.useless)) continue;
        NYX_TRY(add(*other.analysis));
    }
    for (const OpenFile& closed : closed_files_with(request, symbol.name)) {
        auto analysis = request.workspace.analyze_copy(closed, closed.document.text(), Stage::kKnown, request.useless);
        if (analysis) NYX_TRY(add(*analysis));
    }
    return edit;
}

}  // namespace nyx::lsp
