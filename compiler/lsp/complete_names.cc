// What the text itself declares: names in scope, members of a type, arguments, and the words of the language.
#include <fmt/format.h>

#include <array>

#include "compiler/lsp/callee.h"
#include "compiler/lsp/completion.h"
#include "compiler/lsp/keywords.h"

namespace nyx::lsp {

using analyze::kNoSymbol;
using analyze::Symbol;
using analyze::SymbolId;
using analyze::SymbolKind;

namespace {

ItemKind kind_of(SymbolKind kind) {
    switch (kind) {
        case SymbolKind::kFunction:
        case SymbolKind::kBuiltin:
            return ItemKind::kFunction;
        case SymbolKind::kMethod:
            return ItemKind::kMethod;
        case SymbolKind::kClass:
        case SymbolKind::kTypeAlias:
            return ItemKind::kClass;
        case SymbolKind::kField:
        case SymbolKind::kSchemaField:
            return ItemKind::kField;
        case SymbolKind::kModule:
        case SymbolKind::kImport:
            return ItemKind::kModule;
        case SymbolKind::kMachine:
        case SymbolKind::kDevice:
        case SymbolKind::kSchema:
            return ItemKind::kStruct;
        case SymbolKind::kConstant:
            return ItemKind::kConstant;
        default:
            return ItemKind::kVariable;
    }
}

// The nearest first; built-ins and what is not public last.
char rank_of(const Symbol& symbol) {
    if (symbol.name.starts_with('_')) return '8';
    if (symbol.kind == SymbolKind::kBuiltin) return '6';
    bool near = symbol.kind == SymbolKind::kVariable || symbol.kind == SymbolKind::kConstant ||
                symbol.kind == SymbolKind::kParameter || symbol.kind == SymbolKind::kField;
    return near ? '3' : '4';
}

void add_symbol(const Completion& at, const Place& place, SymbolId id) {
    const Symbol& symbol = place.model.symbol(id);
    Item item{
        .label = symbol.name, .kind = kind_of(symbol.kind), .detail = symbol_text(place, id), .rank = rank_of(symbol)};
    item.data = {{"uri", at.request.file->uri}, {"version", at.request.file->version}, {"symbol", id}};
    std::uint32_t end = word_end(at.text(), place.offset);
    bool called = end < at.text().size() && at.text()[end] == '(';
    auto signature = symbol.kind == SymbolKind::kVariable || called ? std::nullopt : place.model.signature(id);
    if (signature) item.snippet = symbol.name + (signature->parameters.empty() ? "()$0" : "($0)");
    at.items.add(item);
}

// Where the type is not known: what stands behind dots elsewhere in the text.
void complete_used_members(const Completion& at) {
    std::string_view text = at.text();
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
        std::uint32_t begin = static_cast<std::uint32_t>(dot) + 1;
        std::uint32_t end = word_end(text, begin);
        bool name = end > begin && (text[begin] < '0' || text[begin] > '9') && begin != at.cursor.begin;
        if (name)
            at.items.add({.label = std::string(text.substr(begin, end - begin)),
                          .kind = ItemKind::kField,
                          .detail = {},
                          .rank = '7'});
    }
}

void add_members(const Completion& at, const Place& place) {
    analyze::Type type = receiver_type(place, at.cursor.receiver_end);
    if (place.model.types().is_unknown(type)) return complete_used_members(at);
    for (SymbolId id : place.model.members(type)) add_symbol(at, place, id);
}

}  // namespace

void complete_names(const Completion& at) {
    auto place = at.request.place();
    if (!place) return;
    for (SymbolId id : place->model.visible(place->file, place->offset)) add_symbol(at, *place, id);
}

// With nothing behind the dot there is no member in the tree: a copy of the text gets one.
void complete_members(const Completion& at) {
    auto place = at.request.place();
    if (!place) return;
    if (!at.cursor.prefix.empty()) return add_members(at, *place);
    std::string text(at.text());
    text.insert(place->offset, "__member");
    auto analysis = at.request.workspace.analyze_copy(*at.request.file, text, Stage::kKnown, at.request.useless);
    if (!analysis || !analysis->model()) return;
    add_members(at, {*analysis->model(), *analysis->sources(), analysis->main_file(), place->offset, place->encoding});
}

void complete_arguments(const Completion& at) {
    const auto& call = at.cursor.call;
    auto place = at.request.place();
    if (!place || !call || call->is_declaration || !call->name.empty()) return;
    auto signature = place->model.signature(callee_of(*place, *call, at.text()));
    if (!signature) return;
    for (std::size_t i = call->argument - std::min(call->argument, call->named.size());
         i < signature->parameters.size(); ++i) {
        const auto& parameter = signature->parameters[i];
        bool given = std::find(call->named.begin(), call->named.end(), parameter.name) != call->named.end();
        if (given || parameter.variadic) continue;
        at.items.add(
            {.label = parameter.name + ":",
             .kind = ItemKind::kProperty,
             .detail = place->model.types().is_unknown(parameter.type) ? "" : place->model.text(parameter.type),
             .text = parameter.name + ": ",
             .rank = '2'});
    }
}

void complete_keywords(const Completion& at, bool statement) {
    const Block* block = at.cursor.block();
    bool machine = block && block->kind == Block::Kind::kMachine;
    for (const Keyword& keyword : keywords()) {
        bool fits = !statement ? keyword.in_expressions
                    : machine  ? keyword.in_machines
                               : keyword.begins_statement || keyword.in_expressions;
        if (fits)
            at.items.add({.label = std::string(keyword.word), .kind = ItemKind::kKeyword, .detail = {}, .rank = '9'});
    }
}

void complete_types(const Completion& at) {
    constexpr std::array kBuiltIn = {"int", "float", "bool", "string", "bytes",     "array", "map",
                                     "any", "size",  "time", "rate",   "frequency", "range", "u8",
                                     "u16", "u32",   "u64",  "i8",     "i16",       "i32",   "i64"};
    for (const char* name : kBuiltIn)
        at.items.add({.label = name, .kind = ItemKind::kKeyword, .detail = {}, .rank = '4'});
    auto place = at.request.place();
    if (!place) return;
    for (SymbolId id : place->model.visible(place->file, place->offset)) {
        SymbolKind kind = place->model.symbol(id).kind;
        if (kind == SymbolKind::kClass || kind == SymbolKind::kTypeAlias) add_symbol(at, *place, id);
    }
}

void complete_machines(const Completion& at) {
    auto place = at.request.place();
    if (!place) return;
    for (SymbolId id : place->model.visible(place->file, place->offset)) {
        if (place->model.symbol(id).kind == SymbolKind::kMachine) add_symbol(at, *place, id);
    }
}

}  // namespace nyx::lsp
