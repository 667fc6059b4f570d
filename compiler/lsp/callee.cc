#include "compiler/lsp/callee.h"

namespace nyx::lsp {

using analyze::kNoSymbol;
using analyze::SymbolId;
using analyze::SymbolKind;
using analyze::TypeKind;

namespace {

SymbolId named(const Place& place, const std::vector<SymbolId>& symbols, const std::string& name) {
    for (SymbolId id : symbols) {
        if (place.model.symbol(id).name != name) continue;
        SymbolId target = place.model.symbol(id).target;
        return target == kNoSymbol ? id : target;
    }
    return kNoSymbol;
}

// A variable that holds a function or class is called as that.
SymbolId behind(const Place& place, SymbolId id) {
    if (id == kNoSymbol || place.model.signature(id)) return id;
    const analyze::TypeData& type = place.model.types().data(place.model.symbol(id).type);
    bool callable = type.kind == TypeKind::kFunction || type.kind == TypeKind::kClass;
    return callable && type.detail != kNoSymbol ? type.detail : id;
}

}  // namespace

analyze::Type receiver_type(const Place& place, std::uint32_t end) {
    auto expression = place.model.expression_at(place.file, end);
    // The expression may go on behind the dot, where the tree took what follows for a member.
    return expression && expression->span.end == end ? expression->type : analyze::Type();
}

SymbolId callee_of(const Place& place, const CallSite& call, std::string_view text) {
    if (!call.is_member)
        return behind(place, named(place, place.model.visible(place.file, call.callee_begin), call.callee));
    if (SymbolId known = place.model.symbol_at(place.file, call.callee_begin + 1); known != kNoSymbol)
        return behind(place, known);
    std::uint32_t dot = call.callee_begin;
    while (dot > 0 && text[dot - 1] != '.') --dot;
    std::uint32_t end = dot > 0 ? dot - 1 : 0;
    if (end > 0 && text[end - 1] == '?') --end;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\n' || text[end - 1] == '\r' || text[end - 1] == '\t'))
        --end;
    return behind(place, named(place, place.model.members(receiver_type(place, end)), call.callee));
}

}  // namespace nyx::lsp
