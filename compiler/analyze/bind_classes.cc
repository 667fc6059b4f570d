// Classes and functions.
#include "compiler/analyze/bind.h"
#include "compiler/lower/bodies.h"

namespace nyx::analyze {

namespace {

bool is_self(const ast::Expr* node) {
    const auto* name = ast::try_as<ast::NameExpr>(node);
    return name && (name->name == "self" || name->name == "this");
}

}  // namespace

void Binder::add_self_fields(ClassEntry& entry, const ast::StmtList& body) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(stmt.get())) {
            const auto* member = ast::try_as<ast::MemberExpr>(assign->target.get());
            if (member && is_self(member->object.get()) && !entry.fields.contains(member->member.text)) {
                SymbolId field = add_symbol(SymbolKind::kField, member->member, assign->span, entry.symbol);
                entry.fields.emplace(member->member.text, field);
            }
        }
        lower::each_body(*stmt, [&](const ast::StmtList& inner) { add_self_fields(entry, inner); });
    }
}

std::uint32_t Binder::add_class(const ast::ClassDecl& decl, SymbolId symbol) {
    auto index = static_cast<std::uint32_t>(data_.classes.size());
    data_.class_of[&decl] = index;
    data_.symbols[symbol].entry = index;
    data_.symbols[symbol].doc = decl.doc;
    data_.symbols[symbol].is_pattern = true;
    data_.symbols[symbol].type = data_.types.of_class(symbol);
    ClassEntry& entry = data_.classes.emplace_back();
    entry.symbol = symbol;
    entry.decl = &decl;
    entry.base_unknown = decl.base.has_value();
    for (const ast::FieldDecl& field : decl.fields) {
        Span whole = field.value ? join(field.name.span, field.value->span) : field.name.span;
        SymbolId id = add_symbol(SymbolKind::kField, field.name, whole, symbol);
        data_.symbols[id].doc = field.doc;
        entry.fields.try_emplace(field.name.text, id);
        note(field.name, id);
    }
    for (const auto& method : decl.methods) {
        SymbolId id = add_symbol(SymbolKind::kMethod, method->name, method->span, symbol);
        data_.symbols[id].doc = method->doc;
        entry.methods[method->name.text] = id;
        note(method->name, id);
    }
    for (const auto& method : decl.methods) add_self_fields(entry, method->fn.body);
    return index;
}

void Binder::class_decl(const ast::ClassDecl& node) {
    auto known = data_.class_of.find(&node);
    std::uint32_t index = known != data_.class_of.end()
                              ? known->second
                              : add_class(node, declare(node.name, SymbolKind::kClass, node.span));
    if (node.base) {
        SymbolId local = find_local(node.base->text);
        SymbolId base = local != kNoSymbol ? local : find_dotted(node.base->text);
        bool dotted = node.base->text.find('.') != std::string::npos;
        if (base != kNoSymbol && !dotted) data_.refer(node.base->span, base);
        bool is_class = base != kNoSymbol && data_.symbols[base].kind == SymbolKind::kClass;
        std::uint32_t entry = is_class ? data_.symbols[base].entry : kNone;
        if (entry != kNone && !data_.derives(entry, index)) {
            data_.classes[index].base = entry;
            data_.classes[index].base_unknown = false;
            data_.classes[entry].derived.push_back(index);
        }
    }
    push_scope(node.span);
    SymbolId self = add_symbol(SymbolKind::kParameter, {"self", {}}, {}, data_.classes[index].symbol);
    data_.symbols[self].type = data_.types.instance(data_.classes[index].symbol);
    data_.symbols[self].annotated = true;
    frame_->scopes.back()["self"] = self;
    for (const ast::FieldDecl& field : node.fields) {
        SymbolId symbol = data_.bound_to(&field.name);
        if (field.type) {
            data_.symbols[symbol].type = type(*field.type);
            data_.symbols[symbol].annotated = true;
        }
        if (field.value) expr(*field.value);
    }
    pop_scope();
    for (const auto& method : node.methods)
        function(method->fn, data_.bound_to(&method->name), index, method->name.span, method->span);
}

// ---- Functions ------------------------------------------------------------------------------------------------------

void Binder::function(const ast::FnBody& fn, SymbolId symbol, std::uint32_t class_entry, Span where, Span whole) {
    auto index = static_cast<std::uint32_t>(data_.functions.size());
    FunctionEntry& entry = data_.functions.emplace_back();
    entry.symbol = symbol;
    entry.body = &fn;
    entry.class_entry = class_entry;
    entry.where = where;
    data_.function_of[&fn] = index;
    data_.symbols[symbol].entry = index;
    data_.symbols[symbol].type = data_.types.function(symbol);
    entry.result = data_.types.basic(TypeKind::kNothing);
    std::uint32_t outer = class_;
    if (class_entry != kNone) class_ = class_entry;
    entry.inside_class = class_;
    in_frame(symbol, whole, class_entry, [&](Frame& frame) {
        for (std::size_t i = 0; i < fn.parameters.size(); ++i) {
            const ast::Parameter& parameter = fn.parameters[i];
            bool self =
                class_entry != kNone && i == 0 && (parameter.name.text == "self" || parameter.name.text == "this");
            if (self) {
                entry.self = declare(parameter.name, SymbolKind::kParameter, parameter.name.span);
                frame.scopes.back()["self"] = entry.self;
                continue;
            }
            SymbolId id = declare(parameter.name, SymbolKind::kParameter, parameter.name.span);
            entry.parameters.push_back(id);
            data_.symbols[id].annotated = true;  // callers may pass anything
            data_.symbols[id].type = {};
        }
        if (class_entry != kNone && entry.self == kNoSymbol) {
            entry.self = add_symbol(SymbolKind::kParameter, {"self", {}}, {}, symbol);
            frame.scopes.back()["self"] = entry.self;
        }
        if (class_entry != kNone) {
            data_.symbols[entry.self].type = data_.types.instance(data_.classes[class_entry].symbol);
            data_.symbols[entry.self].annotated = true;
        }
        for (const ast::Parameter& parameter : fn.parameters) {
            if (parameter.default_value) expr(*parameter.default_value);
            SymbolId id = data_.bound_to(&parameter.name);
            if (parameter.type && id != entry.self) data_.symbols[id].type = type(*parameter.type);
        }
        if (fn.result) {
            entry.result = type(*fn.result);
            entry.annotated = fn.result->name != "void";
            if (!entry.annotated) entry.result = data_.types.basic(TypeKind::kNothing);
        }
        statements(fn.body);
    });
    class_ = outer;
}

void Binder::fn_decl(const ast::FnDecl& node) {
    SymbolId symbol = data_.bound_to(&node.name);
    if (symbol == kNoSymbol) {
        symbol = declare(node.name, SymbolKind::kFunction, node.span);
        data_.symbols[symbol].doc = node.doc;
        data_.symbols[symbol].is_pattern = true;
    }
    function(node.fn, symbol, kNone, node.name.span, node.span);
}

}  // namespace nyx::analyze
