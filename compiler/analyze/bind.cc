#include "compiler/analyze/bind.h"

#include "compiler/analyze/builtins.h"

namespace nyx::analyze {

void Binder::bind() {
    add_builtins(data_);
    for (SymbolId id : data_.builtins) {
        if (is_free_builtin(data_, id)) natives_.emplace(data_.symbols[id].name, id);
    }
    for (std::size_t i = 0; i < data_.program->modules.size(); ++i) {
        declare_module(i);
        module_ = module_entries_[i];
        const ast::Module& tree = *data_.program->modules[i];
        Span whole{tree.file, 0, static_cast<std::uint32_t>(data_.sources->file(tree.file).text.size())};
        in_frame(data_.modules[module_].symbol, whole, kNone, [&](Frame& frame) {
            frame.is_module_body = true;
            statements(tree.body);
        });
    }
}

// ---- Scopes ---------------------------------------------------------------------------------------------------------

SymbolId Binder::add_symbol(SymbolKind kind, const ast::Ident& ident, Span whole, SymbolId owner) {
    Symbol symbol;
    symbol.kind = kind;
    symbol.name = ident.text;
    symbol.name_span = ident.span;
    symbol.span = whole;
    symbol.owner = owner;
    symbol.type = data_.types.basic(TypeKind::kNothing);
    return data_.add(std::move(symbol));
}

void Binder::note(const ast::Ident& ident, SymbolId symbol) {
    data_.bound[&ident] = symbol;
    data_.refer(ident.span, symbol, true, true);
}

SymbolId Binder::declare(const ast::Ident& ident, SymbolKind kind, Span whole) {
    SymbolId symbol = add_symbol(kind, ident, whole, frame_->owner);
    frame_->scopes.back()[ident.text] = symbol;
    data_.scopes[frame_->entries.back()].symbols.push_back(symbol);
    note(ident, symbol);
    return symbol;
}

// A plain assignment's: it lives as long as the function.
SymbolId Binder::declare_for_function(const std::string& name, Span span) {
    SymbolId symbol = add_symbol(SymbolKind::kVariable, {name, span}, span, frame_->owner);
    frame_->scopes.front()[name] = symbol;
    data_.scopes[frame_->entries.front()].symbols.push_back(symbol);
    data_.refer(span, symbol, true, true);
    return symbol;
}

void Binder::push_scope(Span span, std::uint32_t class_entry) {
    frame_->scopes.emplace_back();
    data_.scopes.push_back({span, frame_->entries.back(), module_, class_entry, {}});
    frame_->entries.push_back(static_cast<std::uint32_t>(data_.scopes.size() - 1));
}

void Binder::pop_scope() {
    frame_->scopes.pop_back();
    frame_->entries.pop_back();
}

// From the first statement to the closing brace, so that an editor finds the names of the block on its last lines.
Span Binder::block_span(const ast::StmtList& body, Span around) const {
    if (body.empty()) return {around.file, around.end, around.end};
    Span span = join(body.front()->span, body.back()->span);
    const std::string& text = data_.sources->file(span.file).text;
    std::size_t at = span.end;
    while (at < around.end && at < text.size() && text[at] != '}') {
        if (text[at] == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else if (std::string_view(" \t\r\n;").find(text[at]) != std::string_view::npos) {
            ++at;
        } else {
            break;
        }
    }
    span.end = static_cast<std::uint32_t>(at);
    return span;
}

// ---- The search -----------------------------------------------------------------------------------------------------

SymbolId Binder::find_local(const std::string& name) const {
    for (const Frame* frame = frame_; frame; frame = frame->parent) {
        for (auto scope = frame->scopes.rbegin(); scope != frame->scopes.rend(); ++scope) {
            auto found = scope->find(name);
            if (found != scope->end()) return found->second;
        }
    }
    return kNoSymbol;
}

SymbolId Binder::find_module_name(std::uint32_t module, const std::string& name) const {
    for (std::uint32_t at = module; at != kNone; at = data_.modules[at].parent) {
        const ModuleEntry& entry = data_.modules[at];
        if (auto own = entry.names.find(name); own != entry.names.end()) return own->second;
        if (name.starts_with("_")) continue;
        for (std::uint32_t import : entry.imports) {
            const auto& names = data_.modules[import].names;
            if (auto found = names.find(name); found != names.end()) return found->second;
        }
    }
    return kNoSymbol;
}

// Also what is in a module: "memory.PageTable".
SymbolId Binder::find_dotted(const std::string& name) const {
    std::size_t dot = name.find('.');
    SymbolId found = find_module_name(module_, name.substr(0, dot));
    while (found != kNoSymbol && dot != std::string::npos) {
        Type type = data_.symbols[found].type;
        if (data_.types.kind(type) != TypeKind::kModule) return kNoSymbol;
        const auto& names = data_.modules[data_.symbols[data_.types.data(type).detail].entry].names;
        std::size_t begin = dot + 1;
        dot = name.find('.', begin);
        auto inner = names.find(name.substr(begin, dot == std::string::npos ? dot : dot - begin));
        found = inner == names.end() ? kNoSymbol : inner->second;
    }
    return found;
}

SymbolId Binder::resolve(const std::string& name) const {
    SymbolId local = find_local(name == "this" ? "self" : name);
    if (local != kNoSymbol) return local;
    if (class_ != kNone) {
        SymbolId member = data_.member(class_, name);
        if (member != kNoSymbol) return member;
    }
    SymbolId global = find_module_name(module_, name);
    if (global != kNoSymbol) return global;
    if (name.starts_with("__") && !data_.modules[module_].is_stdlib) return kNoSymbol;
    auto native = natives_.find(name);
    return native == natives_.end() ? kNoSymbol : native->second;
}

void Binder::use(const ast::NameExpr& node, bool is_write) {
    SymbolId symbol = resolve(node.name);
    if (symbol == kNoSymbol) return;
    data_.bound[&node] = symbol;
    data_.refer(node.span, symbol, false, is_write);
}

// Plain `name = …`: the variable that the text above has, or a new one.
void Binder::assign_name(const ast::NameExpr& node) {
    SymbolId symbol = resolve(node.name);
    bool fresh = symbol == kNoSymbol;
    if (!fresh) {
        const Symbol& known = data_.symbols[symbol];
        bool global = find_local(node.name) == kNoSymbol && known.kind != SymbolKind::kField;
        bool later = global && !frame_->is_module_body &&
                     (known.name_span.file != node.span.file || known.name_span.begin > node.span.begin);
        fresh = known.kind == SymbolKind::kBuiltin || known.kind == SymbolKind::kMethod || later;
    }
    if (fresh) {
        symbol = declare_for_function(node.name, node.span);
    } else {
        const Symbol& known = data_.symbols[symbol];
        data_.refer(node.span, symbol, known.name_span == node.span, true);
        if (known.owner != frame_->owner) data_.written_elsewhere.insert(symbol);
    }
    data_.bound[&node] = symbol;
}

}  // namespace nyx::analyze
