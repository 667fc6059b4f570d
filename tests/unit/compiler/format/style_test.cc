// The style, rule by rule (docs/style-of-nyx.md).
#include <doctest/doctest.h>

#include <algorithm>

#include "laws.h"

namespace nyx::format {

static std::string f(const std::string& text) {
    std::string law = broken_law(text);
    return law.empty() ? formatted(text).value_or("syntax error") : law;
}

static const std::string kLong(60, 'x');

TEST_CASE("blanks") {
    CHECK(f("x=1+2*-3") == "x = 1 + 2 * -3\n");
    CHECK(f("x = - -1 - - - y") == "x = - -1 - - -y\n");
    CHECK(f("f ( 1,b=2 , c : 3 )") == "f(1, b = 2, c: 3)\n");
    CHECK(f("x = a [ 1 : 2 ] [ : ] . b ?. c") == "x = a[1:2][:].b?.c\n");
    CHECK(f("x = { a:1,\"b\" : [ 1,2 ] }") == "x = {a: 1, \"b\": [1, 2]}\n");
    CHECK(f("fn f(a:int,b:map < string,array<int> > ={})->[int]?{ }") ==
          "fn f(a: int, b: map<string, array<int>> = {}) -> [int]? { }\n");
    CHECK(f("let x:fn( int )->bool=null") == "let x: fn(int) -> bool = null\n");
    CHECK(f("for i in 0 .. n+1{ }") == "for i in 0..n + 1 { }\n");
    CHECK(f("for(let i=0;i<3;i ++){ }") == "for (let i = 0; i < 3; i++) { }\n");
    CHECK(f("for ( ; ; ) { }") == "for (;;) { }\n");
    CHECK(f("x = 5ms + 2   GiB") == "x = 5 ms + 2 GiB\n");
    CHECK(f("class A:B{ }") == "class A : B { }\n");
    CHECK(f("x = a>>2 > b") == "x = a >> 2 > b\n");
    CHECK(f("assert ( x == 1,\"m\" )") == "assert(x == 1, \"m\")\n");
    CHECK(f("x = not a and ! b or~c") == "x = not a and !b or ~c\n");
    CHECK(f("f()(1) [2]") == "f()(1)[2]\n");
    CHECK(f("a\n(b)\n[c]\n-d") == "a\n(b)\n[c]\n-d\n");
}

TEST_CASE("lines between statements") {
    CHECK(f("a = 1; b = 2;") == "a = 1\nb = 2\n");
    CHECK(f("\n\n\na = 1\n\n\n\nb = 2\n\n\n") == "a = 1\n\nb = 2\n");
    CHECK(f("if a {\n\n    b()\n\n}") == "if a {\n    b()\n}\n");
    CHECK(f("") == "");
    CHECK(f("# only a comment") == "# only a comment\n");
    CHECK(f("a = 1\r\nb = 2\r\n") == "a = 1\nb = 2\n");
}

TEST_CASE("a block stays on its line if it was on one and fits") {
    CHECK(f("if a { b = 1;c = 2 }") == "if a { b = 1; c = 2 }\n");
    CHECK(f("if a { b = 1\n}") == "if a {\n    b = 1\n}\n");
    CHECK(f("if a { b() } else {\n c() }") == "if a {\n    b()\n} else {\n    c()\n}\n");
    CHECK(f("if a { b() }\nelse if c { d() }") == "if a { b() } else if c { d() }\n");
    CHECK(f("if a { " + kLong + "(1); " + kLong + "(2) }") ==
          "if a {\n    " + kLong + "(1)\n    " + kLong + "(2)\n}\n");
    CHECK(f("fn f() {\n}") == "fn f() { }\n");
    CHECK(f("machine m { serial a { } serial b { } }") == "machine m { serial a { }; serial b { } }\n");
    CHECK(f("x { reg a {\n wls: 1..0 } }") == "syntax error");
}

TEST_CASE("fields of machines and devices are aligned line by line") {
    CHECK(f("machine m {\n memory = 1\n cpus = 2\n\n boot=x\n serial s {\n base = 1\n irq = 2 }\n}") ==
          "machine m {\n    memory = 1\n    cpus   = 2\n\n    boot = x\n    serial s {\n        base = 1\n        irq  "
          "= 2\n"
          "    }\n}\n");
    CHECK(f("a = 1\nlong = 2") == "a = 1\nlong = 2\n");
}

TEST_CASE("lists are broken one item a line, with a comma at the end") {
    CHECK(f("f(" + kLong + ", " + kLong + ")") == "f(\n    " + kLong + ",\n    " + kLong + ",\n)\n");
    CHECK(f("f(\n1, 2)") == "f(\n    1,\n    2,\n)\n");
    CHECK(f("f(1, 2,)") == "f(1, 2)\n");
    CHECK(f("x = (1,)") == "x = (1,)\n");
    CHECK(f("x = [\n  aa, bb,\n\n  cc\n]") == "x = [\n    aa, bb, cc\n]\n");
    CHECK(f("x = [\n  aa,\n\n  bb,\n  cc\n]") == "x = [\n    aa,\n\n    bb,\n    cc,\n]\n");
    CHECK(f("f(a, fn(x) {\n g(x) })") == "f(a, fn(x) {\n    g(x)\n})\n");
    CHECK(f("print(\"" + kLong + kLong + "\")") == "print(\"" + kLong + kLong + "\")\n");
}

TEST_CASE("long lists of short items fill their lines") {
    std::string text = "x = [";
    for (int i = 0; i < 40; ++i) text += "name" + std::to_string(i) + ", ";
    std::string out = f(text + "]");
    CHECK(out.starts_with("x = [\n    name0, name1, "));
    CHECK(out.ends_with("name39\n]\n"));
    CHECK(std::count(out.begin(), out.end(), '\n') == 6);
}

TEST_CASE("expressions are broken behind their loosest operators") {
    CHECK(f("x = " + kLong + " && a * b || " + kLong) == "x = " + kLong + " && a * b ||\n    " + kLong + "\n");
    CHECK(f("if " + kLong + " || " + kLong + " { b() }") ==
          "if " + kLong + " ||\n        " + kLong + " {\n    b()\n}\n");
    CHECK(f("x = 1 +\n  2") == "x = 1 + 2\n");
}

TEST_CASE("comprehensions and imports") {
    CHECK(f("x = [" + kLong + "(a) for a in " + kLong + " if a]") ==
          "x = [\n    " + kLong + "(a)\n    for a in " + kLong + "\n    if a\n]\n");
    std::string out = f("from m import " + kLong + ", b, " + kLong + ", d");
    CHECK(out == "from m import " + kLong + ", b,\n    " + kLong + ", d\n");
}

TEST_CASE("chains of calls") {
    CHECK(f("x = A().b()\n  .c(1)\n  .d") == "x = A()\n    .b()\n    .c(1).d\n");
    CHECK(f("x = A().b().c()") == "x = A().b().c()\n");
    CHECK(f("x = A().b(" + kLong + ").c(" + kLong + ")") == "x = A()\n    .b(" + kLong + ")\n    .c(" + kLong + ")\n");
}

TEST_CASE("comments keep their places") {
    CHECK(f("a = 1 # one\nlong = 2   # two") == "a = 1     # one\nlong = 2  # two\n");
    CHECK(f("if a { # why\n b() # what\n # last\n}") == "if a {   # why\n    b()  # what\n    # last\n}\n");
    CHECK(f("f(1, # one\n 2 # two\n)") == "f(\n    1,  # one\n    2,  # two\n)\n");
    CHECK(f("x = [ # none\n]") == "x = [  # none\n]\n");
    CHECK(f("f(1 # one\n, 2)") == "f(\n    1,  # one\n    2,\n)\n");
    CHECK(f("a = 1\n\n# about b\nb = 2") == "a = 1\n\n# about b\nb = 2\n");
    CHECK(f("if a { }\n# otherwise\nelse { }") == "if a { }\n# otherwise\nelse { }\n");
    CHECK(f("vm = A()\n  # first\n  .b() # second\n  .c()") == "vm = A()\n    # first\n    .b()  # second\n    .c()\n");
}

TEST_CASE("docs of fields stand behind them or below") {
    CHECK(f("schema s {\n a: int = 1\n \"\"\"Doc.\"\"\"\n}") == "schema s {\n    a: int = 1 \"\"\"Doc.\"\"\"\n}\n");
    CHECK(f("schema s {\n a: int = 1 \"\"\"" + kLong + kLong + "\"\"\"\n}") ==
          "schema s {\n    a: int = 1\n        \"\"\"" + kLong + kLong + "\"\"\"\n}\n");
    CHECK(f("schema s {\n \"\"\"Doc.\"\"\"\n a: int, b: int\n}") ==
          "schema s {\n    \"\"\"Doc.\"\"\"\n    a: int\n    b: int\n}\n");
}

TEST_CASE("switch and match") {
    CHECK(f("switch x {\ncase 1:y=1\ncase 2,3:\ny=2\nbreak\ncase 4:{ y=4 }\ndefault:\n}") ==
          "switch x {\n    case 1: y = 1\n    case 2, 3:\n        y = 2\n        break\n    case 4: { y = 4 }\n    "
          "default:\n}\n");
    CHECK(f("match x { 1|2=>a(), _=>b() }") == "match x { 1 | 2 => a(), _ => b() }\n");
    CHECK(f("match x {\n 1=>a(),\n n if n>2=>{ b() }\n}") == "match x {\n    1 => a()\n    n if n > 2 => { b() }\n}\n");
}

TEST_CASE("strings are not touched") {
    CHECK(f("x = \"\"\"a\n   b  \"\"\"") == "x = \"\"\"a\n   b  \"\"\"\n");
    CHECK(f("x = \"${a+b :x}\"+'c'") == "x = \"${a+b :x}\" + 'c'\n");
}

}  // namespace nyx::format
