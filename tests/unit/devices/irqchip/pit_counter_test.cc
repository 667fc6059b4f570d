// One counter, pulse by pulse. Section titles in quotes are those of the 8254 data sheet, whose timing diagrams the
// cases follow: a count written in pulse t is loaded by pulse t + 1.
#include "devices/irqchip/pit_counter.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace nyx::dev::irqchip;

namespace {
struct Counter : PitCounter {
    std::int64_t now = 1000;

    // access: 1 low byte, 2 high byte, 3 both.
    Counter(unsigned mode, unsigned access = 1, bool bcd = false) {
        advance(now);
        write_control(static_cast<std::uint8_t>(access << 4 | mode << 1 | (bcd ? 1 : 0)), now);
    }
    void put(std::uint8_t value) { write(value, now); }
    std::uint8_t get() { return read(now); }
    void gate(bool level) { set_gate(level, now); }
    void step(std::int64_t pulses = 1) { advance(now += pulses); }
    // OUT at each of the next pulses, as the diagrams draw it.
    std::string wave(int pulses) {
        std::string text;
        for (int i = 0; i < pulses; ++i) {
            step();
            text += out(now) ? '1' : '0';
        }
        return text;
    }
};
}  // namespace

TEST_CASE("\"Mode 0: interrupt on terminal count\": OUT rises N + 1 pulses after the write, and stays") {
    Counter counter(0);
    CHECK(!counter.out(counter.now));
    counter.put(4);
    CHECK(counter.wave(8) == "00001111");
    CHECK(counter.get() == 0xFD);
    counter.put(2);
    CHECK(counter.wave(5) == "00111");
}

TEST_CASE("\"Mode 0\": GATE low holds the count; the first of two bytes stops it and takes OUT low") {
    Counter counter(0);
    counter.put(3);
    CHECK(counter.wave(2) == "00");
    counter.gate(false);
    CHECK(counter.wave(5) == "00000");
    CHECK(counter.get() == 2);
    counter.gate(true);
    CHECK(counter.wave(3) == "011");

    Counter both(0, 3);
    both.put(2);
    both.put(0);
    CHECK(both.wave(4) == "0011");
    both.put(3);
    CHECK(both.wave(3) == "000");
    both.put(0);
    CHECK(both.wave(5) == "00011");
}

TEST_CASE("\"Mode 1: hardware retriggerable one-shot\"") {
    Counter counter(1);
    counter.gate(false);
    counter.put(3);
    CHECK(counter.wave(3) == "111");
    counter.gate(true);
    CHECK(counter.wave(5) == "00011");
    counter.gate(false);
    counter.gate(true);
    CHECK(counter.wave(2) == "00");
    counter.gate(false);
    counter.gate(true);
    CHECK(counter.wave(5) == "00011");
    counter.put(5);
    CHECK(counter.wave(2) == "11");
    counter.gate(false);
    counter.gate(true);
    CHECK(counter.wave(6) == "000001");
}

TEST_CASE("\"Mode 2: rate generator\": low for one pulse of N; a new count waits for the end of the period") {
    Counter counter(2);
    counter.put(3);
    CHECK(counter.wave(10) == "1101101101");
    CHECK(counter.get() == 3);
    counter.put(4);
    CHECK(counter.wave(10) == "1011101110");
}

TEST_CASE("\"Mode 2\": GATE low takes OUT high at once and stops; its rise begins anew") {
    Counter counter(2);
    counter.put(3);
    CHECK(counter.wave(3) == "110");
    counter.gate(false);
    CHECK(counter.out(counter.now));
    CHECK(counter.wave(5) == "11111");
    counter.gate(true);
    CHECK(counter.wave(6) == "110110");
}

TEST_CASE("\"Mode 3: square wave\": even and odd counts; the counter goes down by two") {
    Counter even(3);
    even.put(4);
    CHECK(even.wave(9) == "110011001");
    CHECK(even.get() == 4);
    even.step();
    CHECK(even.get() == 2);
    even.step();
    CHECK(even.get() == 4);
    Counter odd(3);
    odd.put(5);
    CHECK(odd.wave(11) == "11100111001");
    CHECK(odd.get() == 4);
    odd.step(2);
    CHECK(odd.get() == 0);
    odd.step();
    CHECK(odd.get() == 4);
}

TEST_CASE("\"Mode 3\": a new count takes effect at the end of the half period") {
    Counter counter(3);
    counter.put(4);
    CHECK(counter.wave(1) == "1");
    counter.put(6);
    CHECK(counter.wave(10) == "1000111000");
    counter.put(2);
    CHECK(counter.wave(4) == "1010");
}

TEST_CASE("\"Mode 4: software triggered strobe\"") {
    Counter counter(4);
    counter.put(3);
    CHECK(counter.wave(7) == "1110111");
    CHECK(counter.get() == 0xFD);
    counter.put(2);
    counter.step();
    counter.gate(false);
    CHECK(counter.wave(4) == "1111");
    counter.gate(true);
    CHECK(counter.wave(4) == "1011");
}

TEST_CASE("\"Mode 5: hardware triggered strobe\"") {
    Counter counter(5);
    counter.gate(false);
    counter.put(3);
    CHECK(counter.wave(5) == "11111");
    counter.gate(true);
    CHECK(counter.wave(6) == "111011");
    counter.gate(false);
    counter.gate(true);
    CHECK(counter.wave(2) == "11");
    counter.gate(false);
    counter.gate(true);
    CHECK(counter.wave(5) == "11101");
}

TEST_CASE("Modes 6 and 7 are 2 and 3, and the status says what was written") {
    Counter counter(6);
    counter.put(3);
    CHECK(counter.wave(6) == "110110");
    counter.latch_status(counter.now);
    CHECK((counter.get() & 0x3F) == 0x1C);
}

TEST_CASE("\"Counter latch command\": both bytes are of one moment; a second latch before the read is ignored") {
    Counter counter(2, 3);
    counter.put(0x00);
    counter.put(0x02);
    counter.step(2);
    counter.latch_count(counter.now);
    counter.step(300);
    counter.latch_count(counter.now);
    CHECK(counter.get() == 0xFF);
    CHECK(counter.get() == 0x01);
    CHECK(counter.get() == 0xD3);
    CHECK(counter.get() == 0x00);
}

TEST_CASE("\"Read-back command\": status goes before count; null count until the load; OUT in bit 7") {
    Counter counter(3, 3);
    counter.latch_status(counter.now);
    CHECK(counter.get() == (kPitOut | kPitNullCount | 0x36));
    counter.put(0x10);
    counter.put(0x00);
    counter.latch_status(counter.now);
    CHECK(counter.get() == (kPitOut | kPitNullCount | 0x36));
    counter.step(9);
    counter.latch_status(counter.now);
    counter.latch_count(counter.now);
    counter.step(3);
    CHECK(counter.get() == 0x36);
    CHECK(counter.get() == 0x10);
    CHECK(counter.get() == 0x00);
    counter.put(0x20);
    counter.put(0x00);
    counter.latch_status(counter.now);
    CHECK((counter.get() & kPitNullCount));
}

TEST_CASE("Access by one byte, counts of 0, BCD") {
    Counter high(2, 2);
    high.put(0x01);
    high.step();
    CHECK(high.get() == 0x01);
    high.step();
    CHECK(high.get() == 0x00);
    Counter most(2, 3);
    most.put(0);
    most.put(0);
    CHECK(most.state().count == 0x10000);
    Counter bcd(0, 3, true);
    bcd.put(0x00);
    bcd.put(0x10);
    bcd.step(2);
    CHECK(bcd.get() == 0x99);
    CHECK(bcd.get() == 0x09);
    bcd.step(1000);
    CHECK(bcd.get() == 0x99);
    CHECK(bcd.get() == 0x99);
    Counter most_bcd(2, 3, true);
    most_bcd.put(0);
    most_bcd.put(0);
    CHECK(most_bcd.state().count == 10'000);
}

TEST_CASE("8254 counter, random use: advance() says exactly when OUT was seen to rise, and events are never late") {
    std::mt19937 random(5);
    auto below = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
    for (int round = 0; round < 400; ++round) {
        Counter counter(below(8));
        bool has_gate = below(2) == 0;
        for (int i = 0; i < 200; ++i) {
            if (below(20) == 0) counter.put(static_cast<std::uint8_t>(2 + below(12)));
            if (has_gate && below(8) == 0) counter.gate(below(2) == 0);
            bool was = counter.out(counter.now);
            auto event = counter.next_event();
            bool rose = counter.advance(++counter.now) != 0;
            bool is = counter.out(counter.now);
            if (rose) REQUIRE((event && *event <= counter.now));
            if (rose) REQUIRE(is);
            if (!was && is) REQUIRE(rose);
        }
    }
}

TEST_CASE("8254 counter: a long advance() counts the rises that many short ones count") {
    std::mt19937 random(8);
    auto below = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
    for (int round = 0; round < 2'000; ++round) {
        Counter fine(below(6));
        fine.put(static_cast<std::uint8_t>(2 + below(12)));
        fine.step(below(30));
        if (below(2) == 0) fine.put(static_cast<std::uint8_t>(2 + below(12)));
        Counter coarse = fine;
        const unsigned pulses = below(100);
        std::uint64_t rises = 0;
        for (unsigned i = 0; i < pulses; ++i) rises += fine.advance(++fine.now);
        REQUIRE(coarse.advance(coarse.now + pulses) == rises);
    }
}
