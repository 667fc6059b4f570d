#include <doctest/doctest.h>

#include "parsed.h"

namespace nyx::syntax {

using namespace ast;

template <class T>
static const T& only(const Parsed& parsed) {
    REQUIRE(parsed.mistakes().empty());
    REQUIRE(parsed.module->body.size() == 1);
    return as<T>(*parsed.module->body[0]);
}

TEST_CASE("let and assignment") {
    Parsed let("let mut a, b: int? = (1, 2)");
    const auto& node = only<LetStmt>(let);
    CHECK(node.binding == LetKind::kLetMut);
    CHECK(node.names.size() == 2);
    CHECK(node.type->name == "int");
    CHECK(node.type->nullable);
    Parsed bare("const x: map<string, [int]>");
    CHECK(only<LetStmt>(bare).value == nullptr);
    CHECK(only<LetStmt>(bare).type->parameters[1].name == "array");
    Parsed compound("a.b[1] <<= 2");
    CHECK(only<AssignStmt>(compound).op == BinaryOp::kShiftLeft);
    Parsed swap("i, j = j, i");
    CHECK(shape(*only<AssignStmt>(swap).target) == "<i, j>");
}

TEST_CASE("if, else if, else nest to the right") {
    Parsed parsed("if a { x() } else if (b) { y(); z() } else { w() }");
    const auto& first = only<IfStmt>(parsed);
    REQUIRE(first.else_body.size() == 1);
    const auto& second = as<IfStmt>(*first.else_body[0]);
    CHECK(shape(*second.condition) == "b");
    CHECK(second.then_body.size() == 2);
    CHECK(second.else_body.size() == 1);
    CHECK(parsed.sources.text(second.span).substr(0, 3) == "(b)");
}

TEST_CASE("every kind of for") {
    Parsed steps("for (let i = 0; i < n; i++) { f() }");
    CHECK(only<ForStmt>(steps).init->kind == StmtKind::kLetStmt);
    CHECK(only<ForStmt>(steps).step->kind == StmtKind::kExprStmt);
    Parsed empty("for (;;) { }");
    CHECK(only<ForStmt>(empty).condition == nullptr);
    for (const char* text : {"for k, v in m { }", "for (k, v in m) { }", "for (k, v) in m { }"}) {
        Parsed loop(text);
        CHECK(only<ForInStmt>(loop).names.size() == 2);
        CHECK(shape(*only<ForInStmt>(loop).iterable) == "m");
    }
}

TEST_CASE("switch and match") {
    Parsed parsed("switch (x) {\n case 1, 2: a()\n b()\n case 3 { c() } default: }");
    const auto& node = only<SwitchStmt>(parsed);
    REQUIRE(node.cases.size() == 3);
    CHECK(node.cases[0].values.size() == 2);
    CHECK(node.cases[0].body.size() == 2);
    CHECK(node.cases[1].body.size() == 1);
    CHECK(node.cases[2].values.empty());
    Parsed match("match x { 1 | 2 | 3 => y = 1, n if n > 3 => { f() }\n _ => return }");
    const auto& arms = only<MatchStmt>(match).arms;
    REQUIRE(arms.size() == 3);
    CHECK(arms[0].patterns.size() == 3);
    CHECK(shape(*arms[0].patterns[2]) == "3");
    CHECK(shape(*arms[1].guard) == "(n > 3)");
    CHECK(arms[2].patterns.empty());
    CHECK(arms[2].body[0]->kind == StmtKind::kReturnStmt);
}

TEST_CASE("try, assert and the rest") {
    Parsed parsed("try { a() } catch (e) { b() } finally { c() }");
    const auto& node = only<TryStmt>(parsed);
    CHECK(node.catch_name->text == "e");
    CHECK(node.finally_body.size() == 1);
    Parsed both("assert(x == 1, \"message\")");
    CHECK(shape(*only<AssertStmt>(both).condition) == "(x == 1)");
    CHECK(shape(*only<AssertStmt>(both).message) == "\"message\"");
    Parsed recover("recover ignore");
    CHECK(shape(*only<ExprStmt>(recover).expr) == "recover(ignore)");
    Parsed raise("raise \"x\"");
    CHECK(shape(*only<ThrowStmt>(raise).value) == "\"x\"");
}

}  // namespace nyx::syntax
