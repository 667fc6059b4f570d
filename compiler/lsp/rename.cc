#include "compiler/lsp/rename.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/lsp/cursor.h"
#include "compiler/lsp/keywords.h"

namespace nyx::lsp {

using analyze::kNoSymbol;
using analyze::Reference;
using analyze::Symbol;
using analyze::SymbolId;
using analyze::SymbolKind;
using nlohmann::json;

namespace {

tl::unexpected<Error> refuse(std::string why);

// A word that may stand wherever a name may: no keyword, none of a statement's beginning, nothing reserved.
bool is_free_word(std::string_view word) {
    if (word.empty() || (word[0] >= '0' && word[0] <= '9')) return false;
    return std::all_of(word.begin(), word.end(), is_word) && !is_taken(word);
}

bool is_member(SymbolKind kind) {
    return kind == SymbolKind::kField || kind == SymbolKind::kMethod;
}

bool can_be_renamed(SymbolKind kind) {
    return kind == SymbolKind::kVariable || kind == SymbolKind::kConstant || kind == SymbolKind::kParameter ||
           kind == SymbolKind::kFunction || kind == SymbolKind::kClass || is_member(kind);
}

// Every place of the text where `name` stands behind a dot and means nothing that is known: it may be this member.
bool is_used_unknown(const Place& place, const std::string& name) {
    for (std::uint32_t file = 0; file < place.sources.file_count(); ++file) {
        const source::SourceFile& source = place.sources.file(file);
        if (source.is_stdlib) continue;
        const std::string& text = source.text;
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            bool alone =
                at > 0 && text[at - 1] == '.' && (at + name.size() == text.size() || !is_word(text[at + name.size()]));
            if (alone && !place.model.reference_at(file, static_cast<std::uint32_t>(at))) return true;
        }
    }
    return false;
}

// Another member of that name may be what overrides it or what it overrides.
bool is_declared_twice(const Place& place, SymbolId id) {
    const std::string& name = place.model.symbol(id).name;
    for (SymbolId other = 0; other < place.model.symbol_count(); ++other) {
        const Symbol& symbol = place.model.symbol(other);
        if (other != id && is_member(symbol.kind) && symbol.name == name && symbol.name_span.known() &&
            !place.sources.file(symbol.name_span.file).is_stdlib)
            return true;
    }
    return false;
}

// A call gives the parameter by its name.
bool is_given_by_name(const Place& place, SymbolId parameter) {
    for (std::uint32_t file = 0; file < place.sources.file_count(); ++file) {
        for (const analyze::Call& call : place.model.calls_in(file)) {
            if (call.callee == kNoSymbol) continue;
            for (const analyze::CallArgument& argument : place.model.arguments(call)) {
                if (!argument.named || argument.parameter == analyze::CallArgument::kNoParameter) continue;
                auto signature = place.model.signature(call.callee);
                if (signature && argument.parameter < signature->parameters.size() &&
                    signature->parameters[argument.parameter].symbol == parameter)
                    return true;
            }
        }
    }
    return false;
}

// What stands at the place and may be renamed.
Result<const Reference*> target(const Place& place) {
    const Reference* found = place.model.reference_at(place.file, place.offset);
    if (!found) return refuse("there is no name here that can be renamed");
    const Symbol& symbol = place.model.symbol(found->symbol);
    if (!symbol.name_span.known()) return refuse(fmt::format("'{}' is built in", symbol.name));
    if (place.sources.file(symbol.name_span.file).is_stdlib)
        return refuse(fmt::format("'{}' belongs to the standard library", symbol.name));
    if (!can_be_renamed(symbol.kind) || symbol.name == "self" || symbol.name == "init" || symbol.name.starts_with("__"))
        return refuse(
            fmt::format("the {} '{}' cannot be renamed", analyze::symbol_kind_text(symbol.kind), symbol.name));
    for (const Reference& reference : place.model.references(found->symbol)) {
        if (place.sources.text(reference.span) != symbol.name)
            return refuse(fmt::format("'{}' is used under another name", symbol.name));
    }
    if (symbol.kind == SymbolKind::kParameter && is_given_by_name(place, found->symbol))
        return refuse(fmt::format("a call gives '{}' by name", symbol.name));
    if (is_member(symbol.kind) && is_used_unknown(place, symbol.name))
        return refuse(fmt::format("'.{}' also stands where the object's class is not known", symbol.name));
    if (is_member(symbol.kind) && is_declared_twice(place, found->symbol))
        return refuse(fmt::format("another class has a member '{}' as well", symbol.name));
    return found;
}

tl::unexpected<Error> refuse(std::string why) {
    return fail(Error{ErrorCode::kInvalidArgument, std::move(why), {}});
}

}  // namespace

Result<json> prepare_rename(const Place& place) {
    NYX_ASSIGN(const Reference* found, target(place));
    return json{{"range", Locations(place).range(found->span)},
                {"placeholder", place.model.symbol(found->symbol).name}};
}

Result<json> rename(const Place& place, const std::string& name) {
    NYX_ASSIGN(const Reference* found, target(place));
    if (!is_free_word(name)) return refuse(fmt::format("'{}' cannot be a name", name));
    std::vector<Reference> uses = place.model.references(found->symbol);
    const Symbol& symbol = place.model.symbol(found->symbol);
    std::vector<SymbolId> around =
        symbol.owner == kNoSymbol ? std::vector<SymbolId>() : place.model.children(symbol.owner);
    // What is declared anywhere in these files under that name may hide it or be hidden.
    for (const Reference& use : uses) {
        for (SymbolId id : place.model.visible(use.span.file, use.span.end)) around.push_back(id);
        for (SymbolId id : place.model.declared_in(use.span.file)) around.push_back(id);
    }
    for (SymbolId id : around) {
        if (id != found->symbol && place.model.symbol(id).name == name)
            return refuse(fmt::format("there is a {} '{}' already",
                                      analyze::symbol_kind_text(place.model.symbol(id).kind), name));
    }
    json changes = json::object();
    Locations locations(place);
    for (const Reference& use : uses) {
        json location = locations.location(use.span);
        changes[location["uri"].get<std::string>()].push_back({{"range", location["range"]}, {"newText", name}});
    }
    return json{{"changes", std::move(changes)}};
}

}  // namespace nyx::lsp
