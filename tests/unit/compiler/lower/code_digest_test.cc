#include "runtime/script/code_digest.h"

#include <doctest/doctest.h>

#include "run_script.h"

using namespace nyx;

namespace {

const std::string kClass =
    "const STEP = 3\n"
    "fn helper(x: int) -> int { return x + STEP }\n"
    "class Gadget { pins: int = 0; fn read(port: int) -> int { return helper(port) + self.pins } }\n";

Digest digest(const std::string& text) {
    const auto ran = test::run_script(text);
    REQUIRE(ran->finding(0) == "none");
    return script::code_digest(ran->program.code);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    REQUIRE(text.find(from) != std::string::npos);
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("layout, comments and places are no part of what code does") {
    CHECK(digest("# a comment\n\n" + with(kClass, "{ return x + STEP }", "{\n    return x + STEP  # more\n}")) ==
          digest(kClass));
}

TEST_CASE("whatever changes what code does changes its digest") {
    const Digest before = digest(kClass);
    CHECK(digest(with(kClass, "STEP = 3", "STEP = 4")) != before);
    CHECK(digest(with(kClass, "x + STEP", "x - STEP")) != before);
    CHECK(digest(with(kClass, "pins: int = 0", "pins: int = 1")) != before);
    CHECK(digest(with(kClass, "pins: int", "pins: any")) != before);
    CHECK(digest(with(kClass, "read(", "look(")) != before);
    CHECK(digest(with(kClass, "helper(port)", "port")) != before);
    CHECK(digest(kClass + "STEPS = STEP\n") != before);
}

TEST_CASE("what machines say is left out, also what they are called") {
    const std::string one = kClass + "machine a { memory = 16 MiB }\nlet last = 1\n";
    CHECK(digest(with(one, "16 MiB", "32 MiB\n    cpus = helper(2)")) == digest(one));
    CHECK(digest(with(one, "machine a", "machine b { cpus = 3 }\nmachine a")) == digest(one));
    CHECK(digest(with(one, "last = 1", "last = 2")) != digest(one));
}

TEST_CASE("a bundle's bytecode has the digest that the compiler found") {
    const auto ran = test::run_script(kClass);
    const auto read = script::decode(script::encode(ran->program.code));
    REQUIRE(read);
    CHECK(script::code_digest(*read) == script::code_digest(ran->program.code));
}
