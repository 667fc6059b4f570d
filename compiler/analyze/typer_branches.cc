// Statements from which there is more than one way on.
#include <algorithm>
#include <map>

#include "compiler/analyze/typer.h"

namespace nyx::analyze {

Flow Typer::if_stmt(const ast::IfStmt& node) {
    expr(*node.condition);
    Flow first = statements(node.then_body);
    Flow second = statements(node.else_body);
    return std::max(first, second);
}

Flow Typer::loop_body(const ast::StmtList& body, bool endless) {
    loops_.emplace_back();
    statements(body);
    bool has_break = loops_.back().has_break;
    loops_.pop_back();
    return endless && !has_break ? Flow::kLeaves : Flow::kGoesOn;
}

void Typer::bind_loop(const std::vector<ast::Ident>& names, const ast::Expr& iterable, Type given) {
    Type type = types_.without_null(given);
    const TypeData& data = types_.data(type);
    Type first;
    Type second;
    switch (data.kind) {
        case TypeKind::kNothing:
            first = second = type;
            break;
        case TypeKind::kRange:
            first = second = types_.basic(TypeKind::kInt).like(type);
            break;
        case TypeKind::kString:
            first = types_.basic(TypeKind::kInt).like(type);
            second = type;
            break;
        case TypeKind::kArray:
            second = data.parts[0].as_guess();
            first = types_.basic(TypeKind::kInt).as_guess();
            break;
        case TypeKind::kMap:
            first = data.parts[0].as_guess();
            second = data.parts[1].as_guess();
            break;
        case TypeKind::kUnknown:
        case TypeKind::kTuple:
        case TypeKind::kNull:
            break;
        default:
            if (!type.is_guess()) say_.no_elements(iterable.span, type, "iterated", iterable.span);
    }
    bool pairs = names.size() > 1;
    bool pairs_inside = data.kind == TypeKind::kArray && pairs && types_.kind(second) != TypeKind::kInstance;
    if (pairs_inside) first = second = {};      // perhaps pairs, which are taken apart
    if (names.size() > 2) first = second = {};  // each item is taken apart
    if (!pairs && data.kind != TypeKind::kMap) first = second;
    for (std::size_t i = 0; i < names.size(); ++i) {
        SymbolId symbol = data_.bound_to(&names[i]);
        if (symbol == kNoSymbol) continue;
        join_into(symbol, i == 0 ? first : i == 1 ? second : Type());
    }
}

Flow Typer::for_in(const ast::ForInStmt& node) {
    bind_loop(node.names, *node.iterable, expr(*node.iterable));
    loop_body(node.body, false);
    return Flow::kGoesOn;
}

namespace {

// Literal cases, to find one that stands twice.
std::string literal_key(const ast::Expr& node) {
    if (const auto* text = ast::try_as<ast::StringLiteral>(&node)) return "\"" + text->value + "\"";
    if (const auto* number = ast::try_as<ast::IntLiteral>(&node)) return std::to_string(number->value);
    if (const auto* truth = ast::try_as<ast::BoolLiteral>(&node)) return truth->value ? "true" : "false";
    return {};
}

// From the end of the case before it; unknown where the case has other values too.
template <class Case>
Span whole_case(const std::vector<Case>& cases, const Case& one, const ast::ExprList& values) {
    bool alone = values.size() == 1 && &one != cases.data();
    return alone ? Span{one.span.file, (&one)[-1].span.end, one.span.end} : Span{};
}

}  // namespace

Flow Typer::switch_stmt(const ast::SwitchStmt& node) {
    expr(*node.subject);
    Flow flow = Flow::kLeaves;
    bool has_default = false;
    std::map<std::string, Span> seen;
    for (const ast::SwitchCase& one : node.cases) {
        has_default = has_default || one.values.empty();
        for (const ast::ExprPtr& value : one.values) {
            expr(*value);
            std::string key = checking_ ? literal_key(*value) : "";
            if (key.empty()) continue;
            auto [first, added] = seen.emplace(key, value->span);
            if (!added) say_.duplicate_case(value->span, first->second, key, whole_case(node.cases, one, one.values));
        }
        flow = std::max(flow, statements(one.body));
    }
    if (has_default) return flow;
    return flow == Flow::kLeaves && !node.cases.empty() ? Flow::kPerhaps : Flow::kGoesOn;
}

Flow Typer::match_stmt(const ast::MatchStmt& node) {
    Type subject = expr(*node.subject);
    Flow flow = Flow::kLeaves;
    bool has_default = false;
    std::map<std::string, Span> seen;
    for (const ast::MatchArm& arm : node.arms) {
        bool always = arm.patterns.empty();
        for (const ast::ExprPtr& pattern : arm.patterns) {
            const auto* name = ast::try_as<ast::NameExpr>(pattern.get());
            SymbolId symbol = name ? data_.bound_to(name) : kNoSymbol;
            bool binds = symbol != kNoSymbol && data_.symbols[symbol].name_span == name->span;
            if (binds) {
                join_into(symbol, subject);
                always = true;
                break;
            }
            expr(*pattern);
            std::string key = checking_ && !arm.guard ? literal_key(*pattern) : "";
            if (key.empty()) continue;
            auto [first, added] = seen.emplace(key, pattern->span);
            if (!added)
                say_.duplicate_case(pattern->span, first->second, key, whole_case(node.arms, arm, arm.patterns));
        }
        if (arm.guard) expr(*arm.guard);
        has_default = has_default || (always && !arm.guard);
        flow = std::max(flow, statements(arm.body));
    }
    if (has_default) return flow;
    return flow == Flow::kLeaves && !node.arms.empty() ? Flow::kPerhaps : Flow::kGoesOn;
}

Flow Typer::try_stmt(const ast::TryStmt& node) {
    if (node.has_catch) say_.enter_try();
    Flow flow = statements(node.body);
    if (node.has_catch) say_.leave_try();
    if (node.has_catch) flow = std::max(flow, statements(node.catch_body));
    Flow last = statements(node.finally_body);
    return last == Flow::kLeaves ? last : flow;
}

}  // namespace nyx::analyze
