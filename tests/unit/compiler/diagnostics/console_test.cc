#include <doctest/doctest.h>

#include "compiler/diagnostics/console.h"

using namespace nyx;
using namespace nyx::diagnostics;

namespace {

constexpr const char* kSource =
    "machine web {\n"
    "    serial com1 { }\n"
    "\n"
    "    device gpio(base = 0x3fc)\n"
    "}\n";

Span find(const source::SourceMap& sources, std::uint32_t file, std::string_view text) {
    auto at = static_cast<std::uint32_t>(sources.file(file).text.find(text));
    return {file, at, at + static_cast<std::uint32_t>(text.size())};
}

std::string underlined(const std::string& line, std::uint32_t begin, std::uint32_t end) {
    source::SourceMap sources;
    std::uint32_t file = sources.add("a.ny", line);
    Sink sink;
    return console_text(sources, sink.report(Code::kSyntax, {file, begin, end}, "m"), false);
}

}  // namespace

TEST_CASE("the example of the language page") {
    source::SourceMap sources;
    std::uint32_t file = sources.add("web.ny", kSource);
    Sink sink;
    Diagnostic& finding = sink.report(Code::kPortOverlap, find(sources, file, "0x3fc"),
                                      "two devices claim the same I/O ports", "gpio would take 0x3fc–0x3ff")
                              .label(find(sources, file, "serial com1"), "com1 has 0x3f8–0x3ff since here")
                              .note("a note")
                              .help("use 0x400");
    CHECK(console_text(sources, finding, false) ==
          "error[NY0412]: two devices claim the same I/O ports\n"
          "  ┌─ web.ny:4:24\n"
          "2 │     serial com1 { }\n"
          "  │     ----------- com1 has 0x3f8–0x3ff since here\n"
          "4 │     device gpio(base = 0x3fc)\n"
          "  │                        ^^^^^ gpio would take 0x3fc–0x3ff\n"
          "  = note: a note\n"
          "  = help: use 0x400\n");
    CHECK(console_text(sources, finding, true).find("\033[1;31merror[NY0412]\033[0m") == 0);
}

TEST_CASE("a label in another file comes under a place of its own, and no place is fine too") {
    source::SourceMap sources;
    std::uint32_t file = sources.add("web.ny", kSource);
    std::uint32_t other = sources.add("lib.ny", "x = 1\n");
    Sink sink;
    Diagnostic& finding = sink.report(Code::kSyntax, find(sources, file, "web"), "m").label({other, 0, 1}, "here");
    CHECK(console_text(sources, finding, false).find("  ┌─ lib.ny:1:1\n1 │ x = 1\n  │ - here\n") != std::string::npos);
    CHECK(console_text(sources, sink.report(Code::kSyntax, {}, "m"), false) == "error[NY0101]: m\n");
}

TEST_CASE("two marks of one line share it") {
    source::SourceMap sources;
    std::uint32_t file = sources.add("a.ny", "a = b\n");
    Sink sink;
    Diagnostic& finding = sink.report(Code::kSyntax, {file, 4, 5}, "m", "this").label({file, 0, 1}, "that");
    CHECK(console_text(sources, finding, false).find("1 │ a = b\n  │ - that\n  │     ^ this\n") != std::string::npos);
}

TEST_CASE("source cannot speak to the terminal") {
    std::string text = underlined("a\033[2Jb\x9b\xff\t\xC2\x9B.", 0, 1);
    CHECK(text.find('\033') == std::string::npos);
    CHECK(text.find("a·[2Jb\xEF\xBF\xBD\xEF\xBF\xBD    ·.") != std::string::npos);
}

TEST_CASE("columns count code points, a tab is four wide, an end of file has a mark") {
    CHECK(underlined("äöü x", 7, 8).find(":1:5\n1 │ äöü x\n  │     ^\n") != std::string::npos);
    CHECK(underlined("\tx", 1, 2).find("│     x\n  │     ^\n") != std::string::npos);
    CHECK(underlined("ab", 2, 2).find("│ ab\n  │   ^\n") != std::string::npos);
    CHECK(underlined("", 0, 0).find("│ \n  │ ^\n") != std::string::npos);
    CHECK(underlined("ab\ncd", 1, 5).find("│ ab\n  │  ^\n") != std::string::npos);
}

TEST_CASE("a very long line is cut around the span") {
    std::string line(1 << 20, 'x');
    line.replace(500000, 3, "abc");
    std::string text = underlined(line, 500000, 500003);
    CHECK(text.size() < 500);
    CHECK(text.find("abc") != std::string::npos);
    CHECK(text.find("^^^\n") != std::string::npos);
    CHECK(underlined(line, 0, 1 << 20).size() < 500);
    CHECK(underlined(line, 1 << 20, 1 << 20).size() < 500);
}

TEST_CASE("a sink counts all errors and keeps a bounded number") {
    Sink sink;
    for (std::size_t i = 0; i < Sink::kMaxKept + 5; ++i) sink.report(Code::kSyntax, {}, std::to_string(i)).note("n");
    CHECK(sink.error_count() == Sink::kMaxKept + 5);
    CHECK(sink.all().size() == Sink::kMaxKept);
}
