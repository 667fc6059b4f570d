#include "compiler/syntax/profile.h"

#include <doctest/doctest.h>

#include "parsed.h"

namespace nyx::syntax {

TEST_CASE("no input of the corpus needs full-context prediction or more than two tokens") {
    source::SourceMap sources;
    std::size_t predictions = 0;
    for (const std::string& path : corpus_files()) {
        auto file = sources.load(path);
        REQUIRE(file.has_value());
        for (const DecisionProfile& decision : profile(sources, *file)) {
            CAPTURE(path);
            CAPTURE(decision.rule);
            CHECK(decision.full_context == 0);
            CHECK(decision.ambiguities == 0);
            CHECK(decision.max_lookahead <= 2);
            predictions += decision.invocations;
        }
    }
    CHECK(predictions > 500);
}

}  // namespace nyx::syntax
