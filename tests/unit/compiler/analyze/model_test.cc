// What editors ask: symbols at offsets, references, visible names, members, calls.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "analyzed.h"

using namespace nyx;
using analyze::SymbolKind;

namespace {

constexpr const char* kProgram = R"(class Port {
    """A port."""
    base: int = 0 """Where it begins."""
    fn init(self, base: int, irq = 4) { self.base = base; self.irq = irq }
    fn write(self, value: int) -> int {
        let mut sum = value
        for i in 0..3 { sum += i }
        return sum
    }
}
fn make(base: int) -> Port { return Port(base, irq: 3) }
let com1 = make(0x3f8)
com1.write(1)
print(com1.irq, com1.base)
)";

std::vector<std::string> names(const analyze::Model& model, const std::vector<analyze::SymbolId>& ids) {
    std::vector<std::string> all;
    for (analyze::SymbolId id : ids) all.push_back(model.symbol(id).name);
    return all;
}

bool has(const std::vector<std::string>& all, const std::string& name) {
    return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

TEST_CASE("a name leads to its symbol and back to every use") {
    auto code = test::analyzed(kProgram);
    CHECK(code->findings() == "");
    const analyze::Model& model = code->model;
    analyze::SymbolId write = code->symbol("write(1)");
    REQUIRE(write != analyze::kNoSymbol);
    CHECK(model.symbol(write).kind == SymbolKind::kMethod);
    CHECK(model.symbol(write).name_span.begin == code->at("write(self"));
    std::vector<analyze::Reference> uses = model.references(write);
    REQUIRE(uses.size() == 2);
    CHECK(uses[0].is_declaration);
    CHECK(uses[1].span.begin == code->at("write(1)"));
    // Right behind a name is at it; a blank is not.
    CHECK(model.symbol_at(code->file, code->at("write(1)") + 5) == write);
    CHECK(model.symbol_at(code->file, code->at("= make") + 1) == analyze::kNoSymbol);
    CHECK(model.references(code->symbol("irq: 3")).size() == 3);  // the parameter, its use, and the named argument
    CHECK(model.references(code->symbol("base: int = 0")).size() == 3);
    CHECK(model.symbol(code->symbol("base: int = 0")).doc == "Where it begins.");
}

TEST_CASE("visible names are those of the scopes around, the nearest first") {
    auto code = test::analyzed(kProgram);
    const analyze::Model& model = code->model;
    auto inside = names(model, model.visible(code->file, code->at("sum += i")));
    for (const char* name :
         {"sum", "i", "value", "self", "base", "irq", "write", "make", "com1", "Port", "print", "len"})
        CHECK_MESSAGE(has(inside, name), name);
    auto behind = names(model, model.visible(code->file, code->at("return sum")));
    CHECK(has(behind, "sum"));
    CHECK_FALSE(has(behind, "i"));
    auto outside = names(model, model.visible(code->file, code->at("com1.write")));
    CHECK(has(outside, "com1"));
    CHECK_FALSE(has(outside, "value"));
    CHECK(std::count(inside.begin(), inside.end(), "base") == 1);
}

TEST_CASE("members of a type") {
    auto code = test::analyzed(kProgram);
    const analyze::Model& model = code->model;
    analyze::Type type = model.type_of({code->file, code->at("com1.write"), code->at("com1.write") + 4});
    CHECK(model.text(type) == "Port");
    auto members = names(model, model.members(type));
    for (const char* name : {"base", "irq", "write", "init", "to_string"}) CHECK_MESSAGE(has(members, name), name);
    CHECK_FALSE(has(members, "upper"));
    CHECK(has(names(model, model.members(model.types().basic(analyze::TypeKind::kString))), "upper"));
}

TEST_CASE("expressions and calls at an offset") {
    auto code = test::analyzed(kProgram);
    const analyze::Model& model = code->model;
    auto innermost = model.expression_at(code->file, code->at("0x3f8") + 1);
    REQUIRE(innermost);
    CHECK(model.text(innermost->type) == "int");
    const analyze::Call* call = model.call_at(code->file, code->at("irq: 3"));
    REQUIRE(call);
    CHECK(model.symbol(call->callee).name == "Port");
    auto arguments = model.arguments(*call);
    REQUIRE(arguments.size() == 2);
    CHECK(arguments[0].parameter == 0);
    CHECK(arguments[1].parameter == 1);
    CHECK(arguments[1].named);
    auto signature = model.signature(call->callee);
    REQUIRE(signature);
    CHECK(signature->parameters.size() == 2);
    CHECK(signature->parameters[1].optional);
    CHECK(model.call_at(code->file, code->at("return sum")) == nullptr);
    CHECK(model.call_at(code->file, code->at("com1.irq"))->callee == code->symbol("print(com1"));
}

TEST_CASE("references reach across files, into stdlib too") {
    namespace fs = std::filesystem;
    fs::path folder = fs::temp_directory_path() / "nyx_analyze_test";
    fs::create_directories(folder);
    std::ofstream(folder / "tools.ny")
        << "\"\"\"Tools.\"\"\"\nfn half(x: int) { return x // 2 }\nlet scale = half(4)\n";
    auto code = test::analyzed(
        "import tools\nfrom tools import scale\nprint(tools.half(4), half(2), scale)\n"
        "machine web { memory = 1 GiB; boot = linux(kernel: \"k\"); serial com1 { base = 0x3f8 } }\n",
        (folder / "main.ny").string());
    CHECK(code->findings() == "");
    const analyze::Model& model = code->model;
    analyze::SymbolId half = code->symbol("half(2)");
    REQUIRE(half != analyze::kNoSymbol);
    CHECK(model.references(half).size() == 4);
    CHECK(code->sources.file(model.symbol(half).name_span.file).path.ends_with("tools.ny"));
    CHECK(model.symbol(code->symbol("tools\n")).kind == SymbolKind::kModule);
    CHECK(model.references(code->symbol("scale)")).size() == 3);
    analyze::SymbolId memory = code->symbol("memory =");
    REQUIRE(memory != analyze::kNoSymbol);
    CHECK(model.symbol(memory).kind == SymbolKind::kSchemaField);
    CHECK_FALSE(model.symbol(memory).doc.empty());
    CHECK(model.symbol(code->symbol("linux(")).kind == SymbolKind::kSchema);
    CHECK(model.symbol(code->symbol("kernel:")).kind == SymbolKind::kSchemaField);
    CHECK(model.symbol(code->symbol("serial com1")).kind == SymbolKind::kSchema);
    CHECK(model.symbol(code->symbol("com1 {")).kind == SymbolKind::kDevice);
    CHECK(model.symbol(code->symbol("base = 0x3f8")).owner == code->symbol("serial com1"));
    fs::remove_all(folder);
}

TEST_CASE("any text has a model, at every offset") {
    std::string text = kProgram;
    for (std::size_t cut = 0; cut < text.size(); cut += 7) {
        auto code = test::analyzed(text.substr(0, cut) + (cut % 2 == 0 ? "" : " ) ${ ]"));
        auto size = static_cast<std::uint32_t>(code->sources.file(code->file).text.size());
        for (std::uint32_t at = 0; at <= size + 2; at += 3) {
            code->model.symbol_at(code->file, at);
            code->model.visible(code->file, at);
            code->model.expression_at(code->file, at);
            code->model.call_at(code->file, at);
        }
        CHECK(code->model.symbol_at(99, 0) == analyze::kNoSymbol);
    }
}
