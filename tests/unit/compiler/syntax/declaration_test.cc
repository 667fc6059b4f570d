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

TEST_CASE("imports") {
    Parsed dotted("import std.boards.pc as board");
    CHECK(only<ImportStmt>(dotted).path.text == "std.boards.pc");
    CHECK(only<ImportStmt>(dotted).alias->text == "board");
    for (const char* text : {"import \"a\"", "use a", "use \"a\";", "import a"}) {
        Parsed parsed(text);
        CHECK(only<ImportStmt>(parsed).path.text == "a");
    }
    Parsed names("from \"a\" import x, y");
    CHECK(only<ImportStmt>(names).names.size() == 2);
}

TEST_CASE("functions and types") {
    Parsed parsed("fn f(a, b: int = 2, c: fn(int, [string]) -> bool? = null) -> a.b<T>(1) {\n\"\"\"Doc.\"\"\"\n x }");
    const auto& node = only<FnDecl>(parsed);
    CHECK(node.doc == "Doc.");
    CHECK(node.fn.body.size() == 1);
    CHECK(node.fn.result->name == "a.b");
    CHECK(node.fn.result->arguments.size() == 1);
    const TypeRef& callback = *node.fn.parameters[2].type;
    CHECK(callback.name == "fn");
    CHECK(callback.parameters[1].parameters[0].name == "string");
    CHECK(callback.result->nullable);
    Parsed chain("let f: fn() -> fn(int) -> bool");
    CHECK(only<LetStmt>(chain).type->result->result->name == "bool");
    Parsed declared("fn read(port: int) -> int");
    CHECK(!only<FnDecl>(declared).fn.has_body);
}

TEST_CASE("classes and modules") {
    Parsed parsed(
        "class C extends B {\n\"\"\"Doc.\"\"\"\nx = 0; y: int\n fn init(self) { self.x = 1 }\n fn io(port: int)\n}");
    const auto& node = only<ClassDecl>(parsed);
    CHECK(node.base->text == "B");
    CHECK(node.doc == "Doc.");
    CHECK(node.fields.size() == 2);
    CHECK(node.methods.size() == 2);
    Parsed module("module M { \"\"\"Doc.\"\"\"; fn f() { } }");
    CHECK(only<ModuleDecl>(module).doc == "Doc.");
    CHECK(only<ModuleDecl>(module).body.size() == 1);
}

TEST_CASE("schemas: docs beside and below fields") {
    Parsed parsed(
        "schema a : b {\n\"\"\"All.\"\"\"\n"
        "memory: size(1 MiB..16 TiB) = 128 MiB \"\"\"RAM.\"\"\"\n cpus: int(1..8)\n  \"\"\"CPUs,\n     of any "
        "kind.\"\"\"\n"
        "bus: one_of(virtio, ahci) = virtio, base: ioport(8) = auto([0x3f8, 0x2f8]); needs = [x]\n}");
    const auto& node = only<SchemaDecl>(parsed);
    CHECK(node.base->text == "b");
    CHECK(node.doc == "All.");
    REQUIRE(node.fields.size() == 5);
    CHECK(node.fields[0].doc == "RAM.");
    CHECK(node.fields[1].doc == "CPUs,\nof any kind.");
    CHECK(shape(*node.fields[0].type->arguments[0]) == "(1 MiB .. 16 TiB)");
    CHECK(shape(*node.fields[3].value) == "auto([1016, 760])");
    CHECK(!node.fields[4].type);
}

TEST_CASE("machines") {
    Parsed parsed(R"("""File."""
machine web : base {
    """Box."""
    memory = 2 GiB
    serial com1 { base = 0x3f8 }
    tpm { version = 2.0 }
    device gpio(base = 0x3fc)
    require memory > 1 MiB, "why"
    on exception(page_fault) (ctx) { recover ignore }
    test "title" { boot() }
    for i in 0..2 { nic eth { index = i } }
})");
    CHECK(parsed.module->doc == "File.");
    const auto& node = only<MachineDecl>(parsed);
    CHECK(node.doc == "Box.");
    REQUIRE(node.body.size() == 8);
    CHECK(as<DeviceStmt>(*node.body[1]).name->text == "com1");
    CHECK(!as<DeviceStmt>(*node.body[2]).name);
    CHECK(as<DeviceStmt>(*node.body[3]).type.text == "gpio");
    CHECK(as<DeviceStmt>(*node.body[3]).body.size() == 1);
    CHECK(as<OnStmt>(*node.body[5]).arguments.size() == 1);
    CHECK(as<OnStmt>(*node.body[5]).parameters[0].name.text == "ctx");
    CHECK(as<TestStmt>(*node.body[6]).title == "title");
}

TEST_CASE("what stands in the wrong place") {
    using Strings = std::vector<std::string>;
    CHECK(Parsed("serial com1 { }").mistakes() == Strings{"NY0108 1:1"});
    CHECK(Parsed("require x").mistakes() == Strings{"NY0108 1:1"});
    CHECK(Parsed("machine a { print(1); while x { }; if b { machine c { } } }").mistakes() ==
          Strings{"NY0108 1:13", "NY0108 1:23", "NY0108 1:43"});
    CHECK(Parsed("machine a { serial b { test \"x\" { } } }").mistakes() == Strings{"NY0108 1:24"});
    CHECK(Parsed("x + 1 = 2").mistakes() == Strings{"NY0107 1:1"});
}

}  // namespace nyx::syntax
