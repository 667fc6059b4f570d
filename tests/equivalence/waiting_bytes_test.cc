// Bytes for the terminal that wait: what a guest and who looks at the terminal see of them, mode by mode.
#include <doctest/doctest.h>

#include "devices/programs/programs.h"
#include "tests/equivalence/machine_side.h"

using namespace nyx;
using namespace nyx::vm;

namespace {

constexpr std::uint64_t kData = 0, kEnables = 1, kFifo = 2, kLine = 3, kModem = 4;

struct Uart {
    Described machine = machine_of(*dev::programs::find("serial"), 2);
    Side side{machine, {true, nullptr}};
    const std::uint64_t base = machine.plan.devices[0].pio[0].base;

    // True: there was no exit.
    bool write(std::uint64_t offset, std::uint64_t value, std::uint8_t width = 1) {
        const std::uint64_t before = side.exits;
        side.write(Space::kPio, base + offset, width, value);
        return side.exits == before;
    }
    // As many as exit before the range is there: on these sides one, doubled by each mode that took it away.
    void send(std::string_view text) {
        for (char c : text) write(kData, static_cast<std::uint8_t>(c));
    }
};

}  // namespace

TEST_CASE("a byte waits until somebody looks, and then all come in order") {
    Uart uart;
    CHECK(!uart.write(kData, 'a'));
    CHECK(uart.write(kData, 'b'));
    CHECK(uart.write(kData, 'c'));
    CHECK(uart.side.output.text() == "a");
    uart.side.advance(1);
    CHECK(uart.side.output.text() == "abc");
    CHECK(uart.write(kData, 'd'));
    CHECK(uart.side.read(Space::kPio, uart.base + 5, 1) == 0x60);
    CHECK(uart.side.output.text() == "abcd");
}

TEST_CASE("a queue that is full loses nothing") {
    Uart uart;
    std::string all;
    for (int i = 0; i < 5 * static_cast<int>(FakeVm::kQueue); ++i) all += static_cast<char>('a' + i % 26);
    uart.send(all);
    CHECK(uart.side.exits < 10);
    uart.side.saved();
    CHECK(uart.side.output.text() == all);
}

TEST_CASE("an interrupt is not late: the mode that makes it takes the range away") {
    Uart uart;
    uart.write(kModem, 8);
    uart.send("abc");
    CHECK(!uart.write(kEnables, 2));
    CHECK(uart.side.output.text() == "abc");
    CHECK(uart.side.levels.back().second);
    uart.side.read(Space::kPio, uart.base + kFifo, 1);  // ends it
    CHECK(!uart.side.levels.back().second);
    CHECK(!uart.write(kData, 'd'));
    CHECK(uart.side.levels.back().second);
    uart.write(kEnables, 0);
    CHECK(!uart.write(kData, 'e'));  // it takes two now
    CHECK(!uart.write(kData, 'f'));
    CHECK(uart.write(kData, 'g'));
    CHECK(!uart.write(kModem, 0x18));  // in loopback it comes back
    CHECK(!uart.write(kData, 'h'));
    CHECK(uart.side.read(Space::kPio, uart.base + kData, 1) == 'h');
    CHECK(uart.side.output.text() == "abcdefg");
}

TEST_CASE("what another vCPU queued while the range went is done before the guest goes on") {
    Uart uart;
    uart.write(kModem, 8);
    uart.send("ab");
    uart.side.vm.on_stop = [&] { CHECK(uart.write(kData, 'c')); };
    uart.write(kEnables, 2);
    CHECK(uart.side.output.text() == "abc");
}

TEST_CASE("what stands on the same port in another mode exits") {
    Uart uart;
    uart.send("ab");
    CHECK(!uart.write(kLine, 0x80));
    CHECK(!uart.write(kData, 1));
    CHECK(!uart.write(kData, 2));
    CHECK(uart.side.read(Space::kPio, uart.base + kData, 1) == 2);
    uart.write(kLine, 3);
    CHECK(!uart.write(kData, 'c', 2));  // with the register behind it
    uart.side.saved();
    CHECK(uart.side.output.text() == "abc");
}

TEST_CASE("a silent guest is left alone") {
    Uart uart;
    uart.send("ab");
    uart.side.advance(PassingQueue::kQuietNs);
    CHECK(uart.write(kData, 'c'));
    uart.side.advance(PassingQueue::kQuietNs / 2);
    uart.side.advance(PassingQueue::kQuietNs);
    uart.side.advance(0);
    CHECK(!uart.write(kData, 'd'));
    CHECK(uart.write(kData, 'e'));
    uart.side.saved();
    CHECK(uart.side.output.text() == "abcde");
}

TEST_CASE("a reset and a way back to a snapshot decide anew") {
    Uart uart;
    uart.write(kModem, 8);
    uart.write(kEnables, 2);
    const auto interrupting = uart.side.saved();
    CHECK(!uart.write(kData, 'a'));
    uart.side.reset();
    CHECK(!uart.write(kData, 'b'));
    CHECK(uart.write(kData, 'c'));
    REQUIRE(uart.side.restore(interrupting));
    CHECK(!uart.write(kData, 'd'));
    CHECK(!uart.write(kData, 'e'));
    CHECK(uart.side.output.text() == "abcde");
}

TEST_CASE("all ways agree over bursts of bytes with modes that change between them") {
    std::mt19937_64 random(17);
    for (std::uint32_t vcpus : {1u, 2u}) {
        CAPTURE(vcpus);
        const Described machine = machine_of(*dev::programs::find("serial"), vcpus);
        const std::uint64_t base = machine.plan.devices[0].pio[0].base;
        Sides sides(machine, random);
        for (int round = 0; round < 400; ++round) {
            for (std::uint64_t left = random() % 40; left > 0; --left)
                sides.access(Space::kPio, base + kData, 1, true, random() & 0xFF);
            const std::uint64_t which = random() % 4;
            const std::uint64_t mode[] = {random() % 3, random() % 2 * 0xC1, random() % 4 == 0 ? 0x83u : 3u,
                                          random() % 5 == 0 ? 0x18u : 8u};
            sides.access(Space::kPio, base + kEnables + which, 1, true, mode[which]);
            if (random() % 3 == 0) sides.access(Space::kPio, base + 2 + 3 * (random() % 2), 1, false, 0);
            if (random() % 4 == 0) sides.disturb();
        }
        sides.compare();
        CHECK(sides.saved_exits() > 500);
    }
}
