// A text parsed again after each of many edits: the tree and what is said about it are those of a text seen first.
#include "compiler/syntax/editing_parser.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "compiler/syntax/ast_json.h"
#include "compiler/syntax/parser.h"
#include "parsed.h"
#include "runtime/base/file.h"
#include "same_tree.h"

namespace nyx::syntax {

namespace {

std::vector<std::string> said(const diagnostics::Sink& sink) {
    std::vector<std::string> out;
    for (const auto& one : sink.all())
        out.push_back(fmt::format("{} {}..{} {} {} {}", diagnostics::code_text(one.code), one.primary.span.begin,
                                  one.primary.span.end, one.message, one.labels.size(), one.fixes.size()));
    return out;
}

// Whether `parser` finds in `text` what a parser finds that has seen no other.
bool agrees(EditingParser& parser, const std::string& text) {
    source::SourceMap sources;
    std::uint32_t file = sources.add("test.ny", text);
    diagnostics::Sink fresh_sink, sink;
    auto fresh = parse(sources, file, fresh_sink);
    auto module = parser.parse(sources, file, sink);
    return SameTree::of(*fresh, *module) && ast_json(sources, *fresh) == ast_json(sources, *module) &&
           said(fresh_sink) == said(sink);
}

std::string edited(const std::string& text, const std::string& other, std::mt19937& random) {
    auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
    constexpr const char* kPieces[] = {
        "{",         "}",      "(",        ")",         "\"",       "${",         "\n",      ";", "[",
        "]",         "\"\"\"", "# ",       "module M ", "class C ", "machine m ", "fn f() ", ",", " x",
        "switch x ", "else ",  "if x {\n", "match ",    "}\n}\n",   "schema s ",  "\\"};
    std::string out = text;
    std::size_t at = below(out.size() + 1);
    switch (below(5)) {
        case 0:
            return out.erase(at, below(12));
        case 1:
            return out.erase(at, below(300));
        case 2:
            return out.insert(at, other.substr(below(other.size()), below(120)));
        default:
            return out.insert(at, kPieces[below(std::size(kPieces))]);
    }
}

std::vector<std::string> corpus_texts(std::size_t longest) {
    std::vector<std::string> out;
    for (const std::string& path : corpus_files()) {
        auto bytes = read_file(path, 1u << 20);
        REQUIRE(bytes.has_value());
        out.push_back(std::string(as_text(*bytes)).substr(0, longest));
    }
    return out;
}

std::size_t reused(const std::string& before, const std::string& after) {
    EditingParser parser;
    CHECK(agrees(parser, before));
    CHECK(agrees(parser, after));
    return parser.reused();
}

}  // namespace

TEST_CASE("what no word could be made of is read again, for the one in front of it is judged by it") {
    for (const char* garbage : {"\\", "'", "\\\nschema b { }"}) {
        CAPTURE(garbage);
        EditingParser parser;
        const std::string end = std::string("\n") + garbage + "\nschema c { x: int = 1 }\n";
        CHECK(agrees(parser, "schema a {\n}" + end));
        CHECK(agrees(parser, "schema a \"\"\"doc\"\"\"\n}" + end));
        CHECK(agrees(parser, "schema a \"\"\"doc\"\"\"" + end));
        CHECK(agrees(parser, "schema a" + end));
    }
}

TEST_CASE("a known statement that must not come is told from others by its words") {
    for (const char* head : {"schema s", "schema s : ", "for i in x", ".", ".\nfor i in 0..3 { print(i) }\n",
                             "machine m", "fn f() -> ", "if x", "class C :", "let a =", "switch x", "device d("}) {
        for (const char* tail : {"\"a ${b} c\"", "[1, 2]", "(1)", "if x { }", "return", "1", "x = 2", "fn g() { }",
                                 "machine n { }", "\"\"\"doc\"\"\""}) {
            CAPTURE(head);
            CAPTURE(tail);
            EditingParser parser;
            CHECK(agrees(parser, std::string("let q = 1\n") + tail + "\nlet z = 1\n"));
            CHECK(agrees(parser, head + std::string("\n") + tail + "\nlet z = 1\n"));
        }
    }
}

TEST_CASE("after any edits the tree is that of a text seen first") {
    std::mt19937 random(11);
    const std::vector<std::string> texts = corpus_texts(3000);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        EditingParser parser;
        std::string text = texts[i];
        for (int edit = 0; edit < 12; ++edit) {
            REQUIRE_MESSAGE(agrees(parser, text), text);
            // Taken back now and then, as people do.
            std::string next = edited(text, texts[random() % texts.size()], random);
            if (random() % 3 == 0) REQUIRE_MESSAGE(agrees(parser, next), next);
            if (random() % 2 == 0) text = next;
        }
    }
}

TEST_CASE("statements around an edit are known, and so are those in the same machine") {
    CHECK(reused("let a = 1\nlet b = 2\nlet c = 3\n", "let a = 1\nlet b = 22\nlet c = 3\n") == 2);
    CHECK(reused("let a = 1\nlet c = 3\n", "let a = 1\nfn f() { }\nlet c = 3\n") == 2);
    CHECK(reused("machine m {\n a = 1\n serial b { }\n c = 3\n}\n",
                 "machine m {\n a = 1\n serial b { x = 1 }\n c = 3\n}\n") == 2);
    // Another header, other statements: a class does not hold what a module holds.
    CHECK(reused("module M {\n let a = 1\n let b = 2\n}\n", "class M {\n let a = 1\n let b = 3\n}\n") == 0);
    CHECK(reused("let a = 1\n", "let  a = 1\n") == 0);
}

TEST_CASE("a mistake is said again after an edit elsewhere") {
    EditingParser parser;
    CHECK(agrees(parser, "let a = \nlet b = 2\nmachine m {\n  memory =\n  serial com1 { }\n}\n"));
    CHECK(agrees(parser, "let a = \nlet b = 3\nmachine m {\n  memory =\n  serial com1 { }\n}\n"));
    CHECK(agrees(parser, "let a = \nlet b = 3\nmachine m {\n  memory =\n  serial com2 { }\n}\n"));
}

}  // namespace nyx::syntax
