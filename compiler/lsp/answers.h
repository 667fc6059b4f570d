// What an editor asks about a place, answered from a model in the shapes of the protocol (LSP 3.17). Pure; null or
// empty where there is no answer.
#pragma once

#include <map>
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
    Encoding encoding = Encoding::kUtf16;
};

// Places of any file of a model in the shapes of the protocol.
class Locations {
  public:
    Locations(const source::SourceMap& sources, Encoding encoding) : sources_(sources), encoding_(encoding) {}
    explicit Locations(const Place& place) : Locations(place.sources, place.encoding) {}
    const Document& document(std::uint32_t file);
    nlohmann::json range(Span span);
    nlohmann::json location(Span span);

  private:
    const source::SourceMap& sources_;
    Encoding encoding_;
    std::map<std::uint32_t, Document> documents_;
};

// "fn name(a: int, b = 2) -> int" for what can be called, "kind name: type" for others.
std::string symbol_text(const Place& place, analyze::SymbolId id);

// "b: int = 2", "...args", "c?".
std::string parameter_text(const Place& place, const analyze::SignatureParameter& parameter);

// SymbolKind of the protocol.
int symbol_kind_number(analyze::SymbolKind kind);

nlohmann::json hover(const Place& place);
nlohmann::json definition(const Place& place);
nlohmann::json references(const Place& place, bool with_declaration);
nlohmann::json highlights(const Place& place);
nlohmann::json document_symbols(const Place& place);

}  // namespace nyx::lsp
