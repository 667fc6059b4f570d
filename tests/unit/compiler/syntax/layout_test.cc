#include <doctest/doctest.h>

#include "parsed.h"

namespace nyx::syntax {

static std::size_t count(std::string_view text) {
    Parsed parsed(text);
    CAPTURE(text);
    CHECK(parsed.mistakes().empty());
    return parsed.module->body.size();
}

TEST_CASE("a newline or a semicolon ends a statement") {
    CHECK(count("a = 1\nb = 2") == 2);
    CHECK(count("a = 1;;; b = 2;\n\n;c = 3;") == 3);
    CHECK(count("a = 1\r\nb = 2\rc = 3") == 3);
    CHECK(count("") == 0);
    CHECK(count("\xEF\xBB\xBF") == 0);
    CHECK(count("\xEF\xBB\xBF"
                "a = 1") == 1);
    CHECK(count("# nothing\n  # but comments") == 0);
}

TEST_CASE("lines that go on") {
    CHECK(count("a = b\n  .c()\n  # between\n\n  ?.d()") == 1);
    CHECK(count("a = 1 +\n  2") == 1);
    CHECK(count("a =\n  2") == 1);
    CHECK(count("f(1,\n  2\n)\n") == 1);
    CHECK(count("a = [\n1\n,\n2\n]") == 1);
    CHECK(count("a = b >\n c") == 1);
    CHECK(count("a = not\n b") == 1);
    CHECK(count("if a {\n}\nelse {\n}") == 1);
    CHECK(count("try {\n}\ncatch e {\n}\nfinally {\n}") == 1);
}

TEST_CASE("lines that do not") {
    CHECK(count("let x: map<string, array<int>>\ny = 1") == 2);
    CHECK(count("let x: int?\ny = 1") == 2);
    CHECK(count("i++\nj--\nk = 1") == 3);
    CHECK(count("fn f() { return\nx }") == 1);
    CHECK(count("if a { } b = 1") == 2);
    CHECK(count("x = fn() { }\n(1)") == 2);
}

TEST_CASE("contextual keywords are names where nothing else fits") {
    CHECK(count("machine = 1; device = 2; on = 3; test = 4; schema = 5; module = 6; use = 7; from = 8; require = 9") ==
          9);
    CHECK(count("f(machine, on: test)\non.event()\ntest(1)\nrequire(x)\nmachine.run()") == 5);
    CHECK(count("fn test(device, state: int) { return device.on(state) }") == 1);
    Parsed parsed("machine device { device device(on = 1)\n require (a) }");
    CHECK(parsed.mistakes().empty());
    const auto& body = ast::as<ast::MachineDecl>(*parsed.module->body[0]).body;
    CHECK(body[0]->kind == ast::StmtKind::kDeviceStmt);
    CHECK(body[1]->kind == ast::StmtKind::kRequireStmt);
}

TEST_CASE("words of device declarations are names everywhere else") {
    CHECK(Parsed("let reg = 1\nx.reg = f(bank: 2)\nphase = reg\nemit(x)\nstate { }").mistakes().size() == 1);
    CHECK(Parsed("let reg = 1\nx.reg = f(bank: 2)\nphase = reg\nemit(x)\nhost = 1\ntimer(when, index)")
              .mistakes()
              .empty());
    CHECK(Parsed("let class = 1").mistakes() == std::vector<std::string>{"NY0106 1:5"});
    CHECK(Parsed("machine m { index = 1; reg x { state = 2 } }").mistakes().empty());
}

}  // namespace nyx::syntax
