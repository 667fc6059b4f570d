#include "compiler/analyze/typer.h"

#include <algorithm>

#include "compiler/analyze/builtins.h"

namespace nyx::analyze {

void Typer::run() {
    add_units();
    settle();
    forget_nothing();
    settle();
    share_field_types();
    readers_.clear();
    checking_ = true;
    say_.on();
    for (std::uint32_t unit = 0; unit < units_.size(); ++unit) visit(unit);
}

void Typer::add_units() {
    for (std::uint32_t i = 0; i < data_.functions.size(); ++i) units_.push_back({&data_.functions[i].body->body, i});
    for (const auto& module : data_.program->modules) units_.push_back({&module->body, kNone});
    for (std::uint32_t unit = 0; unit < units_.size(); ++unit) enqueue(unit);
}

void Typer::enqueue(std::uint32_t unit) {
    if (units_[unit].queued || checking_) return;
    units_[unit].queued = true;
    (units_[unit].function == kNone ? late_queue_ : queue_).push_back(unit);
}

void Typer::settle() {
    while (!queue_.empty() || !late_queue_.empty()) {
        auto& queue = queue_.empty() ? late_queue_ : queue_;
        std::uint32_t unit = queue.front();
        queue.pop_front();
        units_[unit].queued = false;
        // One that gave up has nothing more to say.
        if (units_[unit].visits > kMaxVisits) continue;
        ++units_[unit].visits;
        visit(unit);
    }
}

void Typer::visit(std::uint32_t index) {
    Unit& unit = units_[index];
    unit_ = index;
    function_ = unit.function;
    returns_ = false;
    lacks_capability_ = false;
    loops_.clear();
    int depth = say_.outside_try();
    if (function_ == kNone) {
        statements(*unit.body);
    } else {
        FunctionEntry& entry = data_.functions[function_];
        parameters(entry);
        if (entry.body->has_body) finish_function(entry, statements(*unit.body));
    }
    say_.back_in_try(depth);
}

void Typer::parameters(FunctionEntry& entry) {
    for (const ast::Parameter& parameter : entry.body->parameters) {
        if (!parameter.default_value) continue;
        Type given = expr(*parameter.default_value);
        SymbolId symbol = data_.bound_to(&parameter.name);
        if (symbol == kNoSymbol || symbol == entry.self) continue;
        if (parameter.type) {
            Type wanted = data_.annotation(*parameter.type);
            store_name(symbol, parameter.default_value->span, given, parameter.default_value.get());
            data_.symbols[symbol].type = wanted;
        } else if (!types_.is_nothing(given) && types_.kind(given) != TypeKind::kNull) {
            data_.symbols[symbol].type = given.as_guess();  // callers may pass anything else
        }
    }
}

void Typer::finish_function(FunctionEntry& entry, Flow end) {
    bool never = end == Flow::kLeaves && !returns_;
    if (never && !entry.never_returns) {
        entry.never_returns = true;
        changed(entry.symbol);
    }
    if (entry.annotated) {
        TypeKind kind = types_.kind(entry.result);
        bool may_be_null = kind == TypeKind::kNull || kind == TypeKind::kNullable || kind == TypeKind::kUnknown;
        // An empty body is an interface that others override.
        const ast::StmtList& body = entry.body->body;
        bool empty = body.empty() || (body.size() == 1 && body[0]->kind == ast::StmtKind::kPassStmt);
        empty = empty || lacks_capability_;
        if (end == Flow::kGoesOn && !may_be_null && !empty && checking_) say_.missing_return(entry);
        return;
    }
    if (end == Flow::kLeaves || checking_) return;
    Type joined = types_.join(entry.result, types_.basic(TypeKind::kNull));
    if (lacks_capability_ || units_[unit_].visits > kMaxVisits) joined = {};
    if (joined == entry.result) return;
    entry.result = joined;
    changed(entry.symbol);
}

// ---- Symbols --------------------------------------------------------------------------------------------------------

void Typer::changed(SymbolId symbol) {
    if (checking_ || symbol >= readers_.size()) return;
    for (std::uint32_t unit : readers_[symbol]) enqueue(unit);
}

Type Typer::read(SymbolId symbol) {
    const Symbol& known = data_.symbols[symbol];
    bool settled = known.annotated || known.kind == SymbolKind::kClass || known.kind == SymbolKind::kModule;
    if (!settled && !checking_) {
        if (symbol >= readers_.size()) readers_.resize(data_.symbols.size());
        auto& readers = readers_[symbol];
        if (readers.empty() || readers.back() != unit_) readers.push_back(unit_);
    }
    return known.type;
}

void Typer::join_into(SymbolId symbol, Type type) {
    Symbol& known = data_.symbols[symbol];
    if (checking_ || known.annotated) return;
    Type joined = units_[unit_].visits > kMaxVisits ? Type() : types_.join(known.type, type);
    if (joined == known.type) return;
    known.type = joined;
    changed(symbol);
}

// What never got a value may have got one that nobody saw.
void Typer::forget_nothing() {
    for (SymbolId symbol = 0; symbol < data_.symbols.size(); ++symbol) {
        Symbol& known = data_.symbols[symbol];
        // What unknown objects' members are set to is nothing at first, and stays so.
        if (!types_.is_nothing(known.type) || known.name.empty()) continue;
        known.type = {};
        changed(symbol);
    }
    for (FunctionEntry& entry : data_.functions) {
        if (!types_.is_nothing(entry.result) || entry.never_returns) continue;
        entry.result = {};
        changed(entry.symbol);
    }
}

// ---- Fields ---------------------------------------------------------------------------------------------------------

SymbolId Typer::field_group(SymbolId field) const {
    return data_.symbols[field].annotated ? field : data_.top_field(field);
}

SymbolId Typer::elsewhere(const std::string& name) {
    auto [found, added] = elsewhere_.try_emplace(name, kNoSymbol);
    if (added) {
        Symbol symbol;
        symbol.type = types_.basic(TypeKind::kNothing);
        found->second = data_.add(std::move(symbol));
    }
    return found->second;
}

Type Typer::field_type(SymbolId field) {
    if (data_.symbols[field].annotated) return data_.symbols[field].type;
    SymbolId group = field_group(field);
    if (data_.symbols[group].annotated) return data_.symbols[group].type;
    Type type = read(group);
    if (checking_ && !elsewhere_.contains(data_.symbols[field].name)) return type;
    return types_.join(type, read(elsewhere(data_.symbols[field].name)));
}

// So that every symbol shows what it holds.
void Typer::share_field_types() {
    checking_ = true;
    std::vector<std::pair<SymbolId, Type>> shown;
    for (const ClassEntry& entry : data_.classes) {
        for (const auto& [name, field] : entry.fields) shown.emplace_back(field, field_type(field));
    }
    for (auto [field, type] : shown) data_.symbols[field].type = types_.is_nothing(type) ? Type() : type;
    checking_ = false;
}

}  // namespace nyx::analyze
