#include "compiler/lsp/answers.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "compiler/lsp/convert.h"
#include "compiler/lsp/uri.h"

namespace nyx::lsp {

using analyze::kNoSymbol;
using analyze::Reference;
using analyze::Signature;
using analyze::Symbol;
using analyze::SymbolId;
using analyze::SymbolKind;
using nlohmann::json;

namespace {

std::string with_type(const Place& place, std::string text, analyze::Type type) {
    if (place.model.types().is_unknown(type) || place.model.types().is_nothing(type)) return text;
    return text + ": " + place.model.text(type);
}

}  // namespace

std::string parameter_text(const Place& place, const analyze::SignatureParameter& parameter) {
    std::string text = with_type(place, (parameter.variadic ? "..." : "") + parameter.name, parameter.type);
    if (parameter.default_span.known()) return text + " = " + std::string(place.sources.text(parameter.default_span));
    return parameter.optional && !parameter.variadic ? text + "?" : text;
}

namespace {

std::string signature_text(const Place& place, const Signature& signature) {
    std::string text = signature.name + "(";
    for (const auto& parameter : signature.parameters) {
        if (text.back() != '(') text += ", ";
        text += parameter_text(place, parameter);
    }
    text += ")";
    if (place.model.types().is_unknown(signature.result) || place.model.types().is_nothing(signature.result))
        return text;
    return text + " -> " + place.model.text(signature.result);
}

// `type`: what it is at this place, where that is known better than at the declaration.
std::string symbol_line(const Place& place, SymbolId id, analyze::Type type) {
    const Symbol& symbol = place.model.symbol(id);
    switch (symbol.kind) {
        case SymbolKind::kFunction:
        case SymbolKind::kMethod:
        case SymbolKind::kBuiltin:
            if (auto signature = place.model.signature(id)) return "fn " + signature_text(place, *signature);
            return "fn " + symbol.name;
        case SymbolKind::kClass:
        case SymbolKind::kModule:
        case SymbolKind::kImport:
        case SymbolKind::kMachine:
        case SymbolKind::kSchema:
            return fmt::format("{} {}", analyze::symbol_kind_text(symbol.kind), symbol.name);
        default:
            break;
    }
    if (place.model.types().is_unknown(type)) type = symbol.type;
    return with_type(place, fmt::format("{} {}", analyze::symbol_kind_text(symbol.kind), symbol.name), type);
}

}  // namespace

std::string symbol_text(const Place& place, SymbolId id) {
    return symbol_line(place, id, place.model.symbol(id).type);
}

const Document& Locations::document(std::uint32_t file) {
    auto found = documents_.find(file);
    if (found == documents_.end())
        found = documents_.emplace(file, Document(sources_.file(file).text, encoding_)).first;
    return found->second;
}

json Locations::range(Span span) {
    return range_json(document(span.file), span);
}

json Locations::location(Span span) {
    return {{"uri", uri_of_path(sources_.file(span.file).path)}, {"range", range(span)}};
}

json hover(const Place& place) {
    Locations locations(place);
    const Reference* reference = place.model.reference_at(place.file, place.offset);
    if (!reference) {
        auto expression = place.model.expression_at(place.file, place.offset);
        if (!expression || place.model.types().is_unknown(expression->type)) return nullptr;
        std::string value = fmt::format("```nyx\n{}\n```", place.model.text(expression->type));
        return {{"contents", {{"kind", "markdown"}, {"value", value}}}, {"range", locations.range(expression->span)}};
    }
    const Symbol& symbol = place.model.symbol(reference->symbol);
    std::string value =
        fmt::format("```nyx\n{}\n```", symbol_line(place, reference->symbol, place.model.type_of(reference->span)));
    if (!symbol.doc.empty()) value += fmt::format("\n\n{}", symbol.doc);
    if (symbol.name_span.known()) {
        const source::SourceFile& file = place.sources.file(symbol.name_span.file);
        auto where = place.sources.position(symbol.name_span.file, symbol.name_span.begin);
        std::string name = std::filesystem::path(file.path).filename().string();
        value += fmt::format("\n\nDeclared in `{}`, line {}.", name, where.line);
    } else if (symbol.kind == SymbolKind::kBuiltin) {
        value += "\n\nBuilt in.";
    }
    return {{"contents", {{"kind", "markdown"}, {"value", value}}}, {"range", locations.range(reference->span)}};
}

json definition(const Place& place) {
    SymbolId id = place.model.symbol_at(place.file, place.offset);
    if (id == kNoSymbol) return nullptr;
    if (SymbolId target = place.model.symbol(id).target; target != kNoSymbol) id = target;
    const Symbol& symbol = place.model.symbol(id);
    Span span = symbol.name_span.known() ? symbol.name_span : symbol.span;
    if (!span.known()) return nullptr;
    return Locations(place).location(span);
}

json references(const Place& place, bool with_declaration) {
    SymbolId id = place.model.symbol_at(place.file, place.offset);
    if (id == kNoSymbol) return nullptr;
    Locations locations(place);
    json list = json::array();
    for (const Reference& reference : place.model.references(id)) {
        if (with_declaration || !reference.is_declaration) list.push_back(locations.location(reference.span));
    }
    return list;
}

json highlights(const Place& place) {
    constexpr int kRead = 2;  // LSP 3.17, "DocumentHighlightKind"
    constexpr int kWrite = 3;
    SymbolId id = place.model.symbol_at(place.file, place.offset);
    if (id == kNoSymbol) return nullptr;
    Locations locations(place);
    json list = json::array();
    for (const Reference& use : place.model.references(id)) {
        if (use.span.file != place.file) continue;
        bool writes = use.is_write || use.is_declaration;
        list.push_back({{"range", locations.range(use.span)}, {"kind", writes ? kWrite : kRead}});
    }
    return list;
}

}  // namespace nyx::lsp
