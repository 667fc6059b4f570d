#include "compiler/interchange/processors.h"

#include <doctest/doctest.h>

namespace nyx::interchange {

TEST_CASE("models reach levels, and levels come back as themselves") {
    CHECK(profile_of_model("host") == "host");
    CHECK(profile_of_model("EPYC-Milan-v2") == "x86_64_v3");
    CHECK(profile_of_model("IvyBridge-IBRS") == "x86_64_v2");
    CHECK(profile_of_model("qemu64") == "x86_64_v1");
    CHECK(profile_of_model("z14") == "");
    for (const char* level : {"x86_64_v1", "x86_64_v2", "x86_64_v3"})
        CHECK(profile_of_model(model_of_profile(level)) == level);
    CHECK(model_of_profile("host") == "");
}

TEST_CASE("features are found by the names of QEMU, libvirt and Linux") {
    std::vector<std::string> known = {"sse3", "sse4_2", "avx512_vnni", "tsc_deadline_timer", "abm", "pcid"};
    CHECK(feature_of("pni", known) == "sse3");
    CHECK(feature_of("sse4.2", known) == "sse4_2");
    CHECK(feature_of("sse4-2", known) == "sse4_2");
    CHECK(feature_of("avx512vnni", known) == "avx512_vnni");
    CHECK(feature_of("tsc-deadline", known) == "tsc_deadline_timer");
    CHECK(feature_of("lzcnt", known) == "abm");
    CHECK_FALSE(feature_of("no-such", known).has_value());
    for (const std::string& name : known) CHECK(feature_of(libvirt_feature(name), known) == name);
}

}  // namespace nyx::interchange
