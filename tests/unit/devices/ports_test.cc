#include <doctest/doctest.h>

#include "tests/unit/devices/described_bench.h"

using namespace nyx;
using namespace nyx::dev;

TEST_CASE("debug console: bytes come out, reading gives the value a guest looks for") {
    DescribedBench bench("debugcon");
    bench.out(0, 'o');
    bench.out(0, 'k');
    CHECK(bench.output.text() == "ok");
    CHECK(bench.in(0) == 0xE9);
    CHECK(DescribedBench("debugcon", {{"readback", 0x12}}).in(0) == 0x12);
}

TEST_CASE("exit: the value is the status, whatever the width, what does not fit is 255") {
    DescribedBench bench("exit");
    bench.out(0, 3);
    bench.out(0, 42, 4);
    bench.out(0, 256, 2);
    bench.out(0, 0xFFFFFF00, 1);
    bench.out(1, 9);
    CHECK(bench.control.requests == std::vector<std::string>{"exit 3", "exit 42", "exit 255", "exit 0", "exit 255"});
    CHECK(bench.in(0, 4) == 0);
}

TEST_CASE("pvpanic: reading gives the events, writing reports one that is listened to") {
    DescribedBench bench("pvpanic");
    CHECK(bench.in(0) == 3);
    bench.out(0, 1);
    bench.out(0, 2);
    bench.out(0, 0xFC);
    CHECK(bench.control.requests == std::vector<std::string>{"panicked", "crash loaded"});
    DescribedBench only_panics("pvpanic", {{"events", 1}});
    CHECK(only_panics.in(0) == 1);
    only_panics.out(0, 2);
    CHECK(only_panics.control.requests.empty());
}
