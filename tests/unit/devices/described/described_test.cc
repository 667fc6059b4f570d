#include "devices/described/device.h"

#include <doctest/doctest.h>

#include "../fixture.h"
#include "devices/ir/verify.h"
#include "made_programs.h"

namespace nyx::dev::described {

namespace {

struct Described1 : dev::Surroundings {
    ir::Program program;
    std::unique_ptr<Described> device;

    explicit Described1(ir::Program made) : program(std::move(made)) {
        const Status good = ir::verify(program);
        REQUIRE_MESSAGE(good, good.error().message);
        auto created = Described::create(program, environment(program.lines.size()));
        REQUIRE(created);
        device = std::move(*created);
    }
    std::uint64_t in(std::uint64_t offset, std::uint8_t width = 1) { return device->read({0, offset, width}); }
    void out(std::uint64_t offset, std::uint64_t value, std::uint8_t width = 1) {
        device->write({0, offset, width}, value);
    }
    std::size_t receive(std::vector<std::uint8_t> bytes) { return device->receive(bytes); }
    std::vector<StateField> saved() const {
        StateWriter writer;
        device->save(writer);
        return writer.take();
    }
    Status restore(const std::vector<StateField>& fields) {
        StateReader reader(fields);
        return device->restore(reader);
    }
};

}  // namespace

TEST_CASE("a guard decides which of two registers on one byte is meant") {
    Described1 uart(ir::small_uart());
    uart.out(0, 'A');
    CHECK(uart.output.text() == "A");
    uart.out(3, 0x80);
    CHECK(uart.in(0) == 12);
    uart.out(0, 'B');
    CHECK(uart.output.text() == "A");
    CHECK(uart.in(0) == 'B');
    CHECK(uart.device->registers()[uart.device->select({0, 0, 1}, false)].name == "dll");
    uart.out(3, 0);
    CHECK(uart.in(0) == 0);
    CHECK(uart.device->registers()[uart.device->select({0, 0, 1}, false)].name == "rbr");
}

TEST_CASE("an interrupt line follows the state, and input waits for room") {
    Described1 uart(ir::small_uart());
    CHECK(uart.receive({1, 2, 3, 4, 5, 6}) == 4);
    CHECK_FALSE(uart.lines[0].asserted);
    uart.out(1, 0xF1);
    CHECK(uart.in(1) == 1);
    CHECK(uart.lines[0].asserted);
    CHECK(uart.room_calls == 0);
    for (int expected = 1; expected <= 4; ++expected) CHECK(uart.in(0) == static_cast<std::uint64_t>(expected));
    CHECK(uart.room_calls == 1);
    CHECK_FALSE(uart.lines[0].asserted);
    uart.receive({9});
    uart.device->reset();
    CHECK(uart.in(0) == 0);
    CHECK(uart.in(1) == 0);
}

TEST_CASE("what nobody answers is a gap, byte by byte") {
    Described1 uart(ir::small_uart());
    uart.out(1, 0x0A);
    CHECK(uart.in(0, 4) == 0x00FF0A00);
    CHECK(uart.in(4, 4) == 0xFFFFFFFF);
    uart.out(0, 0x44434241, 4);
    CHECK(uart.output.text() == "A");
    CHECK(uart.in(1) == 2);
    CHECK(uart.in(3) == 0x44);
}

TEST_CASE("timers end in ticks of their own rate, and survive a save") {
    Described1 uart(ir::small_uart());
    uart.out(0, 'x');
    uart.timers.advance(400'000);
    const std::vector<StateField> half_way = uart.saved();

    Described1 other(ir::small_uart());
    other.clock.now_ns = 5;
    REQUIRE(other.restore(half_way));
    CHECK(other.saved() == half_way);
    other.timers.advance(599'999);
    CHECK(other.saved()[4].value == Bytes{0, 0});
    other.timers.advance(1);
    CHECK(other.saved()[4].value == Bytes{1, 0});
    CHECK(other.saved()[5].value.empty());
}

TEST_CASE("a saved state that is none leaves the device as it was") {
    Described1 uart(ir::small_uart());
    uart.out(1, 3);
    uart.receive({7});
    const std::vector<StateField> good = uart.saved();
    const auto refused = [&](std::size_t field, Bytes value, std::string_view why) {
        std::vector<StateField> bad = good;
        bad[field].value = std::move(value);
        Status status = uart.restore(bad);
        REQUIRE_FALSE(status);
        CHECK_MESSAGE(status.error().message.find(why) != std::string::npos, status.error().message);
        CHECK(uart.saved() == good);
    };
    refused(0, {1, 2, 3, 4, 5}, "field 1 is no value of its type");
    refused(0, {1, 2, 3, 4}, "breaks the invariant rxq has room");
    refused(1, {}, "field 2 is no value of its type");
    refused(5, {1, 2, 3}, "is no timer");
    refused(5, Bytes(16, 0xFF), "runs for too long");
    std::vector<StateField> unknown = good;
    unknown.insert(unknown.begin() + 4, StateField{5, {0}});
    CHECK_FALSE(uart.restore(unknown));
    std::vector<StateField> older = {good[1]};
    REQUIRE(uart.restore(older));
    CHECK(uart.in(1) == 3);
    CHECK(uart.in(0) == 0);
}

TEST_CASE("each kind of bit does what the data sheet's word says") {
    Described1 all(ir::all_kinds());
    CHECK(all.in(0, 4) == 0x5AFF00FF);
    CHECK(all.in(0, 4) == 0x5A0F00FF);  // rc
    all.out(0, 0x00050F35, 4);          // rw 5, w1c 3, w1s F, w0c keeps 5
    CHECK(all.in(0, 4) == 0x5A050FC5);
    all.out(1, 0, 1);  // a part of it: the other bytes stay, whatever their kind
    CHECK(all.in(0, 4) == 0x5A050FC5);
    all.device->reset();
    CHECK(all.in(0, 4) == 0x5AFF00FF);
}

TEST_CASE("arrays of registers stand apart, and a read handler runs once a read") {
    Described1 all(ir::all_kinds());
    all.out(16 + 8, 0x1234, 2);
    CHECK(all.in(16 + 8, 2) == 0x1234);
    CHECK(all.in(16, 2) == 7);
    CHECK(all.in(18, 2) == 0);
    CHECK(all.in(8) == 1);
    CHECK(all.in(8) == 2);
    CHECK(all.device->peek(2) == 0);
    CHECK(all.in(8) == 3);
}

}  // namespace nyx::dev::described
