// Random edits and edits that know the grammar, sent to one server that lives through all of them. After every few the
// server must think what a new one thinks of the same text: text, tree, diagnostics, outline, tokens.
//
// NYX_LSP_FUZZ_SECONDS: how long (default: a few hundred edits). NYX_LSP_FUZZ_SEED: where it begins. A difference
// prints the seed and leaves the text in nyx-lsp-fuzz.ny in the folder for temporary files.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "compiler/syntax/parser.h"
#include "fuzz_typist.h"
#include "tests/unit/compiler/syntax/same_tree.h"

using namespace nyx;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxText = 30'000;
constexpr int kEditsBetweenComparisons = 12;

std::vector<std::string> corpus() {
    std::vector<fs::path> files;
    for (const char* folder : {"tests/corpus", "examples", "tests/conformance", "stdlib"}) {
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(NYX_SOURCE) / folder)) {
            if (entry.path().extension() == ".ny") files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> texts;
    for (const fs::path& file : files) {
        std::stringstream text;
        text << std::ifstream(file).rdbuf();
        if (text.str().size() <= kMaxText) texts.push_back(text.str());
    }
    return texts;
}

// Of two lists the first item that differs, for what stands before it fills the message.
json::json_pointer where_different(const json& a, const json& b) {
    if (!a.is_array() || !b.is_array()) return json::json_pointer();
    std::size_t i = 0;
    while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
    return json::json_pointer("/" + std::to_string(i));
}

std::string first_difference(const json& a, const json& b) {
    for (const auto& [key, value] : a.items()) {
        const json& other = b.at(key);
        if (value == other) continue;
        auto where = where_different(value, other);
        auto shown = [&](const json& all) {
            return (all.contains(where) ? all.at(where) : json()).dump().substr(0, 3000);
        };
        return fmt::format("{}{}: {}\nfresh: {}", key, where.to_string(), shown(value), shown(other));
    }
    return {};
}

// One document from opening to the last edit; the number of edits, or nothing where server and fresh server differ.
std::optional<int> live_through(const std::vector<std::string>& texts, std::uint64_t seed) {
    lsp::FuzzTypist typist(texts, seed);
    lsp::FuzzEditor editor(typist.some_text());
    int edits = 0;
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < kEditsBetweenComparisons && editor.text().size() < 2 * kMaxText; ++i, ++edits) {
            typist.edit(editor);
            if (typist.below(3) == 0) typist.ask(editor);
            editor.step(static_cast<int>(typist.below(4)));
        }
        lsp::FuzzEditor fresh(editor.text());
        std::string difference = first_difference(editor.state(), fresh.state());
        if (difference.empty() && !syntax::SameTree::of(editor.tree(), fresh.tree())) difference = "places in the tree";
        if (difference.empty()) continue;
        std::ofstream(fs::temp_directory_path() / "nyx-lsp-fuzz.ny") << editor.text();
        FAIL_CHECK(fmt::format("seed {}: {}", seed, difference));
        return std::nullopt;
    }
    return edits;
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("after any edits the server thinks what a new one thinks") {
    ::setenv("NYX_STDLIB", NYX_STDLIB, 1);
    const std::vector<std::string> texts = corpus();
    REQUIRE(texts.size() > 10);
    std::uint64_t seconds = number("NYX_LSP_FUZZ_SECONDS", 0);
    std::uint64_t seed = number("NYX_LSP_FUZZ_SEED", 1);
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    std::uint64_t edits = 0;
    std::uint64_t documents = 0;
    std::uint64_t differences = 0;
    while (seconds > 0 ? std::chrono::steady_clock::now() < end : documents < 4) {
        if (seconds > 0) std::ofstream(fs::temp_directory_path() / "nyx-lsp-fuzz.seed") << seed << "\n";
        auto lived = live_through(texts, seed++);
        ++documents;
        if (!lived && ++differences >= 5) break;
        edits += static_cast<std::uint64_t>(lived.value_or(0));
    }
    if (seconds > 0)
        std::printf("%llu documents, %llu edits, %llu differences, next seed %llu\n",
                    static_cast<unsigned long long>(documents), static_cast<unsigned long long>(edits),
                    static_cast<unsigned long long>(differences), static_cast<unsigned long long>(seed));
}
