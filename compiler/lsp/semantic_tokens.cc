// What each word of a text is (LSP 3.17, "Semantic Tokens"): names by what they mean, and the words that no pattern of
// an editor can tell: keywords that are such only where a statement begins, units.
#include "compiler/lsp/semantic_tokens.h"

#include <algorithm>
#include <array>

#include "compiler/lsp/features.h"
#include "compiler/syntax/words.h"

namespace nyx::lsp {

using analyze::Reference;
using analyze::Symbol;
using analyze::SymbolKind;
using nlohmann::json;

namespace {

// In the order of token_legend().
enum class TokenType : std::uint8_t {
    kNamespace,
    kType,
    kClass,
    kStruct,
    kParameter,
    kVariable,
    kProperty,
    kFunction,
    kMethod,
    kKeyword,
    kNumber,
    kUnit,
};

constexpr std::uint32_t kDeclaration = 1;
constexpr std::uint32_t kReadonly = 2;
constexpr std::uint32_t kDefaultLibrary = 4;
constexpr std::uint32_t kModification = 8;

struct Token {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    TokenType type = TokenType::kVariable;
    std::uint32_t modifiers = 0;
};

TokenType type_of(const analyze::Model& model, const Symbol& symbol) {
    switch (symbol.kind) {
        case SymbolKind::kModule:
            return TokenType::kNamespace;
        case SymbolKind::kImport:
            return symbol.target == analyze::kNoSymbol ? TokenType::kNamespace
                                                       : type_of(model, model.symbol(symbol.target));
        case SymbolKind::kTypeAlias:
            return TokenType::kType;
        case SymbolKind::kClass:
            return TokenType::kClass;
        case SymbolKind::kMachine:
        case SymbolKind::kDevice:
        case SymbolKind::kSchema:
            return TokenType::kStruct;
        case SymbolKind::kParameter:
            return TokenType::kParameter;
        case SymbolKind::kField:
        case SymbolKind::kSchemaField:
            return TokenType::kProperty;
        case SymbolKind::kFunction:
        case SymbolKind::kBuiltin:
            return TokenType::kFunction;
        case SymbolKind::kMethod:
            return TokenType::kMethod;
        default:
            return TokenType::kVariable;
    }
}

Token token_of(const Place& place, const Reference& use) {
    const Symbol& symbol = place.model.symbol(use.symbol);
    Token token{use.span.begin, use.span.end, type_of(place.model, symbol), 0};
    if (use.is_declaration) token.modifiers |= kDeclaration;
    if (use.is_write && !use.is_declaration) token.modifiers |= kModification;
    if (symbol.kind == SymbolKind::kConstant) token.modifiers |= kReadonly;
    bool library = symbol.kind == SymbolKind::kBuiltin ||
                   (symbol.name_span.known() && place.sources.file(symbol.name_span.file).is_stdlib);
    if (library) token.modifiers |= kDefaultLibrary;
    return token;
}

void add_words(std::string_view text, std::vector<Token>& tokens) {
    diagnostics::Sink ignored;
    for (const syntax::Word& word : syntax::words(text, 0, ignored)) {
        if (word.begin == word.end) continue;
        if (word.kind == syntax::WordKind::kKeyword || word.kind == syntax::WordKind::kValue)
            tokens.push_back({word.begin, word.end, TokenType::kKeyword, 0});
        if (word.kind == syntax::WordKind::kNumber) tokens.push_back({word.begin, word.end, TokenType::kNumber, 0});
        if (word.kind == syntax::WordKind::kUnit) tokens.push_back({word.begin, word.end, TokenType::kUnit, 0});
    }
}

// In order; what overlaps the one before is left out: a client could not show it.
std::vector<Token> tokens_of(const Place& place, std::uint32_t begin, std::uint32_t end) {
    std::string_view text = place.sources.file(place.file).text;
    std::vector<Token> tokens;
    for (const Reference& use : place.model.references_in(place.file)) tokens.push_back(token_of(place, use));
    add_words(text, tokens);
    std::erase_if(tokens, [&](const Token& one) {
        bool broken = text.substr(one.begin, one.end - one.begin).find('\n') != std::string_view::npos;
        return broken || one.end <= begin || one.begin >= end;
    });
    std::stable_sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) { return a.begin < b.begin; });
    std::uint32_t last = 0;
    std::erase_if(tokens, [&](const Token& one) {
        if (one.begin < last) return true;
        last = one.end;
        return false;
    });
    return tokens;
}

}  // namespace

json token_legend() {
    constexpr std::array kTypes = {"namespace", "type",     "class",  "struct",  "parameter", "variable",
                                   "property",  "function", "method", "keyword", "number",    "unit"};
    constexpr std::array kModifiers = {"declaration", "readonly", "defaultLibrary", "modification"};
    return {{"tokenTypes", kTypes}, {"tokenModifiers", kModifiers}};
}

std::vector<std::uint32_t> semantic_tokens(const Place& place, const Document& document, std::uint32_t begin,
                                           std::uint32_t end) {
    std::vector<std::uint32_t> data;
    Position last;
    for (const Token& token : tokens_of(place, begin, end)) {
        Position from = document.position(token.begin);
        Position to = document.position(token.end);
        std::uint32_t line = from.line - last.line;
        data.insert(data.end(),
                    {line, line == 0 ? from.character - last.character : from.character, to.character - from.character,
                     static_cast<std::uint32_t>(token.type), token.modifiers});
        last = from;
    }
    return data;
}

json token_edits(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
    std::size_t same = 0;
    std::size_t least = std::min(before.size(), after.size());
    while (same < least && before[same] == after[same]) ++same;
    std::size_t tail = 0;
    while (tail < least - same && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
    if (same == before.size() && same == after.size()) return json::array();
    std::vector<std::uint32_t> middle(after.begin() + static_cast<std::ptrdiff_t>(same),
                                      after.end() - static_cast<std::ptrdiff_t>(tail));
    return json::array({{{"start", same}, {"deleteCount", before.size() - tail - same}, {"data", middle}}});
}

namespace {

json keep(OpenFile& file, std::vector<std::uint32_t> data) {
    file.tokens = std::move(data);
    return std::to_string(++file.tokens_id);
}

}  // namespace

Result<json> handle_semantic_tokens(Request& request) {
    auto place = request.place();
    if (!place) return json();
    OpenFile& file = *request.file;
    std::uint32_t begin = 0;
    std::uint32_t end = 0xFFFFFFFF;
    if (request.params.contains("range")) {
        begin = static_cast<std::uint32_t>(file.document.offset(position_of(request.params["range"].at("start"))));
        end = static_cast<std::uint32_t>(file.document.offset(position_of(request.params["range"].at("end"))));
        return json{{"data", semantic_tokens(*place, file.document, begin, end)}};
    }
    json id = keep(file, semantic_tokens(*place, file.document, begin, end));
    return json{{"resultId", id}, {"data", file.tokens}};
}

// Where the editor's last answer is not our last, it gets all of them.
Result<json> handle_semantic_tokens_delta(Request& request) {
    auto place = request.place();
    if (!place) return json();
    OpenFile& file = *request.file;
    bool known = request.params.at("previousResultId") == std::to_string(file.tokens_id);
    std::vector<std::uint32_t> before = file.tokens;
    json id = keep(file, semantic_tokens(*place, file.document, 0, 0xFFFFFFFF));
    if (!known) return json{{"resultId", id}, {"data", file.tokens}};
    return json{{"resultId", id}, {"edits", token_edits(before, file.tokens)}};
}

}  // namespace nyx::lsp
