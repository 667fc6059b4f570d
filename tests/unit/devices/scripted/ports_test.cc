// What a class has beside accesses: timers, bytes of the host, requests, saved state of its own making.
#include <doctest/doctest.h>

#include "class_bench.h"

using namespace nyx;
using test::Bench;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

const std::string kTicker =
    "irq: int = 0; ends = 0\n"
    "fn io_write(self, port: int, value: int) {\n"
    "    if value == 0 { self.cancel_timer(\"tick\") } else { self.arm_timer(\"tick\", value * 1000000) }\n"
    "}\n"
    "fn io_read(self, port: int) {\n"
    "    if port == 0x501 { return self.timer_runs(\"tick\") }\n"
    "    return self.ends\n"
    "}\n"
    "fn on_tick(self) { self.ends += 1; if self.ends < 3 { self.arm_timer(\"tick\", 10 ms) } }";

struct Ticker : Bench {
    explicit Ticker(const std::string& body = kTicker) : Bench(body) {
        program.timers = {{1, "tick"}, {2, "other"}};
        REQUIRE(dev::ir::verify(program));
    }
};

struct Line : Bench {
    explicit Line(const std::string& body) : Bench(body) {
        program.sinks = {{"tx"}};
        program.sources = {{"rx"}, {"line_break", 0}, {"power_button", 0}};
        program.script.controls = program.script.has_clock = true;
        REQUIRE(dev::ir::verify(program));
    }
    std::size_t type(std::string_view text) { return device().byte_receiver()->receive(as_bytes(text)); }
};

}  // namespace

TEST_CASE("a timer ends as a call, again where it is armed there, and no time is lost between") {
    Ticker bench;
    bench.write(0, 5);
    CHECK(bench.read(1) == 1);
    bench.timers.advance(5 * kMs - 1);
    CHECK(bench.read(0) == 0);
    bench.timers.advance(1);
    CHECK(bench.read(0) == 1);
    bench.clock.now_ns += 3 * kMs;  // the host is late
    bench.timers.advance(7 * kMs - 1);
    CHECK(bench.read(0) == 1);
    bench.timers.advance(1);
    CHECK(bench.read(0) == 2);
    bench.timers.advance(10 * kMs);
    CHECK(bench.read(0) == 3);
    CHECK(bench.read(1) == 0);
    CHECK_FALSE(bench.timers.next_deadline());
}

TEST_CASE("timers are cancelled by the class and by a reset") {
    Ticker bench;
    bench.write(0, 5);
    bench.write(0, 0);
    CHECK_FALSE(bench.timers.next_deadline());
    bench.write(0, 5);
    bench.write(0, 7);  // from now
    CHECK(bench.timers.next_deadline() == 7 * kMs);
    bench.device().reset();
    CHECK_FALSE(bench.timers.next_deadline());
}

TEST_CASE("what a timer has left is saved and goes on elsewhere") {
    Ticker bench;
    bench.write(0, 5);
    bench.timers.advance(2 * kMs);
    const dev::StateUnit saved = bench.save();
    Ticker other;
    other.clock.now_ns = 100 * kMs;
    other.write(0, 1);
    REQUIRE(other.restore(saved));
    CHECK(other.timers.next_deadline() == 103 * kMs);
    CHECK(other.save() == saved);
    other.timers.advance(3 * kMs);
    CHECK(other.read(0) == 1);
    CHECK(bench.text_of(saved, "timers") == "{\"tick\": 3000000}");
}

TEST_CASE("times that are none and timers that are not there are told and change nothing else") {
    Ticker bench(
        "fn io_write(self, port: int, value: int) {\n"
        "    self.arm_timer(\"tick\", 5 ms)\n"
        "    if value == 1 { self.arm_timer(\"tick\", \"soon\") }\n"
        "    if value == 2 { self.arm_timer(\"tock\", 1) }\n"
        "    if value == 3 { self.arm_timer(\"tick\", -1) }\n"
        "    if value == 4 { self.arm_timer(\"tick\", 9223372036854775807) }\n"
        "}\n"
        "fn io_read(self, port: int) { return len(self.timers) }");
    for (const unsigned value : {1u, 3u}) {
        bench.write(0, value);
        CHECK_FALSE(bench.timers.next_deadline());
        CHECK(bench.read(0) == 0);
    }
    bench.write(0, 2);
    CHECK(bench.read(0) == 1);
    CHECK(bench.timers.next_deadline() == 5 * kMs);
    bench.write(0, 4);  // it runs, and nobody lives to see its end
    CHECK(bench.read(0) == 1);
    CHECK_FALSE(bench.timers.next_deadline());
}

TEST_CASE("a timer of no length leaves time for others") {
    Ticker bench(
        "fn io_write(self, port: int, value: int) { self.arm_timer(\"tick\", 0) }\n"
        "count = 0\nfn on_tick(self) { self.count += 1; self.arm_timer(\"tick\", 0) }\n"
        "fn io_read(self, port: int) { return self.count }");
    bench.write(0, 1);
    bench.timers.advance(10'000);
    CHECK(bench.read(0, 2) == 10);
}

TEST_CASE("bytes go to the host and come from it as long as the class takes them") {
    Line bench(
        "waiting: array<int> = []\n"
        "fn io_write(self, port: int, value: int) { self.emit(\"tx\", value); self.emit(\"tx\", \"!\") }\n"
        "fn io_read(self, port: int) { return self.waiting.pop(0) }\n"
        "fn accepts_rx(self) { return len(self.waiting) < 2 }\n"
        "fn on_rx(self, byte: int) { self.waiting.push(byte) }\n"
        "fn on_line_break(self) { self.emit(\"tx\", \"break\") }\n"
        "fn on_power_button(self) { self.emit(\"tx\", \"button\") }");
    bench.write(0, 0x141);
    CHECK(bench.output.text() == "A!");
    CHECK(bench.type("abc") == 2);
    CHECK(bench.rooms == 0);
    CHECK(bench.read(0) == 'a');
    CHECK(bench.rooms == 1);
    CHECK(bench.type("c") == 1);
    CHECK(bench.read(0) == 'b');
    CHECK(bench.read(0) == 'c');
    CHECK(bench.rooms == 1);
    bench.device().byte_receiver()->receive_break();
    bench.device().power_button()->press_power_button();
    CHECK(bench.output.text() == "A!breakbutton");
}

TEST_CASE("what a call sent before its mistake is sent, and what no sink takes is told") {
    Line bench(
        "fn io_write(self, port: int, value: int) {\n"
        "    self.emit(\"tx\", \"a\"); self.emit(\"ty\", 1); self.emit(\"tx\", [1]); self.sent.push(7); "
        "self.emit(\"tx\", true)\n"
        "    throw \"enough\"\n"
        "}");
    bench.write(0, 1);
    CHECK(bench.output.bytes == Bytes{'a', 1});
    Bench without("fn io_write(self, port: int, value: int) { self.emit(\"tx\", value); self.request(\"exit\", 3) }");
    without.write(0, 1);
    CHECK(without.output.bytes.empty());
    CHECK(without.control.requests.empty());
    CHECK(without.device().byte_receiver() == nullptr);
    CHECK(without.device().power_button() == nullptr);
}

TEST_CASE("a class asks the machine, and knows the time of day") {
    Line bench(
        "fn io_write(self, port: int, value: int) {\n"
        "    switch value { case 0: self.request(\"reset\"); case 1: self.request(\"power_off\")\n"
        "        case 2: self.request(\"exit\", 0x105); case 3: self.request(\"panicked\", 1)\n"
        "        default: self.request(\"explode\") }\n"
        "}\n"
        "fn io_read(self, port: int) { return self.wall_ns }");
    for (unsigned value = 0; value < 5; ++value) bench.write(0, value);
    CHECK(bench.control.requests ==
          std::vector<std::string>{"reset: gadget", "power off: gadget", "exit 5", "crash loaded"});
    bench.clock.wall_at_zero_ns = 0x1234;
    CHECK(bench.read(0, 4) == 0x1234);
    CHECK(bench.text_of(bench.save(), "wall_ns").empty());
}

TEST_CASE("a class with snapshot and restore says itself what there is of it") {
    const std::string body =
        "inside = null; irq: int = 0\n"
        "fn init(self) { let count = [0]; self.inside = fn(n: int) { count[0] += n; return count[0] } }\n"
        "fn io_write(self, port: int, value: int) { self.inside(value); self.raise_irq(self.irq) }\n"
        "fn io_read(self, port: int) { return self.inside(0) }\n"
        "fn snapshot(self) { if self.inside(0) == 13 { throw \"never\" }; return {\"count\": self.inside(0)} }\n"
        "fn restore(self, state) { if state[\"count\"] == 66 { throw \"not that\" }; self.inside(state[\"count\"]) }";
    Bench bench(body), other(body);
    bench.write(0, 42);
    const dev::StateUnit saved = bench.save();
    CHECK(saved.fields.size() == 3);
    CHECK(bench.text_of(saved, "snapshot()") == "{\"count\": 42}");
    REQUIRE(other.restore(saved));
    CHECK(other.read(0) == 42);
    CHECK(other.line.asserted);
    CHECK(other.save() == saved);
    bench.write(0, 24);
    CHECK_FALSE(other.restore(bench.save()));
    CHECK(other.read(0) == 42);
    // By another class, which knows of no such thing.
    Bench plain("fn io_read(self, port: int) { return 1 }");
    CHECK_FALSE(plain.restore(saved));
    // One that throws: its fields, as far as they are plain.
    Bench odd(body);
    odd.write(0, 13);
    CHECK(odd.text_of(odd.save(), "snapshot()").empty());
    CHECK(odd.text_of(odd.save(), "irq_lines") == "{5: true}");
}

TEST_CASE("a program of a class has no code, and ports that a machine has") {
    const auto refused = [](auto change) {
        Line line("");
        change(line.program);
        return !dev::ir::verify(line.program);
    };
    using dev::ir::Program;
    CHECK(refused([](Program& p) { p.sinks.push_back({"ty"}); }));
    CHECK(refused([](Program& p) { p.sources.push_back({"ry"}); }));
    CHECK(refused([](Program& p) { p.sources.push_back({"bell", 0}); }));
    CHECK(refused([](Program& p) { p.sources[0].handler = 0; }));
    CHECK(refused([](Program& p) { p.timers = {{1, "tick", 1000, 0}}; }));
    CHECK(refused([](Program& p) { p.script.code = "abc"; }));
    CHECK(refused([](Program& p) { p.script.code = std::string(64, 'G'); }));
    CHECK(refused([](Program& p) { p.script.name.clear(); }));
    CHECK_FALSE(refused([](Program& p) { p.script.code = std::string(64, 'a'); }));
}
