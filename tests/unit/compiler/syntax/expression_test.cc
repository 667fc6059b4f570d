#include <doctest/doctest.h>

#include "parsed.h"

namespace nyx::syntax {

TEST_CASE("operators bind as docs/language.md orders them") {
    CHECK(shape("a ?? b || c && d | e ^ f & g == h < i in j << k .. l + m * -n ** o") ==
          "(a ?? (b || (c && (d | (e ^ (f & (g == (h < (i in (j << (k .. (l + (m * (-(n ** o)))))))))))))))");
    CHECK(shape("1 + 2 - 3") == "((1 + 2) - 3)");
    CHECK(shape("2 ** 3 ** 4") == "(2 ** (3 ** 4))");
    CHECK(shape("2 ** -x") == "(2 ** (-x))");
    CHECK(shape("a or b and not c") == "(a || (b && (!c)))");
    CHECK(shape("x not in xs == y") == "((x not in xs) == y)");
    CHECK(shape("a >> b >= c") == "((a >> b) >= c)");
    CHECK(shape("a // b % c") == "((a // b) % c)");
    CHECK(shape("- - ~x") == "(-(-(~x)))");
    CHECK(shape("(1 + 2) * 3") == "((1 + 2) * 3)");
}

TEST_CASE("what follows a value") {
    CHECK(shape("vm.memory(2 GiB)?.disk(\"a\", bus: ide, ro = true)[0][1:2][:3][4:][:]") ==
          "vm.memory(2 GiB)?.disk(\"a\", bus: ide, ro: true)[0][1:2][:3][4:][:]");
    CHECK(shape("f(default: 1, in = 2)") == "f(default: 1, in: 2)");
    CHECK(shape("o.default.in.reg") == "o.default.in.reg");
    CHECK(shape("i++") == "i++");
}

TEST_CASE("literals") {
    CHECK(shape("0xff + 0o17 + 0b11 + 1_000") == "(((255 + 15) + 3) + 1000)");
    CHECK(shape("0xffffffffffffffff") == "-1");
    CHECK(shape("1.5e3") == "1500f");
    CHECK(shape("1..5") == "(1 .. 5)");
    CHECK(shape("1 MiB..16 TiB") == "(1 MiB .. 16 TiB)");
    CHECK(shape("5ms / 1 Gbit/s") == "(5 ms / 1 Gbit/s)");
    CHECK(shape("[true, false, null,]") == "[true, false, null]");
    CHECK(shape("(1,)") == "<1>");
    CHECK(shape("()") == "<>");
    CHECK(shape("{a: 1, \"b\": 2, 3: c, (d): 4, in: 5,\n}") == "{\"a\": 1, \"b\": 2, 3: c, d: 4, \"in\": 5}");
    CHECK(shape("[k for k, v in m if v > 1]") == "[k for k, v in m if (v > 1)]");
    CHECK(shape("fn(a, b: int = 2) -> int { return a }") == "fn/2");
}

TEST_CASE("strings and what is inserted into them") {
    CHECK(shape(R"('it\'s' + "\t\x41\u{e9}")") == "(\"it's\" + \"\tA\xC3\xA9\")");
    CHECK(shape(R"("a ${x} b ${c.rip:08x}$")") == "`a ${x} b ${c.rip:08x}$`");
    CHECK(shape(R"("${f("in ${g({a: [1]}["a"])}")}")") == "`${f(`in ${g({\"a\": [1]}[\"a\"])}`)}`");
    CHECK(shape(R"('${x}')") == "\"${x}\"");
    CHECK(shape(R"("\${x}")") == "\"${x}\"");
    CHECK(shape("\"\"\"a \"quoted\" ${x}\nb\"\"\"") == "`a \"quoted\" ${x}\nb`");
    Parsed parsed("x = \"ab ${cd + e} f\"");
    const auto& value = *ast::as<ast::AssignStmt>(*parsed.module->body[0]).value;
    const auto& inner = *ast::as<ast::InterpolatedString>(value).values[0];
    CHECK(parsed.sources.text(inner.span) == "cd + e");
    CHECK(parsed.sources.text(value.span) == "\"ab ${cd + e} f\"");
}

TEST_CASE("every span is the text of its node") {
    Parsed parsed("x = alpha.beta(1, two: [3])[4]");
    const auto& assign = ast::as<ast::AssignStmt>(*parsed.module->body[0]);
    const auto& index = ast::as<ast::IndexExpr>(*assign.value);
    CHECK(parsed.sources.text(index.span) == "alpha.beta(1, two: [3])[4]");
    CHECK(parsed.sources.text(index.object->span) == "alpha.beta(1, two: [3])");
    const auto& call = ast::as<ast::CallExpr>(*index.object);
    CHECK(parsed.sources.text(call.callee->span) == "alpha.beta");
    CHECK(parsed.sources.text(call.arguments[1].name->span) == "two");
    CHECK(parsed.sources.text(assign.span) == parsed.sources.file(parsed.file).text);
}

}  // namespace nyx::syntax
