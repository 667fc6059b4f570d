#include <doctest/doctest.h>

#include "tests/equivalence/reference/i8042/spec.h"
#include "tests/unit/devices/described_bench.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::i8042;

namespace {
struct Keyboard : DescribedBench {
    Keyboard() : DescribedBench("i8042") {}
    std::uint64_t data() { return in(0, 1, kDataRegion); }
    void data(std::uint8_t value) { out(0, value, 1, kDataRegion); }
    std::uint64_t status() { return in(0, 1, kCommandRegion); }
    void command(std::uint8_t value) { out(0, value, 1, kCommandRegion); }
    std::uint64_t ask(std::uint8_t value) {
        command(value);
        CHECK((status() & kStatusOutputFull) != 0);
        std::uint64_t answer = data();
        CHECK((status() & kStatusOutputFull) == 0);
        return answer;
    }
    void set_command_byte(std::uint8_t value) {
        command(kWriteRam);
        data(value);
    }
};
}  // namespace

TEST_CASE_FIXTURE(Keyboard, "KAC: self test, interface tests and ports answer") {
    CHECK((status() & kStatusSystem) == 0);
    CHECK(ask(kSelfTest) == 0x55);
    CHECK((status() & kStatusSystem) != 0);
    CHECK(ask(kTestKeyboard) == 0x00);
    CHECK(ask(kTestAuxiliary) == 0x00);
    CHECK(ask(kReadInputPort) == 0x80);
    CHECK(ask(kReadTestInputs) == 0x03);
}

TEST_CASE_FIXTURE(Keyboard, "KAC: the command byte and the RAM behind it read back") {
    set_command_byte(0x47);
    CHECK(ask(kReadRam) == 0x47);
    command(kWriteRam + 31);
    data(0xAB);
    CHECK(ask(kReadRam + 31) == 0xAB);
    command(kDisableKeyboard);
    command(kDisableAuxiliary);
    CHECK(ask(kReadRam) == 0x77);
    command(kEnableKeyboard);
    command(kEnableAuxiliary);
    CHECK(ask(kReadRam) == 0x47);
}

TEST_CASE_FIXTURE(Keyboard, "KAC: status bit 3 says which port was written last; a new command drops one that waits") {
    command(kWriteOutputPort);
    CHECK((status() & kStatusCommand) != 0);
    command(kEnableKeyboard);
    data(0x00);  // for the keyboard, not the output port
    CHECK((status() & kStatusCommand) == 0);
    CHECK(control.requests.empty());
}

TEST_CASE_FIXTURE(Keyboard, "a silent keyboard and mouse are answered for with RESEND and the time-out bit") {
    data(0xF2);
    CHECK((status() & (kStatusTimeout | kStatusAuxiliary | kStatusOutputFull)) == (kStatusTimeout | kStatusOutputFull));
    CHECK(data() == 0xFE);
    CHECK((status() & kStatusTimeout) == 0);
    command(kWriteToAuxiliary);
    data(0xFF);
    CHECK((status() & kStatusAuxiliary) != 0);
    CHECK((status() & kStatusTimeout) != 0);
    CHECK(data() == 0xFE);
}

TEST_CASE_FIXTURE(Keyboard, "KAC: loop-back commands fill the buffers and raise the line of the right interface") {
    set_command_byte(kCommandByteKeyboardIrq | kCommandByteAuxiliaryIrq);
    command(kWriteAuxiliaryBuffer);
    data(0xA5);
    CHECK(lines[1].asserted);
    CHECK(!lines[0].asserted);
    CHECK((status() & kStatusAuxiliary) != 0);
    CHECK(data() == 0xA5);
    CHECK(!lines[1].asserted);
    command(kWriteKeyboardBuffer);
    data(0x1C);
    CHECK(lines[0].asserted);
    CHECK(data() == 0x1C);
    CHECK(!lines[0].asserted);
    set_command_byte(0);
    command(kWriteKeyboardBuffer);
    data(0x1C);
    CHECK(!lines[0].asserted);
}

TEST_CASE_FIXTURE(Keyboard, "reset: pulse, output port and port A; other pulses do nothing") {
    command(0xFF);
    command(0xFD);
    CHECK(control.requests.empty());  // 0xFD pulses A20 alone, by bit 1
    command(0xFE);
    CHECK(control.requests == std::vector<std::string>{"reset: i8042"});
    command(kWriteOutputPort);
    data(0x02);
    CHECK(control.requests.size() == 2);
    out(0, 0x01, 1, kPortARegion);
    CHECK(control.requests.back() == "reset: i8042");
}

TEST_CASE_FIXTURE(Keyboard, "A20 reads back through the output port and port A") {
    CHECK(in(0, 1, kPortARegion) == 0x02);
    command(kWriteOutputPort);
    data(0x01);
    CHECK((ask(kReadOutputPort) & kOutputA20) == 0);
    CHECK(in(0, 1, kPortARegion) == 0x00);
    out(0, 0x02, 1, kPortARegion);
    CHECK((ask(kReadOutputPort) & kOutputA20) != 0);
    CHECK(control.requests.empty());
}

TEST_CASE_FIXTURE(Keyboard, "a saved controller goes on, with its line; impossible states are refused") {
    set_command_byte(kCommandByteKeyboardIrq);
    command(kWriteKeyboardBuffer);
    data(0x42);
    command(kWriteRam + 5);
    auto state = saved();
    Keyboard other;
    REQUIRE(other.restore(state));
    CHECK(other.lines[0].asserted);
    other.data(0x99);
    CHECK(other.data() == 0x42);
    CHECK(other.ask(kReadRam + 5) == 0x99);
    state[2].value = {2};  // neither true nor false
    CHECK(!other.restore(state));
}
