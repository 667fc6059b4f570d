// A guest whose writes are rung, queued or exit and whose reads come from pages cannot be told from one all of whose
// accesses exit: reads give the same, and whenever somebody looks, so do state, lines and output.
#include <optional>
#include <random>

#include "devices/ir/service.h"
#include "tests/equivalence/exit_free_side.h"
#include "tests/unit/devices/described/generated_program.h"
#include "tests/unit/devices/described/made_programs.h"

using namespace nyx;
using namespace nyx::vm;
using dev::ir::Program;

namespace {

struct Pair {
    Side table, free;
    std::mt19937_64& random;
    std::optional<std::vector<dev::StateField>> snapshot;

    Pair(const Program& program, std::mt19937_64& source)
        : table(program, false), free(program, true), random(source) {}

    void compare() {
        REQUIRE(table.saved() == free.saved());
        REQUIRE(table.output.bytes == free.output.bytes);
        REQUIRE(table.levels == free.levels);
        REQUIRE(table.control.requests == free.control.requests);
    }

    void access() {
        const plan::DevicePlan& device = table.plan.devices.front();
        const bool ports = !device.pio.empty() && (device.mmio.empty() || random() % 2 == 0);
        const std::vector<Range>& ranges = ports ? device.pio : device.mmio;
        const Range range = ranges[random() % ranges.size()];
        const auto width = static_cast<std::uint8_t>(1u << random() % (ports ? 3 : 4));
        const std::uint64_t address = range.base + random() % std::min<std::uint64_t>(range.size, 40);
        const Space space = ports ? Space::kPio : Space::kMmio;
        if (random() % 3 == 0) {
            REQUIRE(table.read(space, address, width) == free.read(space, address, width));
            return;
        }
        const std::uint64_t value = random() % 4 == 0 ? random() : random() % 9;
        table.write(space, address, width, value);
        free.write(space, address, width, value);
    }

    void operation() {
        const std::uint64_t kind = random() % 60;
        if (kind == 0) {
            compare();
            snapshot = free.saved();
        } else if (kind == 1 && snapshot) {
            table.restore(*snapshot);
            free.restore(*snapshot);
        } else if (kind == 2) {
            const std::uint64_t ns = random() % 5'000'000;
            table.advance(ns);
            free.advance(ns);
        } else if (kind == 3) {
            const auto byte = static_cast<std::uint8_t>(random());
            REQUIRE(table.receive(byte) == free.receive(byte));
        } else {
            access();
        }
    }
};

std::uint64_t run(const Program& program, std::mt19937_64& random, unsigned operations) {
    Pair pair(program, random);
    for (unsigned i = 0; i < operations; ++i) pair.operation();
    pair.compare();
    CHECK(pair.free.exits <= pair.table.exits);
    return pair.table.exits - pair.free.exits;
}

}  // namespace

TEST_CASE("the mailbox: every mechanism, with snapshots on the way") {
    std::mt19937_64 random(11);
    CHECK(run(dev::ir::mailbox(), random, 20000) > 2000);
}

TEST_CASE("described devices with nothing to save exits on are served as before") {
    std::mt19937_64 random(12);
    run(dev::ir::small_uart(), random, 5000);
    run(dev::ir::all_kinds(), random, 5000);
}

TEST_CASE("generated programs agree with themselves without exits") {
    std::mt19937_64 random(13);
    std::uint64_t saved = 0;
    for (int i = 0; i < 200; ++i) saved += run(dev::ir::generated_program(random), random, 400);
    CHECK(saved > 0);
}

TEST_CASE("the event loop rings what nobody else did") {
    Side side(dev::ir::mailbox(), true);
    const std::uint64_t regs = side.plan.devices.front().mmio[1].base;
    for (int i = 0; i < 3; ++i) side.write(Space::kMmio, regs, 4, 1);
    CHECK(side.exits == 0);
    CHECK(side.output.text().empty());
    side.loop->wait(1'000'000'000);
    CHECK(side.output.text() == "nnn");
    side.write(Space::kMmio, regs + 4, 4, 7);
    side.write(Space::kMmio, regs + 4, 4, 8);  // another value exits, after what was rung before
    CHECK(side.exits == 1);
    CHECK(side.output.text() == "nnns");
}
