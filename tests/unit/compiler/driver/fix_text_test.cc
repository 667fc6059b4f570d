#include <doctest/doctest.h>

#include "compiler/driver/fix_text.h"

using namespace nyx;
using diagnostics::Applicability;
using diagnostics::Code;

namespace {

// Complains about every letter of `wrong`, and offers the letter after it.
driver::Findings next_letter(const std::string& text, std::string_view wrong) {
    diagnostics::Sink sink;
    for (std::uint32_t at = 0; at < text.size(); ++at) {
        if (wrong.find(text[at]) == std::string_view::npos) continue;
        sink.report(Code::kUnknownField, {0, at, at + 1}, "wrong")
            .fix("next", Applicability::kMachineApplicable, {0, at, at + 1},
                 std::string(1, static_cast<char>(text[at] + 1)));
    }
    return {0, sink.sorted()};
}

}  // namespace

TEST_CASE("fixes are applied until there are none left") {
    int checks = 0;
    auto fixed = driver::fix_text("a-a\na", [&](const std::string& text) -> Result<driver::Findings> {
        ++checks;
        return next_letter(text, "abc");
    });
    REQUIRE(fixed);
    CHECK(fixed->text == "d-d\nd");
    CHECK(fixed->applied == 9);
    CHECK(checks == 4);
}

TEST_CASE("fixes that bring each other end after a few rounds") {
    auto fixed = driver::fix_text("a", [](const std::string& text) -> Result<driver::Findings> {
        driver::Findings found = next_letter(text, "ab");
        if (text == "b") found.all.front().fixes.front().edits.front().replacement = "a";
        return found;
    });
    REQUIRE(fixed);
    CHECK(fixed->applied == driver::kMostRounds);
}

TEST_CASE("a fix after which there are more errors is left out and the others are kept") {
    auto fixed = driver::fix_text("a\nx\na", [](const std::string& text) -> Result<driver::Findings> {
        driver::Findings found = next_letter(text, "ax");
        if (text.find('y') != std::string::npos) {
            for (int i = 0; i < 5; ++i) found.all.push_back(next_letter("a", "a").all.front());
            for (auto& finding : found.all) finding.fixes.clear();
        }
        return found;
    });
    REQUIRE(fixed);
    CHECK(fixed->text == "b\nx\nb");
    CHECK(fixed->applied == 2);
    CHECK(fixed->refused == 1);
}

TEST_CASE("what comes to light because the text parses is not held against a fix") {
    auto fixed = driver::fix_text("a", [](const std::string& text) -> Result<driver::Findings> {
        diagnostics::Sink sink;
        if (text == "a")
            sink.report(Code::kSyntax, {0, 0, 1}, "no").fix("mend", Applicability::kMachineApplicable, {0, 0, 1}, "b");
        for (std::uint32_t i = 0; text == "b" && i < 3; ++i) sink.report(Code::kUnknownField, {0, 0, i}, "no");
        return driver::Findings{0, sink.sorted()};
    });
    REQUIRE(fixed);
    CHECK(fixed->text == "b");
}
