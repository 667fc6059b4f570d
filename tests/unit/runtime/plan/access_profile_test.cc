#include <doctest/doctest.h>

#include "runtime/plan/access_profile.h"

using namespace nyx;
using namespace nyx::plan;

TEST_CASE("a profile is written and read, most frequent first") {
    AccessProfile profile{sha256({}), {{"b", "lsr", false, 7}, {"a", "thr", true, 9}, {"a", "lsr", false, 7}}};
    const auto read = parse_profile(profile_text(profile));
    REQUIRE(read);
    sort_profile(profile);
    CHECK(*read == profile);
    CHECK(read->rows[0].reg == "thr");
    CHECK(read->rows[1].device == "a");
}

TEST_CASE("what is no profile is refused with its place") {
    const std::string good = profile_text({sha256({}), {{"a", "thr", true, 9}}});
    REQUIRE(parse_profile(good));
    const auto refused = [&](const std::string& from, const std::string& to) {
        std::string changed = good;
        REQUIRE(changed.find(from) != std::string::npos);
        changed.replace(changed.find(from), from.size(), to);
        return !parse_profile(changed);
    };
    CHECK(refused("\"write\"", "\"sideways\""));
    CHECK(refused("\"count\": 9", "\"count\": -9"));
    CHECK(refused("\"count\": 9", "\"count\": 1e30"));
    CHECK(refused("\"format\": 1", "\"format\": 2"));
    CHECK(refused("\"device\"", "\"gadget\""));
    CHECK(!parse_profile(""));
    CHECK(!parse_profile("[]"));
}
