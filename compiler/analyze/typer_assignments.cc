// What is assigned, and to what.
#include <fmt/format.h>

#include "compiler/analyze/fits.h"
#include "compiler/analyze/typer.h"

namespace nyx::analyze {

void Typer::let(const ast::LetStmt& node) {
    // Without a value it is null for now; with a type, that is said where it is read (unassigned.h).
    Type type = node.value ? expr(*node.value) : types_.basic(TypeKind::kNull);
    std::vector<Type> parts{type};
    if (node.names.size() > 1) {
        parts.clear();
        if (node.value) unpack(*node.value, type, node.names.size(), parts);
        parts.resize(node.names.size());
    }
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        SymbolId symbol = data_.bound_to(&node.names[i]);
        if (symbol == kNoSymbol) continue;
        if (node.value) {
            store_name(symbol, node.value->span, parts[i], node.names.size() == 1 ? node.value.get() : nullptr);
        } else {
            join_into(symbol, parts[i]);
        }
    }
}

// The types of `count` values that `value` is taken apart into; not all of them where that is unknown.
void Typer::unpack(const ast::Expr& from, Type value, std::size_t count, std::vector<Type>& parts) {
    const TypeData& data = types_.data(value);
    if (data.kind == TypeKind::kTuple) {
        for (Type part : data.parts) parts.push_back(part.like(value));
        if (parts.size() != count && !value.is_guess() && checking_)
            say_.wrong_count(from.span, value, count, parts.size(), from.span);
        if (parts.size() != count) parts.clear();
    } else if (data.kind == TypeKind::kArray) {
        parts.assign(count, data.parts[0].as_guess());
    } else if (data.kind == TypeKind::kNothing) {
        parts.assign(count, value);
    } else if (data.kind >= TypeKind::kBool && data.kind <= TypeKind::kClass && data.kind != TypeKind::kMachine) {
        if (!value.is_guess() && checking_) say_.no_elements(from.span, value, "taken apart", from.span);
    }
}

void Typer::assign(const ast::AssignStmt& node) {
    if (!node.op) {
        Type value = expr(*node.value);
        return store(*node.target, value, node.value.get());
    }
    Type before = expr(*node.target);
    Type value = expr(*node.value);
    Type after = operation(*node.op, *node.target, before, *node.value, value,
                           {node.span.file, node.target->span.end, node.value->span.begin}, node.span);
    if (!checking_) return store(*node.target, after, nullptr);
    const auto* name = ast::try_as<ast::NameExpr>(node.target.get());
    SymbolId symbol = name ? data_.bound_to(name) : kNoSymbol;
    if (symbol != kNoSymbol) store_name(symbol, name->span, after, nullptr);
}

// from: the expression of the value, null where there is none of its own.
void Typer::store(const ast::Expr& target, Type value, const ast::Expr* from) {
    if (const auto* name = ast::try_as<ast::NameExpr>(&target)) {
        SymbolId symbol = data_.bound_to(name);
        if (symbol != kNoSymbol) store_name(symbol, from ? from->span : name->span, value, from);
        if (symbol != kNoSymbol) record(name->span, data_.symbols[symbol].type);
    } else if (const auto* member = ast::try_as<ast::MemberExpr>(&target)) {
        store_member(*member, value, from);
    } else if (const auto* index = ast::try_as<ast::IndexExpr>(&target)) {
        store_index(*index, value);
    } else if (const auto* tuple = ast::try_as<ast::TupleExpr>(&target)) {
        std::vector<Type> parts;
        unpack(from ? *from : target, value, tuple->elements.size(), parts);
        parts.resize(tuple->elements.size());
        for (std::size_t i = 0; i < parts.size(); ++i) store(*tuple->elements[i], parts[i], nullptr);
    } else {
        expr(target);
    }
}

void Typer::store_name(SymbolId symbol, Span where, Type value, const ast::Expr* from) {
    const Symbol& known = data_.symbols[symbol];
    if (known.kind == SymbolKind::kField) {
        SymbolId group = field_group(symbol);
        if (!known.annotated) return join_into(group, value);
    }
    if (!known.annotated) return join_into(symbol, value);
    if (!checking_ || known.kind == SymbolKind::kSchemaField) return;
    bool written = known.kind == SymbolKind::kVariable || known.kind == SymbolKind::kConstant ||
                   known.kind == SymbolKind::kParameter || known.kind == SymbolKind::kField;
    if (!written || known.type.is_guess()) return;
    std::optional<Misfit> misfit;
    if (from) misfit = find_misfit(data_, *from, value, known.type);
    if (!from && fits(data_, value, known.type) == Fit::kNever) misfit = Misfit{where, known.type, value, false};
    if (!misfit) return;
    std::string_view kind = known.kind == SymbolKind::kField       ? "field "
                            : known.kind == SymbolKind::kParameter ? "parameter "
                                                                   : "";
    say_.mismatch(*misfit, fmt::format("{}`{}`", kind, known.name), known.name_span, where);
}

void Typer::store_member(const ast::MemberExpr& target, Type value, const ast::Expr* from) {
    Type object = expr(*target.object);
    Type inner = types_.without_null(object);
    const TypeData& data = types_.data(inner);
    const std::string& name = target.member.text;
    if (data.kind == TypeKind::kInstance) {
        std::uint32_t class_entry = data_.symbols[data.detail].entry;
        SymbolId field = data_.field(class_entry, name);
        if (field == kNoSymbol && !checking_ && !inner.is_guess()) {  // first set from outside
            Symbol symbol;
            symbol.kind = SymbolKind::kField;
            symbol.name = name;
            symbol.name_span = target.member.span;
            symbol.span = target.span;
            symbol.owner = data.detail;
            symbol.type = types_.basic(TypeKind::kNothing);
            field = data_.add(std::move(symbol));
            data_.classes[class_entry].fields.emplace(name, field);
        }
        if (field != kNoSymbol) {
            refer(target.member.span, field, true);
            Span where = from ? from->span : target.member.span;
            store_name(field, where, value, from);
            record(target.span, data_.symbols[field].type);
            if (!inner.is_guess()) return;
        }
    }
    bool given_up = units_[unit_].visits > kMaxVisits && data.kind == TypeKind::kNothing;
    bool plain = data.kind == TypeKind::kUnknown || given_up || inner.is_guess();
    if (plain && !checking_) join_into(elsewhere(name), value);
    if (data.kind == TypeKind::kMap) {
        Type entry = types_.map(types_.basic(TypeKind::kString), value);
        if (const auto* holder = ast::try_as<ast::NameExpr>(target.object.get())) {
            SymbolId symbol = data_.bound_to(holder);
            if (symbol != kNoSymbol) join_into(symbol, entry);
        }
    }
    if (data.kind == TypeKind::kModule && !checking_) {
        auto& names = data_.modules[data_.symbols[data.detail].entry].names;
        if (auto found = names.find(name); found != names.end()) join_into(found->second, value);
    }
    bool keeps_members = data.kind == TypeKind::kMap || data.kind == TypeKind::kMachine || data.kind > TypeKind::kClass;
    if (data.kind >= TypeKind::kBool && !keeps_members && !inner.is_guess())
        say_.unknown_member(target.member.span, text(inner), name, {}, {}, target.span);
}

void Typer::store_index(const ast::IndexExpr& target, Type value) {
    Type object = expr(*target.object);
    Type index = expr(*target.index);
    Type inner = types_.without_null(object);
    TypeKind kind = types_.kind(inner);
    Type widened;
    if (kind == TypeKind::kArray) widened = types_.array(value);
    if (kind == TypeKind::kMap) widened = types_.map(index, value);
    const auto* holder = ast::try_as<ast::NameExpr>(target.object.get());
    SymbolId symbol = holder ? data_.bound_to(holder) : kNoSymbol;
    if (symbol != kNoSymbol && types_.kind(widened) != TypeKind::kUnknown) {
        join_into(data_.symbols[symbol].kind == SymbolKind::kField ? field_group(symbol) : symbol, widened);
    }
    bool refuses = kind >= TypeKind::kBool && kind <= TypeKind::kRange && !inner.is_guess();
    if (refuses) say_.no_elements(target.object->span, inner, "changed by an index", target.span);
    bool list = kind == TypeKind::kArray && !inner.is_guess();
    if (list && (is_no_place(index) || types_.kind(index) == TypeKind::kRange) && checking_)
        say_.bad_index(target.index->span, inner, index, target.span);
}

}  // namespace nyx::analyze
