// builtins.def says of every built-in what runtime/script and docs/builtins.md say.
#include <doctest/doctest.h>

#include <set>

#include "analyzed.h"
#include "compiler/analyze/builtins.h"
#include "runtime/base/file.h"
#include "runtime/script/natives.h"

using namespace nyx;

namespace {

// "x, base =" as runtime/script writes it → {"x", "base?"}.
std::vector<std::string> names_of(std::string_view parameters) {
    std::vector<std::string> names;
    std::string name;
    const std::string text = std::string(parameters) + ",";
    for (char c : text) {
        if (c == ',') {
            if (!name.empty()) names.push_back(std::exchange(name, {}));
        } else if (c == '=') {
            name += '?';
        } else if (c != ' ') {
            name += c;
        }
    }
    return names;
}

}  // namespace

TEST_CASE("built-ins take what runtime/script takes") {
    auto code = test::analyzed("");
    const analyze::Model& model = code->model;
    std::size_t seen = 0;
    for (analyze::SymbolId id = 0; id < model.symbol_count(); ++id) {
        if (model.symbol(id).kind != analyze::SymbolKind::kBuiltin) continue;
        const script::NativeSpec& native = script::standard_natives().all()[seen++];
        REQUIRE(native.name == model.symbol(id).name);
        if (native.name.starts_with("__")) continue;
        INFO(native.name);
        CHECK_FALSE(model.symbol(id).doc.empty());  // a line in builtins.def
        std::vector<std::string> names;
        auto signature = model.signature(id);
        REQUIRE(signature);
        for (const analyze::SignatureParameter& parameter : signature->parameters)
            names.push_back(parameter.name + (parameter.optional && !parameter.variadic ? "?" : ""));
        CHECK(names == names_of(native.parameters));
    }
    CHECK(seen == script::standard_natives().all().size());
}

TEST_CASE("built-ins are documented") {
    auto bytes = read_file(std::string(NYX_SOURCE) + "/docs/builtins.md");
    REQUIRE(bytes);
    std::string page(as_text(*bytes));
    for (const script::NativeSpec& native : script::standard_natives().all()) {
        if (native.name.starts_with("__") || native.name == "string" || native.name == "to_array") continue;
        CHECK_MESSAGE(page.find(native.name) != std::string::npos, native.name);
    }
}
