#include <doctest/doctest.h>

#include "parsed.h"

namespace nyx::syntax {

using Strings = std::vector<std::string>;

TEST_CASE("ten mistakes in one file are ten diagnostics, each in its place") {
    Parsed parsed(R"(machine web {
    memory = 2 GIB
    cpus = = 2
    boot = linux(kernel: "vmlinuz" initrd: "x")
    serial com1 { base = 0x3f8 + }
    name = "unterminated
    tag = "bad \q escape"
}
fn f(a b) { return a }
if x = 3 { y = 1 }
let n = 99999999999999999999
for x xs { }
y = 0
)");
    CHECK(parsed.mistakes() == Strings{"NY0007 2:16", "NY0101 3:12", "NY0101 4:36", "NY0101 5:33", "NY0003 6:12",
                                       "NY0004 7:16", "NY0101 9:8", "NY0101 10:6", "NY0006 11:9", "NY0101 12:7"});
    CHECK(parsed.module->body.size() == 6);
    CHECK(ast::as<ast::MachineDecl>(*parsed.module->body[0]).body.size() == 6);
}

TEST_CASE("a bracket that is not closed points at both ends") {
    Parsed machine("machine web {\n    memory = 1\n    serial com1 { base = 1 }\n");
    CHECK(machine.mistakes() == Strings{"NY0102 3:29"});
    CHECK(machine.first_message() == "expected `}` to close the machine block");
    REQUIRE(machine.sink.all()[0].labels.size() == 1);
    CHECK(machine.sources.position(machine.file, machine.sink.all()[0].labels[0].span.begin).column == 13);
    CHECK(machine.sink.all()[0].fixes.size() == 1);
    CHECK(Parsed("machine a {\n    x = 1\n\nmachine b {\n    x = 2\n}\n").mistakes() == Strings{"NY0102 2:10"});
    CHECK(Parsed("a = f(1, 2\nlet b = 5\nc = 6").mistakes() == Strings{"NY0102 1:11"});
    CHECK(Parsed("if a {\n    b = [1, 2\n    c = 3\n}\nd = 4").mistakes() == Strings{"NY0102 2:14"});
    CHECK(Parsed("fn f() {\n    if a {\n        b()\n}\nfn g() { }\n").mistakes() == Strings{"NY0102 3:12"});
    CHECK(Parsed("x = \"${f(1}\"").mistakes() == Strings{"NY0102 1:11"});
}

TEST_CASE("a bracket that closes nothing") {
    CHECK(Parsed("a = 1)\nb = 2").mistakes() == Strings{"NY0103 1:6"});
    CHECK(Parsed("c = ]\nwhile true { }").mistakes() == Strings{"NY0103 1:5"});
    CHECK(Parsed("if a { b() } }\nc()").mistakes() == Strings{"NY0103 1:14"});
    CHECK(Parsed("f(a]\n)").mistakes() == Strings{"NY0103 1:4"});
}

TEST_CASE("strings that never end") {
    CHECK(Parsed("a = \"x\nb = 2").mistakes() == Strings{"NY0003 1:5"});
    CHECK(Parsed("a = 'x\nb = 2").mistakes() == Strings{"NY0003 1:5"});
    CHECK(Parsed("a = \"x ${y\nb = 2").mistakes() == Strings{"NY0003 1:5"});
    CHECK(Parsed("a = \"x ${y:\nb = 2").mistakes() == Strings{"NY0003 1:5"});
    CHECK(Parsed("a = \"x \\").mistakes() == Strings{"NY0003 1:5"});
    Parsed triple("a = \"\"\"x\nb = 2");
    CHECK(triple.mistakes() == Strings{"NY0003 1:5"});
}

TEST_CASE("characters, numbers and units") {
    CHECK(Parsed("a = \xC3\xA4\xC3\xB6\nb = 1").mistakes() == Strings{"NY0002 1:5"});
    CHECK(Parsed("a = \xE2\x80\x9Cx y\xE2\x80\x9D\nb = 1").mistakes() == Strings{"NY0002 1:5"});
    CHECK(Parsed("let gr\xC3\xB6\xC3\x9F"
                 "e = 1")
              .mistakes() == Strings{"NY0002 1:7"});
    CHECK(Parsed("a = 1 \xFF\xFE").mistakes() == Strings{"NY0001 1:7"});
    CHECK(Parsed("# \xC3").mistakes() == Strings{"NY0001 1:3"});
    CHECK(Parsed(std::string_view("a = 1 \0 + 2\nb = 3", 17)).mistakes() == Strings{"NY0002 1:7"});
    CHECK(Parsed("a = 0x\nb = 12abc\nc = 0b12\nd = 0o9").mistakes() ==
          Strings{"NY0005 1:5", "NY0005 2:5", "NY0005 3:5", "NY0005 4:5"});
    CHECK(Parsed("a = 9223372036854775808\nb = 0x1ffffffffffffffff\nc = 1e999").mistakes() ==
          Strings{"NY0006 1:5", "NY0006 2:5", "NY0006 3:5"});
    CHECK(Parsed("a = 2 GIB").sink.all()[0].fixes[0].edits[0].replacement == "GiB");
}

TEST_CASE("one mistake, one diagnostic, and what follows is still seen") {
    for (std::string line : {"print \"hello\"",
                             "let = 5",
                             "let",
                             "import 5",
                             "x = cond ? a : b",
                             "// comment",
                             "while { }",
                             "class { }",
                             "machine { memory = 1 }",
                             "fn (a { }",
                             "x = [1 2 3]",
                             "f(1 2, 3)",
                             "x = {a 1}",
                             "x = {a: 1, b 2}",
                             "for (i = 0; i < 3) { }",
                             "switch x { print(1) }",
                             "match x { 1 => }",
                             "match x { => 1 }",
                             "try",
                             "x = a +",
                             "x = * 2",
                             "a..",
                             "a.",
                             "a.1",
                             "if",
                             "else { }",
                             "case 1: x",
                             "return return",
                             "x = fn",
                             "let x: = 1",
                             "let x: map<int = 1",
                             "class C { 5 }",
                             "class C { fn }",
                             "schema s { a: }",
                             "schema s { a b }",
                             "from x",
                             "x = @",
                             "throw",
                             "machine m { on }",
                             "= 3",
                             ", x",
                             "switch x { case: y }",
                             "m = match x { }",
                             "x = \"${}\"",
                             "x = \"${a b}\"",
                             "x = (1, 2",
                             "x = not",
                             "fn f(1) { }",
                             "fn f(a,, b) { }",
                             "f(,)",
                             "x = [for a in b]",
                             "x = [a for in b]",
                             "x[",
                             "x = y[]"}) {
        CAPTURE(line);
        Parsed parsed(line + "\nlet good = 1\n");
        CHECK(parsed.mistakes().size() == 1);
        CHECK(parsed.mistakes()[0].substr(7, 2) == "1:");
        REQUIRE(!parsed.module->body.empty());
        CHECK(parsed.module->body.back()->kind == ast::StmtKind::kLetStmt);
        // Inside a block it is no different.
        Parsed inside("fn f() {\n" + line + "\nlet good = 1\n}\nlet better = 1\n");
        CHECK(inside.mistakes().size() == 1);
        CHECK(inside.module->body.back()->kind == ast::StmtKind::kLetStmt);
    }
}

TEST_CASE("keywords as names are called by their name") {
    CHECK(Parsed("fn if() { }").mistakes() == Strings{"NY0106 1:4"});
    CHECK(Parsed("class for { }").mistakes() == Strings{"NY0106 1:7"});
    CHECK(Parsed("fn f(in) { }").mistakes() == Strings{"NY0106 1:6"});
    CHECK(Parsed("for in in xs { }").mistakes() == Strings{"NY0106 1:5"});
}

TEST_CASE("messages are in the author's terms") {
    CHECK(Parsed("let x = ").first_message() == "expected a value, found the end of the file");
    CHECK(Parsed("f(1 2)").first_message() == "expected `,` or `)`, found `2`");
    CHECK(Parsed("machine { }").first_message() == "expected a name for the machine, found `{`");
    CHECK(Parsed("for x xs { }").first_message() == "expected `in`, found `xs`");
    CHECK(Parsed("if a b").first_message() == "expected `{`, found `b`");
    CHECK(Parsed("switch x { y }").first_message() == "expected `case`, `default` or `}`, found `y`");
    CHECK(Parsed("print \"hello\"").sink.all()[0].helps[0] == "a call needs parentheses: `print(…)`");
    CHECK(Parsed("def f() { }").first_message() == "`def` is not a word of Nyx; write `fn`");
    CHECK(Parsed("// x").first_message() == "comments begin with `#`, not with `//`");
}

TEST_CASE("what is broken is a node, so that names around it are known") {
    Parsed parsed("let x = +\nfn f(a b) { return a }\nmachine m { memory = }\nclass C { x = ; y = 1 }");
    REQUIRE(parsed.module->body.size() == 4);
    CHECK(ast::as<ast::LetStmt>(*parsed.module->body[0]).value->kind == ast::ExprKind::kErrorExpr);
    CHECK(ast::as<ast::FnDecl>(*parsed.module->body[1]).fn.body.size() == 1);
    CHECK(ast::as<ast::MachineDecl>(*parsed.module->body[2]).body.size() == 1);
    CHECK(ast::as<ast::ClassDecl>(*parsed.module->body[3]).fields.size() == 2);
}

}  // namespace nyx::syntax
