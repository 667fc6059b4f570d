#include <doctest/doctest.h>

#include "run_script.h"

using namespace nyx;
using test::run_script;

TEST_CASE("mistakes that are known before the script runs") {
    struct {
        const char* text;
        const char* finding;
    } const cases[] = {
        {"let count = 1\nprint(cuont)", "NY0201 2:7 nothing here is called `cuont`"},
        {"fn f() { }\nfn f() { }", "NY0204 2:4 `f` is declared twice"},
        {"fn f(a, a) { }", "NY0204 1:9 two parameters are called `a`"},
        {"fn f() { let x = 1; let x = 2 }", "NY0204 1:25 `x` is declared twice"},
        {"let x = 1\nx = 2", "NY0205 2:1 `x` cannot be assigned again"},
        {"const X = 1\nX += 2", "NY0205 2:1 `X` cannot be assigned again"},
        {"return 1", "NY0108 1:1 `return` stands outside a function"},
        {"break", "NY0108 1:1 `break` stands outside a loop"},
        {"fn f() { continue }", "NY0108 1:10 `continue` stands outside a loop"},
        {"fn f(a, b = 1) { }\nf(1, 2, 3)", "NY0206 2:9 `f` takes 2 arguments, and this is one more"},
        {"fn f(a) { }\nf(b: 1)", "NY0206 2:3 `f` has no parameter `b`"},
        {"fn f(a) { }\nf()", "NY0206 2:1 `f` needs `a`"},
        {"class C { fn init(self, a) { } }\nC()", "NY0206 2:1 `C` needs `a`"},
        {"let x: itn = 1", "NY0207 1:8 there is no type `itn`"},
        {"print(self)", "NY0208 1:7 `self` is only known in methods"},
        {"fn f() { super.x() }", "NY0208 1:10 `super` is only known in methods of a class that extends another"},
        {"1 + 2 = 3", "NY0107"},
        {"fn f() { import a }", "NY0108 1:10 imports stand at the top of a file or module"},
        {"import nothing", "NY0202 1:8 there is no module `nothing`"},
        {"let x: int = \"a\"", "NY0209 1:14 `x` is int, and this is string"},
        {"let x: u8 = 256", "NY0209 1:13 `x` is u8, and 256 does not fit"},
        {"fn f(a: bool) { }\nf(1)", "NY0209 2:3 parameter `a` is bool, and this is int"},
        {"fn f() -> int { return true }", "NY0209 1:24 the result is int, and this is bool"},
        {"x = 2.5 B", "NY0303 1:5 this is no whole number of bytes, or it is too large"},
    };
    for (const auto& one : cases) {
        INFO(std::string(one.text));
        auto ran = run_script(one.text);
        CHECK(ran->finding(0).substr(0, std::string(one.finding).size()) == std::string(one.finding));
    }
}

TEST_CASE("all mistakes of a file come in one run, without cascades") {
    auto ran = run_script("print(a)\nlet x: int = true\nfn f(p) { return q }\nf()\nx = 3\n");
    REQUIRE(ran->sink.all().size() == 5);
    CHECK(ran->sink.all()[0].code == diagnostics::Code::kUnknownName);
    CHECK(!ran->program.clean);
    CHECK(ran->output.empty());
}

TEST_CASE("a fix turns let into let mut") {
    auto ran = run_script("let x = 1\nx = 2");
    REQUIRE(ran->sink.all().size() == 1);
    REQUIRE(ran->sink.all()[0].fixes.size() == 1);
    CHECK(ran->sink.all()[0].fixes[0].edits[0].span.begin == 4);
    CHECK(ran->sink.all()[0].fixes[0].edits[0].replacement == "mut ");
}

TEST_CASE("modules are found beside the file and in stdlib, each once") {
    test::TextLoader loader;
    loader.texts["a.ny"] = "print(\"a\")\nlet x = 1\nfn twice(n) { return n * 2 }\n_hidden = 3";
    loader.texts["sub/b.ny"] = "import c\nfrom \"a\" import x\nfn get() { return x + c.y }";
    loader.texts["lib/c.ny"] = "print(\"c\")\ny = 10";
    loader.texts["lib/deep/d.ny"] = "z = 5";
    loader.texts["sub/a.ny"] = "x = 100";
    auto ran = run_script(
        "import a\nuse \"a\"\nimport sub.b\nfrom a import twice\nimport std.deep.d as dee\n"
        "print(a.x, twice(4), b.get(), dee.z)",
        loader);
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    CHECK(ran->output == "a\nc\n1 8 110 5\n");
}

TEST_CASE("an import circle is shown, and so is what a module does not have") {
    test::TextLoader loader;
    loader.texts["a.ny"] = "import b";
    loader.texts["b.ny"] = "import a";
    auto ran = run_script("import a", loader);
    CHECK(ran->finding(0) == "NY0203 1:8 these modules import each other in a circle");
    REQUIRE(!ran->sink.all().empty());
    CHECK(ran->sink.all()[0].notes.at(0) == "the circle: a.ny -> b.ny -> a.ny");

    loader.texts["m.ny"] = "value = 1\n_inside = 2";
    CHECK(run_script("from m import vaule", loader)->finding(0) == "NY0201 1:15 module `m` has no `vaule`");
    CHECK(run_script("from m import _inside", loader)->finding(0) == "NY0201 1:15 module `m` has no `_inside`");
    CHECK(run_script("import m\nprint(m.other)", loader)->finding(0) == "NY0201 2:9 module `m` has no `other`");
}

TEST_CASE("a script that does not end is ended") {
    script::Limits limits;
    limits.steps = 10'000;
    limits.heap_bytes = 8 << 20;
    limits.depth = 100;
    CHECK(run_script("while true { }", limits)->finding(0) == "NY0302 1:1 the script did not end within 10000 steps");
    CHECK(run_script("fn f(n) { return f(n + 1) }\nf(0)", limits)->finding(0) ==
          "NY0302 1:18 calls are more than 100 deep");
    CHECK(run_script("xs = []\nwhile true { xs.push(\"a\" * 10000) }", limits)->finding(0) ==
          "NY0302 2:22 the script needs more than 8 MiB of memory");
    CHECK(run_script("s = \"ab\" * 1000000000000", limits)->finding(0) ==
          "NY0302 1:5 the script needs more than 8 MiB of memory");
    CHECK(run_script("s = \"a\"\nfor i in 0..60 { s = s + s }", limits)->finding(0).substr(0, 6) == "NY0302");
    CHECK(run_script("sum(0..9000000000)", limits)->finding(0).substr(0, 6) == "NY0301");
    CHECK(run_script("try { while true { } } catch e { print(\"caught\") } finally { print(\"no\") }", limits)
              ->output.empty());
    CHECK(run_script("fn f(x) { return [x].map(f) }\nf(1)", limits)->finding(0).substr(0, 6) == "NY0302");
}

TEST_CASE("a run is interrupted when it is useless, and otherwise counts the same steps") {
    int asked = 0;
    script::Limits limits;
    limits.steps = 1'000'000'000'000;
    limits.interrupted = [&] { return ++asked == 3; };
    CHECK(run_script("while true { }", limits)->finding(0).substr(0, 6) == "NY0302");
    CHECK(asked == 3);
    limits.steps = 50'000;
    limits.interrupted = [] { return false; };
    CHECK(run_script("n = 0\nwhile n < 49990 { n = n + 1 }", limits)->finding(0) == "none");
    CHECK(run_script("n = 0\nwhile n < 50010 { n = n + 1 }", limits)->finding(0).substr(0, 6) == "NY0302");
    CHECK(run_script("sum(0..49000)", limits)->finding(0) == "none");
    CHECK(run_script("sum(0..51000)", limits)->finding(0).substr(0, 6) == "NY0302");
}

TEST_CASE("garbage, cycles among it, is collected") {
    script::Limits limits;
    limits.heap_bytes = 24 << 20;
    auto ran = run_script(
        "for i in 0..200000 { a = []; a.push(a); m = {self: a, text: \"number ${i}\"}; f = fn() { return m } "
        "}\nprint(\"done\")",
        limits);
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    CHECK(ran->output == "done\n");
}

TEST_CASE("an error has the call trace") {
    auto ran = run_script("fn inner(x) {\n  return 10 / x\n}\nfn outer(x) { return inner(x) }\nouter(0)");
    CHECK(ran->finding(0) == "NY0301 2:10 division by zero");
    const auto& labels = ran->sink.all().at(0).labels;
    REQUIRE(labels.size() == 2);
    CHECK(ran->sources->text(labels[0].span) == "inner(x)");
    CHECK(ran->sources->text(labels[1].span) == "outer(0)");
}

TEST_CASE("the same text gives the same bytes, wherever it lies") {
    const char* text =
        "fn f(a) { return fn() { return a } }\nclass C { x = 1 }\nmodule M { z = 1; y = 2 }\nprint(f(1)())";
    test::TextLoader loader;
    auto here = run_script(text, loader, {}, "here/main.ny");
    auto there = run_script(text, loader, {}, "over/there/main.ny");
    CHECK(script::encode(here->program.code) == script::encode(there->program.code));
}
