// Text that no author writes. Every case must end soon, without a crash, and with a diagnostic where it is not a
// program.
#include <doctest/doctest.h>

#include <random>

#include "compiler/diagnostics/console.h"
#include "parsed.h"

namespace nyx::syntax {

static std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

TEST_CASE("20,000 nested brackets of every kind, closed and not") {
    for (const char* open :
         {"(", "[", "{", "f(", "a[", "{a:", "\"${", "([{", "if a {", "fn() {", "x = fn(a) {", "machine m {",
          "match x { 1 => {", "class C { fn f() {", "{(", "[[]", "(()", "let x: [", "let x: map<"}) {
        CAPTURE(open);
        CHECK(Parsed(repeated(open, 20000)).sink.has_errors());
    }
    for (auto [open, close] : {std::pair("(", ")"),
                               {"[", "]"},
                               {"{", "}"},
                               {"f(", ")"},
                               {"x = {a: ", "}"},
                               {"if a {", "}"},
                               {"\"${", "}\""},
                               {"(", "]"},
                               {"[(", ")]"},
                               {"{[", "}]"}}) {
        CAPTURE(open);
        CHECK(Parsed(repeated(open, 20000) + repeated(close, 20000)).sink.has_errors());
    }
    for (const char* close : {")", "]", "}", "} ) ]", ")\n"}) CHECK(Parsed(repeated(close, 20000)).sink.has_errors());
}

TEST_CASE("200 nested brackets are allowed and 201 are not") {
    CHECK(Parsed("x = " + repeated("(", 200) + "1" + repeated(")", 200)).mistakes().empty());
    CHECK(Parsed("x = " + repeated("(", 201) + "1" + repeated(")", 201)).mistakes() ==
          std::vector<std::string>{"NY0104 1:205"});
}

TEST_CASE("10 MB on one line") {
    constexpr std::size_t kMany = 5'000'000;
    for (const char* text : {"+a", "a;", "1,", ".a"}) CHECK(Parsed("a" + repeated(text, kMany)).mistakes().size() == 1);
    CHECK(Parsed(std::string(2 * kMany, 'x')).mistakes().empty());
    CHECK(Parsed(std::string(2 * kMany, ' ')).mistakes().empty());
    CHECK(Parsed("#" + std::string(2 * kMany, '#')).mistakes().empty());
    CHECK(Parsed("\"" + std::string(2 * kMany, 'x')).mistakes().size() == 1);
    CHECK(Parsed("1" + std::string(2 * kMany, '0')).mistakes().size() == 1);
}

TEST_CASE("chains are loops, and too long ones are said to be") {
    constexpr std::size_t kLong = 50'000;
    for (std::string text :
         {"x" + repeated("+a", kLong), "x" + repeated(".a", kLong), "x" + repeated("()", kLong),
          "x" + repeated("[0]", kLong), repeated("- ", kLong) + "1", "1" + repeated("** -1", kLong),
          "if a { }" + repeated(" else if a { }", kLong), "let x: " + repeated("fn() -> ", kLong) + "int",
          "x" + repeated("++", kLong), repeated("not ", kLong) + "x"}) {
        CAPTURE(text.substr(0, 40));
        Parsed parsed(text);
        REQUIRE(parsed.sink.error_count() == 1);
        CHECK(parsed.sink.all()[0].code == diagnostics::Code::kTooDeep);
    }
    Parsed allowed("x" + repeated("+a", 400));
    CHECK(allowed.mistakes().empty());
    CHECK(allowed.depth() <= ast::kMaxDepth);
    CHECK(Parsed("x" + repeated(".a()", 240)).mistakes().empty());
}

TEST_CASE("bytes that are no text") {
    std::mt19937 random(1);
    std::string bytes(200'000, '\0'), ascii = bytes;
    for (char& c : bytes) c = static_cast<char>(random());
    for (char& c : ascii) c = static_cast<char>(random() % 128);
    CHECK(Parsed(bytes).sink.has_errors());
    CHECK(Parsed(ascii).sink.has_errors());
    CHECK(Parsed(std::string(100'000, '\0')).mistakes().size() == 1);
    for (std::string_view text : {"\xC3", "x = \"\xC3", "x = \"\xE2\x82", "# \xF0\x9F\x98", "\xEF\xBB", "\"\\", "'\\",
                                  "\"\"\"\\", "${", "0x", "\"${\"${", "\r", "\\", "\"\"\"${"}) {
        CAPTURE(text);
        Parsed parsed(text);
        for (const auto& d : parsed.sink.all()) CHECK(!diagnostics::console_text(parsed.sources, d, false).empty());
    }
}

TEST_CASE("random words") {
    constexpr const char* kWords[] = {"(",    ")",   "[",       "]",      "{",      "}",   ",",    ";",
                                      ":",    ".",   "..",      "+",      "-",      "**",  "=",    "=>",
                                      "->",   "let", "fn",      "if",     "else",   "for", "in",   "match",
                                      "case", "try", "machine", "schema", "device", "on",  "test", "x",
                                      "1",    "GiB", "\"s\"",   "\"${",   "\n",     "?",   "@",    "\"\"\""};
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        for (int i = 0; i < 200; ++i) text += std::string(kWords[random() % std::size(kWords)]) + " ";
        Parsed parsed(text);
        for (const auto& d : parsed.sink.all()) {
            CHECK(d.primary.span.begin <= d.primary.span.end);
            CHECK(d.primary.span.end <= text.size());
        }
    }
}

}  // namespace nyx::syntax
