// Random edits and edits that know the grammar, sent to one server that lives through all of them. After every few the
// server must think what a new one thinks of the same text: text, tree, diagnostics, outline, tokens.
//
// NYX_LSP_FUZZ_SECONDS: how long (default: a few hundred edits). NYX_LSP_FUZZ_SEED: where it begins. A difference
// prints the seed and leaves the text in nyx-lsp-fuzz.ny in the folder for temporary files.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "compiler/driver/editor_compiler.h"
#include "compiler/lsp/server.h"
#include "compiler/syntax/ast_json.h"
#include "compiler/syntax/parser.h"
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

json message(const char* method, const json& params, int id = 0) {
    json whole = {{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
    if (id != 0) whole["id"] = id;
    return whole;
}

// A server with one document, and what the editor knows of it.
class Editor {
  public:
    explicit Editor(const std::string& text) : text_(text) {
        send("initialize", json::object(), 1);
        send("textDocument/didOpen",
             {{"textDocument", {{"uri", uri()}, {"languageId", "nyx"}, {"version", 1}, {"text", text}}}});
    }
    static std::string uri() { return "file://" + (fs::temp_directory_path() / "nyx-lsp-fuzz-none" / "m.ny").string(); }

    const std::string& text() const { return text_; }
    void replace(std::size_t begin, std::size_t end, const std::string& with) {
        lsp::Document document(text_);
        lsp::Position from = document.position(begin);
        lsp::Position to = document.position(end);
        // Positions are between code points and never inside of a line's end; so is then what is replaced.
        begin = document.offset(from);
        end = document.offset(to);
        text_.replace(begin, end - begin, with);
        json range = {{"start", at(from)}, {"end", at(to)}};
        json changes = json::array({{{"range", range}, {"text", with}}});
        send("textDocument/didChange",
             {{"textDocument", {{"uri", uri()}, {"version", ++version_}}}, {"contentChanges", changes}});
    }
    // Some of what is due, as when the next key comes early.
    void step(int count) {
        for (int i = 0; i < count; ++i) {
            auto out = server_.step();
            if (!out) return;
            for (const json& one : *out) diagnostics_ = one.at("params").at("diagnostics");
        }
    }
    json ask(const char* method, std::size_t offset) {
        json position = at(lsp::Document(text_).position(offset));
        json params = {{"textDocument", {{"uri", uri()}}},
                       {"position", position},
                       {"positions", {position}},
                       {"newName", "other"},
                       {"range", {{"start", at({0, 0})}, {"end", position}}},
                       {"query", "a"},
                       {"context", json::object()}};
        return send(method, params, 2).at(0);
    }
    // Everything that an editor would show.
    json state() {
        step(100);
        const lsp::OpenFile& file = server_.workspace().files().at(uri());
        json state = {{"text", file.document.text()}, {"diagnostics", diagnostics_}};
        for (const char* method :
             {"textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/inlayHint"})
            state[method] = ask(method, text_.size());
        state["tokens"] = ask("textDocument/semanticTokens/full", 0).at("result").value("data", json());
        state["tree"] = syntax::ast_json(*file.analysis->sources(), *file.analysis->tree());
        return state;
    }

    const ast::Module& tree() { return *server_.workspace().files().at(uri()).analysis->tree(); }

  private:
    static json at(lsp::Position position) { return {{"line", position.line}, {"character", position.character}}; }
    std::vector<json> send(const char* method, const json& params, int id = 0) {
        return server_.handle(message(method, params, id));
    }

    std::string text_;
    int version_ = 1;
    json diagnostics_;
    driver::EditorCompiler compiler_;
    lsp::Server server_{compiler_, "1"};
};

class Typist {
  public:
    Typist(const std::vector<std::string>& corpus, std::uint64_t seed) : corpus_(corpus), random_(seed) {}

    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    const std::string& some_text() { return corpus_[below(corpus_.size())]; }

    void edit(Editor& editor) {
        std::size_t size = editor.text().size();
        std::size_t at = below(size + 1);
        switch (below(8)) {
            case 0:
                return editor.replace(at, at, piece());
            case 1:
                return editor.replace(at, std::min(size, at + below(12)), "");
            case 2:
                return editor.replace(at, std::min(size, at + below(200)), some_lines(some_text()));
            case 3:
                return type(editor, at, piece());
            case 4:
                return move_line(editor, at);
            case 5:
                return editor.replace(at, at, std::string(1, static_cast<char>(' ' + below(95))));
            case 6:
                return replace_word(editor, at);
            default:
                return editor.replace(size, size, "\n" + piece());
        }
    }

    void ask(Editor& editor) {
        constexpr const char* kMethods[] = {"textDocument/completion",
                                            "textDocument/signatureHelp",
                                            "textDocument/hover",
                                            "textDocument/definition",
                                            "textDocument/references",
                                            "textDocument/documentHighlight",
                                            "textDocument/selectionRange",
                                            "textDocument/codeAction",
                                            "textDocument/rename",
                                            "textDocument/prepareRename",
                                            "textDocument/codeLens",
                                            "textDocument/formatting",
                                            "workspace/symbol"};
        editor.ask(kMethods[below(std::size(kMethods))], below(editor.text().size() + 1));
    }

  private:
    std::string piece() {
        constexpr const char* kPieces[] = {"{",
                                           "}",
                                           "(",
                                           ")",
                                           "[",
                                           "]",
                                           "\"",
                                           "\"\"\"",
                                           "'",
                                           "${",
                                           "\n",
                                           "\r\n",
                                           "\t",
                                           "#",
                                           ".",
                                           ",",
                                           ":",
                                           "=",
                                           " = ",
                                           "?.",
                                           "..",
                                           "->",
                                           "=>",
                                           "2 GiB",
                                           "0x",
                                           "machine m {\n    memory = 64 MiB\n}\n",
                                           "serial com1 { }\n",
                                           "import std.boards.pc\n",
                                           "from vm import *\n",
                                           "fn f(a, b = 2) { return a }\n",
                                           "class A extends B { x = 1; fn init(self) { self.y = 2 } }\n",
                                           "if x {\n",
                                           "} else {\n",
                                           "for i in 0..3 { print(i) }\n",
                                           "let z = [1, {a: 2}]\n",
                                           "match x { 1 => 2, _ => 3 }\n",
                                           "try { f() } catch e { throw e }\n",
                                           "boot = linux(kernel: \"vmlinuz\", ",
                                           "require memory > 1 MiB, \"x\"\n",
                                           "x.y(",
                                           "\xC3\xA9",
                                           "\xF0\x9F\x98\x80",
                                           "\xE2\x80\xA8",
                                           "\\",
                                           "self.",
                                           "return ",
                                           "module M { let q = 1 }\n",
                                           "\"a ${b:x} c\"",
                                           "r\"\"",
                                           "device gpio(base = 1)\n"};
        return kPieces[below(std::size(kPieces))];
    }
    std::string some_lines(const std::string& text) {
        std::size_t begin = text.find('\n', below(text.size()));
        if (begin == std::string::npos) return {};
        std::size_t end = begin + 1;
        for (std::size_t i = below(6); i-- > 0 && end != std::string::npos;) end = text.find('\n', end + 1);
        return text.substr(begin + 1, end == std::string::npos ? end : end - begin);
    }
    void type(Editor& editor, std::size_t at, const std::string& text) {
        for (char c : text) {
            // Half a character cannot be typed.
            if ((static_cast<unsigned char>(c) & 0x80) != 0) return;
            editor.replace(at, at, std::string(1, c));
            ++at;
            editor.step(static_cast<int>(below(3)));
        }
    }
    void move_line(Editor& editor, std::size_t at) {
        const std::string text = editor.text();
        std::size_t end = std::min(text.find('\n', at), text.size());
        std::size_t begin = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
        begin = begin == std::string::npos ? 0 : begin + 1;
        editor.replace(begin, end, "");
        std::size_t to = below(editor.text().size() + 1);
        editor.replace(to, to, "\n" + text.substr(begin, end - begin));
    }
    void replace_word(Editor& editor, std::size_t at) {
        const std::string text = editor.text();
        constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
        std::size_t begin = text.find_first_of(kLetters, at);
        if (begin == std::string::npos) return;
        std::size_t end = std::min(text.find_first_not_of(kLetters, begin), text.size());
        std::size_t from = text.find_first_of(kLetters, below(text.size()));
        if (from == std::string::npos) return;
        editor.replace(begin, end,
                       text.substr(from, std::min<std::size_t>(text.find_first_not_of(kLetters, from) - from, 30)));
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_;
};

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
    Typist typist(texts, seed);
    Editor editor(typist.some_text());
    int edits = 0;
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < kEditsBetweenComparisons && editor.text().size() < 2 * kMaxText; ++i, ++edits) {
            typist.edit(editor);
            if (typist.below(3) == 0) typist.ask(editor);
            editor.step(static_cast<int>(typist.below(4)));
        }
        Editor fresh(editor.text());
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
