// Every program of the project, formatted.
#include <doctest/doctest.h>

#include "laws.h"

namespace nyx::format {

static std::string place(const char* folder) {
    return std::string(NYX_SOURCE_DIR) + "/" + folder;
}

TEST_CASE("every program keeps its tree and its comments, and is formatted once and for all") {
    std::size_t whole = 0;
    for (const char* folder : {"examples", "stdlib", "tests", "docs", "bench"}) {
        for (const Sample& sample : samples(place(folder))) {
            CAPTURE(sample.name);
            CHECK(broken_law(sample.text) == "");
            whole += formatted(sample.text) ? 1u : 0u;
        }
    }
    CHECK(whole > 150);
}

TEST_CASE("stdlib and the examples are formatted") {
    for (const char* folder : {"examples", "stdlib"}) {
        for (const Sample& sample : samples(place(folder))) {
            if (!sample.name.ends_with(".ny")) continue;
            CAPTURE(sample.name);
            auto text = formatted(sample.text);
            REQUIRE(text);
            CHECK(*text == sample.text);
        }
    }
}

}  // namespace nyx::format
