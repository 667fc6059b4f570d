// Calls of what a script declares: functions, methods, classes.
#include "compiler/analyze/typer.h"

namespace nyx::analyze {

Type Typer::call_symbol(const ast::CallExpr& node, SymbolId callee, bool certain, Span where) {
    const Symbol& symbol = data_.symbols[callee];
    if (symbol.entry == kNoSymbol) {  // declared, but its body was never read
        arguments(node, {.where = where});
        return {};
    }
    const FunctionEntry& entry = data_.functions[symbol.entry];
    bool overridden = entry.class_entry != kNone && is_overridden(entry.class_entry, symbol.name);
    arguments(node, {.signature = signature_to_check(callee),
                     .callee = callee,
                     .strict = certain && !overridden,
                     .as_method = entry.class_entry != kNone,
                     .where = where});
    read(callee);
    call_leaves_ = entry.never_returns && !overridden;
    return overridden ? method_result(callee) : entry.result;
}

std::optional<Signature> Typer::signature_to_check(SymbolId callee) const {
    return checking_ ? data_.signature(callee) : std::nullopt;
}

// What a method gives that derived classes may have another of.
Type Typer::method_result(SymbolId method) {
    const Symbol& symbol = data_.symbols[method];
    int budget = 50;
    std::vector<SymbolId> found;
    if (!overrides(data_.functions[symbol.entry].class_entry, symbol.name, budget, found)) return {};
    Type joined = data_.functions[symbol.entry].result;
    for (SymbolId other : found) {
        read(other);
        std::uint32_t entry = data_.symbols[other].entry;
        joined = types_.join(joined, entry == kNoSymbol ? Type() : data_.functions[entry].result);
    }
    return joined;
}

// The methods of that name in derived classes; false where there are too many classes to look at.
bool Typer::overrides(std::uint32_t class_entry, const std::string& name, int& budget, std::vector<SymbolId>& found) {
    for (std::uint32_t derived : data_.classes[class_entry].derived) {
        if (--budget < 0) return false;
        const ClassEntry& entry = data_.classes[derived];
        if (auto own = entry.methods.find(name); own != entry.methods.end()) found.push_back(own->second);
        if (!overrides(derived, name, budget, found)) return false;
    }
    return true;
}

bool Typer::is_overridden(std::uint32_t class_entry, const std::string& name) {
    int budget = 50;
    std::vector<SymbolId> found;
    return !overrides(class_entry, name, budget, found) || !found.empty();
}

Type Typer::super_call(const ast::CallExpr& node, const std::string& name) {
    std::uint32_t inside = function_ == kNone ? kNone : data_.functions[function_].inside_class;
    std::uint32_t base = inside == kNone ? kNone : data_.classes[inside].base;
    SymbolId method = base == kNone ? kNoSymbol : data_.method(base, name);
    const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get());
    if (method == kNoSymbol || data_.symbols[method].entry == kNoSymbol) {
        arguments(node, {.as_method = true, .where = node.span});
        bool absent = base != kNone && !data_.is_open(base) && method == kNoSymbol && name != "init" && callee;
        if (absent && checking_) report_absent(data_.classes[base].symbol, *callee, node.span);
        return {};
    }
    if (callee) refer(callee->member.span, method);
    arguments(node, {.signature = signature_to_check(method),
                     .callee = method,
                     .strict = true,
                     .as_method = true,
                     .where = node.span});
    read(method);
    const FunctionEntry& entry = data_.functions[data_.symbols[method].entry];
    call_leaves_ = entry.never_returns;
    return entry.result;
}

void Typer::report_absent(SymbolId base, const ast::MemberExpr& callee, Span where) {
    const Symbol& symbol = data_.symbols[base];
    say_.unknown_member(callee.member.span, symbol.name, callee.member.text, symbol.name_span,
                        member_names(types_.instance(base)), where);
}

void Typer::construct(const ast::CallExpr& node, std::uint32_t class_entry, bool certain, Span where) {
    SymbolId symbol = data_.classes[class_entry].symbol;
    arguments(node, {.signature = signature_to_check(symbol),
                     .callee = symbol,
                     .strict = certain && !data_.is_open(class_entry),
                     .as_method = true,
                     .where = where});
    if (!checking_ && data_.method(class_entry, "init") == kNoSymbol) fill_fields(node, class_entry);
}

// Without `init` its arguments are the fields' values.
void Typer::fill_fields(const ast::CallExpr& node, std::uint32_t class_entry) {
    std::uint32_t root = class_entry;
    while (data_.classes[root].base != kNone) root = data_.classes[root].base;
    const auto& fields = data_.classes[root].decl->fields;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const auto& name = node.arguments[i].name;
        SymbolId field = name                ? data_.field(root, name->text)
                         : i < fields.size() ? data_.bound_to(&fields[i].name)
                                             : kNoSymbol;
        if (field != kNoSymbol && i < argument_types_.size())
            join_into(field_group(field), argument_types_[i].as_guess());
    }
}

}  // namespace nyx::analyze
