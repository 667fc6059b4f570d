// What is reported, and above all what is not.
#include <doctest/doctest.h>

#include "analyzed.h"

using namespace nyx;

namespace {

std::string findings(const std::string& text) {
    return test::analyzed(text)->findings();
}

}  // namespace

TEST_CASE("what may be right is silent") {
    // A method that only derived classes have, an open class, members that others set.
    CHECK(findings(
              "class A { fn run(self) { return self.tick() } }\nclass B extends A { fn tick(self) { return 1 } }\n") ==
          "");
    CHECK(findings("fn base() { return null }\nlet Base = base()\nfn f(x) { return x.anything + 1 }\n") == "");
    CHECK(findings("class A { fn get(self) { return self.late } }\nfn fill(x) { x.late = 1 }\n") == "");
    // Elements may be anything.
    CHECK(findings("let xs = [1]\nfn f(ys) { ys.push(\"a\") }\nf(xs)\nlet y = xs[1].upper()\n") == "");
    // A field that a derived class fills with something else.
    CHECK(findings("class A { v = 1\n fn get(self) { return self.v.upper() } }\nclass B extends A { v = \"x\" }\n") ==
          "");
    // Null until somebody knows better.
    CHECK(findings("let mut vm = null\nfn start() { vm = \"x\" }\nfn f() { return vm.upper() }\n") == "");
    CHECK(findings("class A { a = 0; b = 0 }\nlet a = A(\"x\", b: 2)\nprint(a.a.upper())\n") == "");
    // What this build has not, and a built-in's name for something else.
    CHECK(findings("let vm = ProductionVMBuilder()\nvm.uefi(\"f\")\nprint(vm)\nfn f(xs) { return xs[length - 2] }\n") ==
          "");
    CHECK(findings("fn f(m) { for k, v in m { for i in v { print(i) }\n for j, c in k { print(j) } } }\n") == "");
    // A class that others may derive from another way.
    CHECK(findings("fn f(a: number) { return a << 2 }\nfn g(a: float) { return a }\ng(1)\n") == "");
    CHECK(findings("fn f(x: int, y: size = 4096) -> float { return x }\nf(1, 2)\n") == "");
}

TEST_CASE("a caught failure is a warning") {
    auto code = test::analyzed("fn f() { try { return 1 - \"a\" } catch e { return e } }\n");
    CHECK(code->findings() == "NY0311 1:25");
    CHECK(code->sink.error_count() == 0);
}

TEST_CASE("one mistake, one finding") {
    CHECK(findings("let a = nothing_here + 1 - \"x\"\n") == "NY0201 1:9");
    CHECK(findings("let a = \"a\" * {}\nlet b = a - 1\nb.more()\n") == "NY0311 1:13");
    CHECK(findings("fn f(a) { return a }\nf(1, 2)\n") == "NY0206 2:6");
    CHECK(findings("let a: int = \"x\"\n") == "NY0209 1:14");
    CHECK(findings("class A { }\nfn f(a: A) { a.gone.further.still() }\n") == "NY0310 2:16");
}

TEST_CASE("functions that never run are looked at") {
    CHECK(findings("fn f() { let g = fn(x: int) { return x.up() }\n return g }\n") == "NY0310 1:40");
    CHECK(findings(
              "class A { fn m(self, a: int) { return a } }\nclass B extends A { fn n(self) { return super.m() } }\n") ==
          "NY0206 2:41");
    CHECK(findings("fn f(a: string) -> int { return a }\n") == "NY0209 1:33");
    CHECK(findings("fn f() { for x in 5 { print(x) } }\n") == "NY0319 1:19");
}

TEST_CASE("mistakes have the span that the interpreter reports") {
    auto code = test::analyzed("let a = 1 - \"x\"\n");
    std::uint32_t begin = code->at("1 - ");
    CHECK(code->model.is_mistake({code->file, begin, begin + 7}));
    CHECK_FALSE(code->model.is_mistake({code->file, 0, 3}));
}

TEST_CASE("what is no container is not taken apart") {
    CHECK(findings("fn f(x: int) { let a, b = x\n return a }\n") == "NY0319 1:27");
    CHECK(findings("fn f(x: array) { x.length = 1\n x[1 KiB] = 2\n return x[true] }\n") ==
          "NY0310 1:20, NY0319 2:4, NY0319 3:11");
    CHECK(findings("fn f(x) { return x in 5 }\n") == "NY0311 1:23");
}
