#include <doctest/doctest.h>

#include <algorithm>

#include "compiler/format/format.h"
#include "laws.h"

namespace nyx::format {

namespace {

struct Edited {
    std::string text;
    std::size_t count = 0;
};

Edited edit(const std::string& text, std::uint32_t begin, std::uint32_t end) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.add("text.ny", text);
    auto all = edits(sources, {file, begin, end}, sink);
    REQUIRE(all);
    std::string out = text;
    for (auto it = all->rbegin(); it != all->rend(); ++it)
        out.replace(it->span.begin, it->span.end - it->span.begin, it->text);
    return {out, all->size()};
}

Edited edit_all(const std::string& text) {
    return edit(text, 0, static_cast<std::uint32_t>(text.size()));
}

}  // namespace

TEST_CASE("all edits together give the formatted text") {
    for (const Sample& sample : samples(std::string(NYX_SOURCE_DIR) + "/tests/corpus")) {
        CAPTURE(sample.name);
        CHECK(edit_all(sample.text).text == *formatted(sample.text));
        CHECK(edit_all(*formatted(sample.text)).count == 0);
    }
    CHECK(edit_all("f(1,2);g( [1,\n2],\n);").text == "f(1, 2)\ng([1, 2])\n");
}

TEST_CASE("edits of a range leave the rest alone") {
    std::string text = "a=1\nb=2\nc=3\n";
    CHECK(edit(text, 4, 7).text == "a=1\nb = 2\nc=3\n");
    CHECK(edit("x  =  1", 3, 3).count == 1);
}

TEST_CASE("the edits of any range keep the program what it is") {
    for (const Sample& sample : samples(std::string(NYX_SOURCE_DIR) + "/tests/corpus")) {
        auto whole = formatted(sample.text);
        for (std::uint32_t begin = 0; begin < sample.text.size(); begin += 97) {
            CAPTURE(sample.name);
            CAPTURE(begin);
            auto end = std::min(begin + 150, static_cast<std::uint32_t>(sample.text.size()));
            auto again = formatted(edit(sample.text, begin, end).text);
            REQUIRE(again);
        }
    }
}

TEST_CASE("a text with syntax errors has no edits") {
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.add("text.ny", "let = 1");
    CHECK_FALSE(edits(sources, {file, 0, 7}, sink));
    CHECK(sink.has_errors());
}

}  // namespace nyx::format
