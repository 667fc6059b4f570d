// A guest cannot tell whether its accesses are served by the table, by the native code of the machine's bundle, or by
// that and without the exits that can be done without: reads give the same, and so do state, lines, output and requests
// whenever somebody looks, over accesses of chance and those of a real boot, with snapshots on the way.
#include <doctest/doctest.h>

#include <cstdlib>

#include "devices/programs/programs.h"
#include "runtime/base/file.h"
#include "tests/equivalence/machine_side.h"
#include "tests/equivalence/trace.h"
#include "tests/unit/devices/described/generated_program.h"
#include "tests/unit/devices/described/made_programs.h"

using namespace nyx;
using namespace nyx::vm;
using dev::ir::Program;

namespace {

// NYX_DEVICE_PROGRAMS asks for a longer run.
int programs() {
    const char* asked = std::getenv("NYX_DEVICE_PROGRAMS");
    return asked == nullptr ? 25 : std::atoi(asked);
}

std::uint64_t run(const Program& program, std::mt19937_64& random, unsigned operations) {
    std::uint64_t saved = 0;
    for (std::uint32_t vcpus : {1u, 2u}) {
        CAPTURE(vcpus);
        const Described machine = machine_of(program, vcpus);
        Sides sides(machine, random);
        for (unsigned i = 0; i < operations; ++i) sides.operate();
        sides.compare();
        saved += sides.saved_exits();
    }
    return saved;
}

}  // namespace

TEST_CASE("the mailbox: every mechanism, with snapshots on the way") {
    std::mt19937_64 random(11);
    CHECK(run(dev::ir::mailbox(), random, 20000) > 2000);
}

TEST_CASE("programs made by hand") {
    std::mt19937_64 random(12);
    run(dev::ir::small_uart(), random, 5000);
    run(dev::ir::all_kinds(), random, 5000);
}

TEST_CASE("generated programs") {
    std::mt19937_64 random(13);
    std::uint64_t saved = 0;
    for (int i = 0; i < programs(); ++i) {
        CAPTURE(i);
        saved += run(dev::ir::generated_program(random), random, 600);
    }
    CHECK(saved > 0);
}

TEST_CASE("devices of the catalog") {
    std::mt19937_64 random(14);
    for (const std::string_view name : dev::programs::names()) {
        CAPTURE(name);
        run(*dev::programs::find(name), random, 4000);
    }
}

TEST_CASE("accesses of a recorded boot, with time and snapshots on the way") {
    const auto bytes = read_file(NYX_TRACES "/linux_boot.trace");
    REQUIRE_MESSAGE(bytes, bytes.error().message);
    const auto accesses = trace::decode(*bytes);
    REQUIRE(accesses);
    CHECK(accesses->size() > 1000);
    for (std::uint32_t vcpus : {1u, 2u}) {
        const Described machine = machine_of_pc(vcpus);
        std::mt19937_64 random(16);
        Sides sides(machine, random);
        for (std::size_t i = 0; i < accesses->size(); ++i) {
            CAPTURE(i);
            const trace::Access& one = (*accesses)[i];
            sides.access(one.space, one.address, one.width, one.is_write, one.value);
            if (i % 64 == 0) sides.disturb();
        }
        sides.compare();
    }
}

TEST_CASE("every level that this processor has does the same") {
    const Described machine = machine_of(*dev::programs::find("serial"), 1);
    for (int level = 0; level <= jit::host_level(); ++level) {
        CAPTURE(level);
        const NativeBundle native(machine, plan::kCodeLevels[level]);
        Side table(machine, {}), side(machine, {false, &native.functions()});
        std::mt19937_64 random(15);
        for (int i = 0; i < 3000; ++i) {
            const std::uint64_t port = machine.plan.devices[0].pio[0].base + random() % 8, value = random() & 0xFF;
            if (random() % 2 == 0) {
                REQUIRE(table.read(Space::kPio, port, 1) == side.read(Space::kPio, port, 1));
            } else {
                table.write(Space::kPio, port, 1, value);
                side.write(Space::kPio, port, 1, value);
            }
            REQUIRE(table.state_bytes() == side.state_bytes());
        }
    }
}

TEST_CASE("native code counts what the table counts") {
    for (std::uint32_t vcpus : {1u, 2u}) {
        const Described machine = machine_of(*dev::programs::find("serial"), vcpus);
        const NativeBundle native(machine);
        Side table(machine, {}), side(machine, {false, &native.functions()});
        const std::uint64_t base = machine.plan.devices[0].pio[0].base;
        for (Side* one : {&table, &side}) {
            for (int i = 0; i < 5; ++i) one->read(Space::kPio, base + 5, 1);
            one->write(Space::kPio, base + 3, 1, 0x80);
            one->write(Space::kPio, base, 1, 7);
            one->write(Space::kPio, base, 2, 7);
            one->read(Space::kPio, base, 1);
        }
        const std::size_t rows = 2 * (dev::programs::find("serial")->registers.size() + 1);
        for (std::size_t i = 0; i < rows; ++i) {
            CAPTURE(i);
            CHECK(side.counters->registers(i) == table.counters->registers(i));
        }
    }
}

TEST_CASE("the event loop rings what nobody else did") {
    const Described machine = machine_of(dev::ir::mailbox(), 2);
    Side side(machine, {true, nullptr});
    const std::uint64_t regs = machine.plan.devices.front().mmio[1].base;
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
