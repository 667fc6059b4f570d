#include <doctest/doctest.h>

#include <vector>

#include "compiler/diagnostics/did_you_mean.h"

using nyx::diagnostics::did_you_mean;

TEST_CASE("the nearest name that is near enough") {
    std::vector<std::string> names{"memory", "cpus", "cpu", "boot", "initrd"};
    CHECK(did_you_mean("memroy", names) == "memory");
    CHECK(did_you_mean("Memory", names) == "memory");
    CHECK(did_you_mean("cpu_s", names) == "cpus");
    CHECK(did_you_mean("bot", names) == "boot");
    CHECK(!did_you_mean("keyboard", names));
    CHECK(!did_you_mean("xyz", names));
    CHECK(!did_you_mean("", {}));
    CHECK(!did_you_mean(std::string(1000000, 'x'), names));
}
