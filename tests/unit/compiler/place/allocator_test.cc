#include <doctest/doctest.h>

#include "compiler/place/allocator.h"

using namespace nyx;
using nyx::place::Allocator;

TEST_CASE("claims do not overlap, touching is allowed") {
    Allocator space;
    CHECK(space.claim({10, 5}, 1));
    CHECK(!space.claim({14, 1}, 2));
    CHECK(!space.claim({9, 2}, 2));
    CHECK(!space.claim({0, 100}, 2));
    CHECK(!space.claim({20, 0}, 2));
    CHECK(space.claim({15, 1}, 2));
    CHECK(space.claim({9, 1}, 3));
    CHECK(space.find_overlap({12, 1})->owner == 1);
    CHECK(space.find_overlap({0, 100})->owner == 3);
    CHECK(!space.find_overlap({16, 10}));
}

TEST_CASE("free ranges are the lowest or highest that are aligned and inside") {
    Allocator space;
    space.claim({0x10, 0x10}, 1);
    CHECK(space.first_free(8, 8, {0, 0x100}) == Range{0, 8});
    CHECK(space.first_free(0x20, 8, {0, 0x100}) == Range{0x20, 0x20});
    CHECK(space.first_free(8, 0x40, {1, 0x100}) == Range{0x40, 8});
    CHECK(!space.first_free(0x20, 1, {0, 0x3F}));
    CHECK(space.last_free(8, 8, {0, 0x104}) == Range{0xF8, 8});
    CHECK(space.last_free(8, 8, {0, 0x20}) == Range{8, 8});
    CHECK(!space.last_free(0x11, 1, {0, 0x20}));
    CHECK(!space.last_free(0x11, 1, {0, 0}));
}
