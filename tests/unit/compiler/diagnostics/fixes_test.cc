#include <doctest/doctest.h>

#include "compiler/diagnostics/fixes.h"
#include "compiler/diagnostics/unified_diff.h"

using namespace nyx;
using namespace nyx::diagnostics;

namespace {

Diagnostic finding(std::vector<Fix> fixes) {
    Diagnostic one;
    one.code = Code::kSyntax;
    one.fixes = std::move(fixes);
    return one;
}

Fix replace(std::uint32_t begin, std::uint32_t end, std::string text,
            Applicability applicability = Applicability::kMachineApplicable, std::uint32_t file = 0) {
    return {"t", applicability, {{{file, begin, end}, std::move(text)}}};
}

}  // namespace

TEST_CASE("only what is certain and of the file is applied by itself") {
    std::vector<Diagnostic> all = {finding({replace(0, 1, "a", Applicability::kMaybeIncorrect)}),
                                   finding({replace(1, 2, "b", Applicability::kHasPlaceholders)}),
                                   finding({replace(2, 3, "c", Applicability::kMachineApplicable, 1)}),
                                   finding({replace(6, 7, "d")}), finding({replace(3, 4, "e")})};
    std::vector<Fix> fixes = certain_fixes(all, 0);
    REQUIRE(fixes.size() == 2);
    CHECK(with_fixes("0123456789", fixes) == "012e45d789");
}

TEST_CASE("of fixes of one place the first is taken") {
    std::vector<Diagnostic> all = {finding({replace(2, 5, "x")}), finding({replace(4, 6, "y")}),
                                   finding({replace(2, 2, "z")}), finding({replace(5, 5, "w"), replace(7, 8, "v")})};
    CHECK(with_fixes("0123456789", certain_fixes(all, 0)) == "01xw56789");
}

TEST_CASE("edits of several fixes may stand between each other") {
    Fix around{"t", Applicability::kMachineApplicable, {{{0, 8, 8}, ")"}, {{0, 1, 1}, "("}}};
    CHECK(with_fixes("0123456789", {around, replace(4, 5, "")}) == "0(123567)89");
}

TEST_CASE("new lines end as those of the file") {
    CHECK(with_fixes("a\r\nb\r\n", {replace(1, 1, "\nx")}) == "a\r\nx\r\nb\r\n");
    CHECK(with_fixes("a\nb\n", {replace(1, 1, "\nx")}) == "a\nx\nb\n");
    CHECK(with_fixes("", {replace(0, 0, "\nx")}) == "\nx");
}

TEST_CASE("a unified diff has hunks with three lines of context") {
    CHECK(unified_diff("a", "same\n", "same\n").empty());
    CHECK(unified_diff("a", "1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\n") ==
          "--- a\n+++ a\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+x\n");
    CHECK(unified_diff("a", "", "1\n") == "--- a\n+++ a\n@@ -0,0 +1 @@\n+1\n");
    CHECK(unified_diff("a", "1\n", "") == "--- a\n+++ a\n@@ -1 +0,0 @@\n-1\n");
}

TEST_CASE("changes that are far apart have hunks of their own") {
    std::string before, after;
    for (int line = 0; line < 20; ++line) {
        before += std::to_string(line) + "\n";
        after += line == 2 || line == 15 ? "x\n" : std::to_string(line) + "\n";
    }
    CHECK(unified_diff("a", before, after) ==
          "--- a\n+++ a\n@@ -1,6 +1,6 @@\n 0\n 1\n-2\n+x\n 3\n 4\n 5\n"
          "@@ -13,7 +13,7 @@\n 12\n 13\n 14\n-15\n+x\n 16\n 17\n 18\n");
}

TEST_CASE("a missing end of the last line is said") {
    CHECK(unified_diff("a", "1", "2\n") == "--- a\n+++ a\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+2\n");
}
