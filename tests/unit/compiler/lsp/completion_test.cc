// Proposals at places of texts that are being written, with the library and compiler of nyxc.
#include "session.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace nyx;
using namespace nyx::lsp_test;

namespace {

json complete(const std::string& text, const json& client = json::object()) {
    return Session(text, client).here("textDocument/completion");
}

}  // namespace

TEST_CASE("in a machine its fields are proposed with type, range and default, and those that are set are not") {
    json list = complete("machine web {\n    cpus = 2\n    |\n    acpi = true\n}\n");
    REQUIRE(has(list, "memory"));
    CHECK(item(list, "memory").at("detail") == "a size, such as 512 MiB (4 KiB to 256 TiB) = 128 MiB");
    CHECK(item(list, "memory").at("textEdit").at("newText") == "memory = ");
    CHECK(!has(list, "cpus"));
    CHECK(!has(list, "acpi"));
    CHECK(labels(list).front() == "boot");  // required
    CHECK(has(list, "serial"));
    CHECK(has(list, "require"));
    CHECK(!has(list, "print"));
}

TEST_CASE("in a device its fields are proposed, in half a machine too") {
    for (const std::string text :
         {"machine web {\n    serial com1 {\n        ba|\n    }\n}\n", "machine web {\n    serial com1 { |",
          "machine web {\n    boot = \n    serial com1 { irq = 4; |"}) {
        CAPTURE(text);
        json list = complete(text);
        CHECK(has(list, "base"));
        CHECK(has(list, "backend"));
        CHECK(!has(list, "memory"));
    }
}

TEST_CASE("types of devices come as snippets where the editor knows them") {
    json list = complete("machine web {\n    s|\n}\n", kSnippets);
    CHECK(item(list, "serial").at("textEdit").at("newText") == "serial ${1:com1} { $0 }");
    CHECK(item(list, "serial").at("insertTextFormat") == 2);
    json plain = complete("machine web {\n    s|\n}\n");
    CHECK(item(plain, "serial").at("textEdit").at("newText") == "serial");
    CHECK(has(complete("machine web {\n    device |\n}\n"), "serial"));
    CHECK(!has(complete("machine web {\n    device |\n}\n"), "memory"));
}

TEST_CASE("values are those of the field") {
    json boot = complete("machine web {\n    boot = |\n}\n", kSnippets);
    CHECK(item(boot, "linux").at("textEdit").at("newText") == "linux(kernel: \"$1\")$0");
    json accelerator = complete("machine web { accelerator = | }");
    CHECK(has(accelerator, "kvm"));
    CHECK(has(accelerator, "soft"));
    CHECK(labels(accelerator).front() == "kvm");
    CHECK(has(complete("machine web { pit = | }"), "false"));
    CHECK(has(complete("machine web { serial com1 { base = | } }"), "auto"));
    CHECK(has(complete("machine web { serial com1 { backend = | } }"), "pty"));
    CHECK(has(complete("machine web { boot = flat(image: \"a\", mode: | }"), "real16"));
}

TEST_CASE("arguments of a boot protocol are its fields that are not given yet") {
    json list = complete("machine web {\n    boot = linux(kernel: \"vmlinuz\", |\n}\n");
    CHECK(has(list, "initrd"));
    CHECK(has(list, "cmdline"));
    CHECK(!has(list, "kernel"));
    CHECK(item(list, "initrd").at("textEdit").at("newText") == "initrd: ");
}

TEST_CASE("units follow a number, those of the field's dimension") {
    json memory = complete("machine web {\n    memory = 2 |\n}\n");
    CHECK(has(memory, "GiB"));
    CHECK(!has(memory, "ms"));
    CHECK(labels(memory).front() == "KiB");
    json written = complete("machine web {\n    memory = 2 G|\n}\n");
    CHECK(item(written, "GiB").at("textEdit").at("range").at("start").at("character") == 15);
    CHECK(complete("machine web {\n    cpus = 2 |\n}\n").at("items").empty());
    CHECK(has(complete("let t = 5 |\n"), "ms"));
}

TEST_CASE("members are those of the inferred type, also where nothing stands behind the dot") {
    const std::string box =
        "class Box {\n    size = 0\n    fn twice(self) { return 2 * self.size }\n}\nlet box = Box(3)\n";
    for (const char* use :
         {"box.|\n", "print(box.|\nlet y = 1\n", "print(box.tw|)\n", "if box.| {\n}\n", "let z = box\n    .|\n"}) {
        CAPTURE(use);
        json list = complete(box + use);
        CHECK(has(list, "size"));
        CHECK(has(list, "twice"));
        CHECK(!has(list, "box"));
    }
    CHECK(has(complete("let m = {a: 1}\nm.|\n"), "keys"));
    CHECK(has(complete("\"abc\".|\n"), "upper"));
    CHECK(!has(complete("\"abc\".|\n"), "keys"));
    CHECK(has(complete("let b = ProductionVMBuilder()\nb.|\n"), "memory"));
    // Of an unknown type: what stands behind dots elsewhere.
    CHECK(has(complete("fn f(x) {\n    x.start()\n    x.|\n}\n"), "start"));
}

TEST_CASE("names in scope come nearest first, with built-ins and keywords behind them") {
    json list = complete("let outer = 1\nfn f(first, second: int) {\n    let inner = 2\n    pr|\n}\n");
    for (const char* name : {"outer", "first", "second", "inner", "f", "print", "return"}) CHECK(has(list, name));
    CHECK(item(list, "second").at("detail") == "parameter second: int");
    CHECK(!has(complete("let x = |\nfn g() { let hidden = 1 }\n"), "hidden"));
    CHECK(has(complete("let x = 5\nlet y = \"${|}\"\n"), "x"));
}

TEST_CASE("arguments by name are those of the function that is called") {
    json list = complete("fn draw(width, height = 2, color = \"\") { }\ndraw(1, height: 3, |\n");
    CHECK(has(list, "color:"));
    CHECK(!has(list, "width:"));
    CHECK(!has(list, "height:"));
    CHECK(!has(complete("fn draw(width, height = 2) { }\ndraw(height: |)\n"), "width:"));
}

TEST_CASE("modules, files and their names are listed from the disk") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / ("nyx-completion-" + std::to_string(::getpid()));
    fs::create_directories(folder / "images");
    std::ofstream(folder / "tools.ny") << "\"\"\"Useful things.\"\"\"\nfn helper(a) { return a }\n";
    std::ofstream(folder / "vmlinuz") << "x";
    std::ofstream(folder / "images/disk.img") << "x";
    std::string uri = "file://" + (folder / "main.ny").string();
    auto at = [&](const std::string& text) {
        return Session(text, json::object(), uri).here("textDocument/completion");
    };
    CHECK(has(at("import |\n"), "tools"));
    CHECK(has(at("import |\n"), "std"));
    CHECK(has(at("import std.|\n"), "boards"));
    CHECK(has(at("import std.boards.p|\n"), "pc"));
    CHECK(has(at("from tools import |\n"), "helper"));
    CHECK(has(at("machine m { boot = linux(kernel: \"|\") }\n"), "vmlinuz"));
    CHECK(has(at("machine m { boot = linux(kernel: \"|\") }\n"), "images/"));
    json inner = at("machine m { boot = linux(kernel: \"images/d|");
    CHECK(has(inner, "disk.img"));
    CHECK(!has(inner, "vmlinuz"));
    CHECK(at("let x = \"|\"\n").at("items").empty());
    Session session("import |\n", json::object(), uri);
    json tools = item(session.here("textDocument/completion"), "tools");
    CHECK(session.ask("completionItem/resolve", tools).at("result").at("documentation").at("value") ==
          "Useful things.");
}

TEST_CASE("documentation is resolved when it is asked for") {
    Session session("fn double(x) {\n    \"\"\"Two of it.\"\"\"\n    return 2 * x\n}\nmachine m {\n    |\n}\n");
    json list = session.here("textDocument/completion");
    json memory = session.ask("completionItem/resolve", item(list, "memory")).at("result");
    CHECK(memory.at("documentation").at("value").get<std::string>().find("RAM, in whole 4 KiB pages") !=
          std::string::npos);
    json serial = session.ask("completionItem/resolve", item(list, "serial")).at("result");
    CHECK(serial.at("documentation").at("value").get<std::string>().find("16550A") != std::string::npos);
    Session code("fn double(x) {\n    \"\"\"Two of it.\"\"\"\n    return 2 * x\n}\ndo|\n");
    json function = item(code.here("textDocument/completion"), "double");
    CHECK(code.ask("completionItem/resolve", function)
              .at("result")
              .at("documentation")
              .at("value")
              .get<std::string>()
              .find("Two of it.") != std::string::npos);
    code.change("x\n");
    CHECK(!code.ask("completionItem/resolve", function).at("result").contains("documentation"));
    CHECK(code.ask("completionItem/resolve", {{"label", "x"}, {"data", 5}}).contains("result"));
}

TEST_CASE("in comments and in names of declarations nothing is proposed") {
    for (const std::string text :
         {"# a comment |\n", "fn |\n", "let |\n", "machine |\n", "let x = 12|\n", "machine m { serial co| }\n"}) {
        CAPTURE(text);
        CHECK(complete(text).at("items").empty());
    }
}

TEST_CASE("types follow a colon, machines the colon of a machine") {
    CHECK(has(complete("class Box { }\nlet x: |\n"), "Box"));
    CHECK(has(complete("fn f(a: |\n"), "string"));
    json machines = complete("machine web { }\nmachine other : |\n");
    CHECK(has(machines, "web"));
    CHECK(!has(machines, "print"));
}

TEST_CASE("signature help says what is called and which argument is next") {
    auto help = [](const std::string& text) { return Session(text).here("textDocument/signatureHelp"); };
    json function = help("fn draw(width, height: int = 2) -> int { return 1 }\ndraw(1, |\n");
    CHECK(function.at("signatures").at(0).at("label") == "draw(width, height: int = 2) -> int");
    CHECK(function.at("activeParameter") == 1);
    CHECK(help("fn draw(width, height = 2) { }\ndraw(height: 3, width: |)").at("activeParameter") == 0);
    CHECK(help("class Box {\n    fn init(self, size) { }\n    fn grow(self, by) { }\n}\nlet b = Box(1)\nb.grow(|\n")
              .at("signatures")
              .at(0)
              .at("label") == "grow(by) -> null");
    CHECK(help("class Box {\n    fn init(self, size) { }\n}\nBox(|)\n")
              .at("signatures")
              .at(0)
              .at("label")
              .get<std::string>()
              .starts_with("Box(size"));
    json linux_boot = help("machine m {\n    boot = linux(kernel: \"a\", |\n}\n");
    CHECK(linux_boot.at("signatures").at(0).at("label") == "linux(kernel, initrd = null, cmdline = \"\")");
    CHECK(linux_boot.at("activeParameter") == 1);
    CHECK(help("print(|").at("signatures").at(0).at("label").get<std::string>().starts_with("print("));
    CHECK(help("let b = ProductionVMBuilder()\nb.memory(|\n")
              .at("signatures")
              .at(0)
              .at("label")
              .get<std::string>()
              .starts_with("memory("));
    CHECK(help("let x = (1 + |)\n").is_null());
    CHECK(help("fn f(a, |) { }\n").is_null());
}

TEST_CASE("every place of every cut text has an answer") {
    const std::string text =
        "import std.boards.pc\nmachine web {\n    memory = 2 GiB\n    boot = linux(kernel: \"a${1 + 2}b\", cmdline: "
        "'x')\n    serial com1 { base = 0x3f8 }\n"
        "    for i in 0..2 { exit e { } }\n}\nclass A { fn f(self, x: int = 2) { return [1, {a: self.f(x)}] } "
        "}\nA().f(x: 3).g[1](\n";
    for (std::size_t end = 0; end <= text.size(); end += 3) {
        Session session(text.substr(0, end) + "|");
        CHECK(session.here("textDocument/completion").contains("items"));
        session.here("textDocument/signatureHelp");
    }
}
