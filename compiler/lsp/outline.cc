// What a file declares, as a tree.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/lsp/answers.h"
#include "compiler/lsp/convert.h"

namespace nyx::lsp {

using analyze::Symbol;
using analyze::SymbolId;
using analyze::SymbolKind;
using nlohmann::json;

namespace {

bool is_local_kind(SymbolKind kind) {
    return kind == SymbolKind::kVariable || kind == SymbolKind::kConstant || kind == SymbolKind::kParameter;
}

// Declarations nested as their spans are; what is local to a function is left out.
class Outline {
  public:
    Outline(const Place& place, std::vector<SymbolId> symbols)
        : place_(place), symbols_(std::move(symbols)), document_(place.sources.file(place.file).text, place.encoding) {
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
                            {"kind", symbol_kind_number(symbol.kind)},
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

int symbol_kind_number(SymbolKind kind) {
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

json document_symbols(const Place& place) {
    std::vector<SymbolId> symbols = place.model.declared_in(place.file);
    std::erase_if(symbols, [&](SymbolId id) { return place.model.symbol(id).name_span.file != place.file; });
    return Outline(place, std::move(symbols)).take(0xFFFFFFFF, false);
}

}  // namespace nyx::lsp
