// Programs with one thing wrong: the corpus, mutated at random but the same on every run.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "compiler/syntax/parser.h"
#include "parsed.h"
#include "runtime/base/file.h"

namespace nyx::syntax {

static std::string mutated(std::string text, std::mt19937& random) {
    auto at = [&] { return random() % text.size(); };
    std::size_t from = at(), count = std::min<std::size_t>(random() % 20 + 1, text.size() - from);
    switch (random() % 5) {
        case 0:
            return text.erase(from, count);
        case 1:
            return text.insert(from, text.substr(at(), count));
        case 2:
            text[from] = static_cast<char>(random());
            return text;
        case 3:
            return text.insert(from, 1, "()[]{}\"'$\\\n;,.:=#"[random() % 17]);
        default:
            return text.substr(0, from);
    }
}

TEST_CASE("a mutated program parses to a tree, and what is wrong lies inside the text") {
    std::mt19937 random(3);
    for (const std::string& path : corpus_files()) {
        auto bytes = read_file(path, 1u << 20);
        REQUIRE(bytes.has_value());
        std::string text(as_text(*bytes));
        if (text.size() > 8000) text.resize(8000);
        for (int round = 0; round < 40; ++round) {
            std::string changed = mutated(text, random);
            Parsed parsed(changed);
            CAPTURE(path);
            CAPTURE(round);
            REQUIRE(parsed.module);
            bool inside = std::all_of(parsed.sink.all().begin(), parsed.sink.all().end(), [&](const auto& d) {
                return d.primary.span.begin <= d.primary.span.end && d.primary.span.end <= changed.size();
            });
            CHECK(inside);
        }
    }
}

TEST_CASE("the corpus has no mistakes") {
    for (const std::string& path : corpus_files()) {
        CAPTURE(path);
        source::SourceMap sources;
        diagnostics::Sink sink;
        auto file = sources.load(path);
        REQUIRE(file.has_value());
        parse(sources, *file, sink);
        CHECK(sink.all().empty());
    }
}

}  // namespace nyx::syntax
