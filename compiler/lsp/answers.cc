#include "compiler/lsp/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "compiler/lsp/convert.h"

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

std::string parameter_text(const Place& place, const analyze::SignatureParameter& parameter) {
    std::string text = with_type(place, (parameter.variadic ? "..." : "") + parameter.name, parameter.type);
    if (parameter.default_span.known()) return text + " = " + std::string(place.sources.text(parameter.default_span));
    return parameter.optional && !parameter.variadic ? text + "?" : text;
}

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

// SymbolKind of the protocol.
int kind_number(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::kVariable:
        case SymbolKind::kParameter:
        case SymbolKind::kImport:
            return 13;  // Variable
        case SymbolKind::kConstant:
            return 14;  // Constant
        case SymbolKind::kFunction:
        case SymbolKind::kBuiltin:
            return 12;  // Function
        case SymbolKind::kClass:
        case SymbolKind::kTypeAlias:
            return 5;  // Class
        case SymbolKind::kField:
            return 8;  // Field
        case SymbolKind::kMethod:
            return 6;  // Method
        case SymbolKind::kModule:
            return 2;  // Module
        case SymbolKind::kMachine:
        case SymbolKind::kDevice:
            return 19;  // Object
        case SymbolKind::kSchema:
            return 23;  // Struct
        case SymbolKind::kSchemaField:
            return 7;  // Property
    }
    return 13;
}

bool is_local_kind(SymbolKind kind) {
    return kind == SymbolKind::kVariable || kind == SymbolKind::kConstant || kind == SymbolKind::kParameter;
}

// Declarations nested as their spans are; what is local to a function is left out.
class Outline {
  public:
    Outline(const Place& place, std::vector<SymbolId> symbols)
        : place_(place), symbols_(std::move(symbols)), document_(place.sources.file(place.file).text) {
        std::stable_sort(symbols_.begin(), symbols_.end(), [&](SymbolId a, SymbolId b) {
            Span first = whole(a);
            Span second = whole(b);
            return first.begin != second.begin ? first.begin < second.begin : first.end > second.end;
        });
    }

    // All that begins before `end`.
    json take(std::uint32_t end, bool in_function) {
        json list = json::array();
        while (next_ < symbols_.size() && whole(symbols_[next_]).begin < end) {
            SymbolId id = symbols_[next_++];
            const Symbol& symbol = place_.model.symbol(id);
            bool function = symbol.kind == SymbolKind::kFunction || symbol.kind == SymbolKind::kMethod;
            bool shown = !symbol.name.empty() && symbol.kind != SymbolKind::kParameter &&
                         symbol.kind != SymbolKind::kModule && !(in_function && is_local_kind(symbol.kind));
            Span span = whole(id);
            // A variable ends with its name here: its value may hold a function, which stays its sibling.
            json children = is_local_kind(symbol.kind) ? json::array() : take(span.end, in_function || function);
            if (!shown) continue;
            list.push_back({{"name", symbol.name},
                            {"detail", symbol_text(place_, id)},
                            {"kind", kind_number(symbol.kind)},
                            {"range", range_json(document_, span)},
                            {"selectionRange", range_json(document_, symbol.name_span)},
                            {"children", std::move(children)}});
        }
        return list;
    }

  private:
    // The protocol wants the name inside of it.
    Span whole(SymbolId id) const {
        const Symbol& symbol = place_.model.symbol(id);
        Span span = symbol.name_span;
        if (symbol.span.file != span.file) return span;
        return {span.file, std::min(span.begin, symbol.span.begin), std::max(span.end, symbol.span.end)};
    }

    const Place& place_;
    std::vector<SymbolId> symbols_;
    Document document_;
    std::size_t next_ = 0;
};

}  // namespace

std::string symbol_text(const Place& place, SymbolId id) {
    return symbol_line(place, id, place.model.symbol(id).type);
}

std::string uri_of_path(const std::string& path) {
    std::error_code error;
    std::string whole = std::filesystem::absolute(path, error).lexically_normal().string();
    if (error) whole = path;
    std::string uri = "file://";
    for (char c : whole) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     std::string_view("/-._~").find(c) != std::string_view::npos;
        uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

json location_json(const source::SourceMap& sources, Span span) {
    const source::SourceFile& file = sources.file(span.file);
    return {{"uri", uri_of_path(file.path)}, {"range", range_json(Document(file.text), span)}};
}

json hover(const Place& place) {
    Document document(place.sources.file(place.file).text);
    const Reference* reference = place.model.reference_at(place.file, place.offset);
    if (!reference) {
        auto expression = place.model.expression_at(place.file, place.offset);
        if (!expression || place.model.types().is_unknown(expression->type)) return nullptr;
        std::string value = fmt::format("```nyx\n{}\n```", place.model.text(expression->type));
        return {{"contents", {{"kind", "markdown"}, {"value", value}}},
                {"range", range_json(document, expression->span)}};
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
    return {{"contents", {{"kind", "markdown"}, {"value", value}}}, {"range", range_json(document, reference->span)}};
}

json definition(const Place& place) {
    SymbolId id = place.model.symbol_at(place.file, place.offset);
    if (id == kNoSymbol) return nullptr;
    if (SymbolId target = place.model.symbol(id).target; target != kNoSymbol) id = target;
    const Symbol& symbol = place.model.symbol(id);
    Span span = symbol.name_span.known() ? symbol.name_span : symbol.span;
    if (!span.known()) return nullptr;
    return location_json(place.sources, span);
}

json document_symbols(const Place& place) {
    std::vector<SymbolId> symbols = place.model.declared_in(place.file);
    std::erase_if(symbols, [&](SymbolId id) { return place.model.symbol(id).name_span.file != place.file; });
    return Outline(place, std::move(symbols)).take(0xFFFFFFFF, false);
}

}  // namespace nyx::lsp
