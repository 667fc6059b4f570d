// What an editor asks about a place, answered from a model in the shapes of the protocol (LSP 3.17). Pure; null or
// empty where there is no answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "compiler/analyze/model.h"
#include "compiler/lsp/document.h"
#include "compiler/source/source_map.h"

namespace nyx::lsp {

// The model is of the text as it stands in the editor.
struct Place {
    const analyze::Model& model;
    const source::SourceMap& sources;
    std::uint32_t file = 0;
    std::uint32_t offset = 0;
};

// "fn name(a: int, b = 2) -> int" for what can be called, "kind name: type" for others.
std::string symbol_text(const Place& place, analyze::SymbolId id);

// The place that a file's span has in the protocol. An absolute file:// URI.
std::string uri_of_path(const std::string& path);
nlohmann::json location_json(const source::SourceMap& sources, Span span);

nlohmann::json hover(const Place& place);
nlohmann::json definition(const Place& place);
nlohmann::json document_symbols(const Place& place);

}  // namespace nyx::lsp
