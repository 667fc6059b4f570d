#include <doctest/doctest.h>

#include "compiled.h"
#include "compiler/device/run_tests.h"
#include "compiler/device/state_lock.h"
#include "compiler/syntax/parser.h"
#include "devices/described/migrate.h"
#include "devices/ir/program_json.h"
#include "devices/ir/verify.h"

using namespace nyx;
using device::LockedDevice;

namespace {

struct Locked {
    Locked(const std::string& text, const LockedDevice* before) {
        const std::uint32_t file = sources.add("d.ny", text);
        module = syntax::parse(sources, file, sink);
        device = device::compile(ast::as<ast::DeviceDecl>(*module->body[0]), {}, sources, sink, before);
    }
    std::string message() const {
        return sink.all().empty() ? "" : sink.all()[0].message + ": " + sink.all()[0].primary.text;
    }

    source::SourceMap sources;
    diagnostics::Sink sink;
    std::unique_ptr<ast::Module> module;
    std::optional<device::CompiledDevice> device;
};

std::string with_state(const std::string& state, int version, const std::string& more = "") {
    return "device d(port: ioport(1)) snapshot " + std::to_string(version) + " { state { " + state +
           " } bank b: pio @port, size 1 { reg r @0 rw }\n" + more + "\n}";
}

// The first that does not hold; empty: they all do.
std::string failures(const Locked& device) {
    std::string all = device.message();
    if (!device.device) return all + " (not compiled)";
    for (const device::DeviceTest& test : device.device->tests) {
        const device::TestResult result = device::run_test(*device.device, test);
        if (result.has_passed) continue;
        all += result.message;
        for (const std::string& note : result.notes) all += "; " + note;
    }
    return all;
}

}  // namespace

TEST_CASE("fields keep their ids when the state changes its version") {
    const Locked first(with_state("a: u8 = 0; b: u16 = 0", 1), nullptr);
    REQUIRE(first.device);
    const LockedDevice one = device::locked(first.device->program, nullptr);
    CHECK(one.fields == std::vector<device::LockedField>{{1, "a", "u8"}, {2, "b", "u16"}, {3, "r", "u8"}});
    CHECK(Locked(with_state("b: u16 = 0; a: u8 = 0", 1), &one).message() == "");
    CHECK(Locked(with_state("a: u8 = 0", 1), &one).message() == "the state of version 1 was another one: `b` is gone");
    CHECK(Locked(with_state("a: u8 = 0; b: u8 = 0", 1), &one).message() ==
          "the state of version 1 was another one: `b` is new, or of another type");
    const Locked second(with_state("c: u8 = 0; a: u8 = 0", 2, "migrate 1 -> 2 { }"), &one);
    REQUIRE(second.device);
    const LockedDevice two = device::locked(second.device->program, &one);
    CHECK(two.fields == std::vector<device::LockedField>{{1, "a", "u8"}, {3, "r", "u8"}, {4, "c", "u8", 2}});
    CHECK(two.gone == std::vector<device::LockedField>{{2, "b", "u16", 1, 1}});
    CHECK(Locked(with_state("a: u8 = 0; b: u16 = 0", 1), &two).message().starts_with("the state of version 2"));
    const Locked third(with_state("b: u16 = 0; a: u8 = 0; c: u8 = 0", 3, "migrate 1 -> 2 { }"), &two);
    REQUIRE(third.device);
    CHECK(third.device->program.state.back().id == 5);  // never that of the `b` that is gone
    CHECK(third.device->program.state[2].since == 2);   // as the lock has it
}

TEST_CASE("a migration makes the fields of its version from those that were saved") {
    const Locked first(with_state("wide: u16 = 0x1234; q: fifo<u8, 4>; on: bool = true; all: [u8; 2]", 1), nullptr);
    REQUIRE(first.device);
    const LockedDevice one = device::locked(first.device->program, nullptr);
    const std::string made = "high: u8 = 0; low: u8 = 0; q: fifo<u8, 4>; off: bool = false; sum: u8 = 0; count: u8 = 0";
    const std::string step =
        "migrate 1 -> 2 (old) { high = u8(old.wide >> 8); low = old.wide[7..0]; off = !old.on; r = old.r + 1\n"
        "sum = old.all[0] + old.all[1]; for x in old.q { count += x }; q.clear(); q.push(u8(old.q.len)) }\n";
    CHECK(failures(
              Locked(with_state(made, 2,
                                step + "test \"t\" { restore(1, wide: 0xABCD, q: [3, 4], all: [5, 6], r: 9, on: "
                                       "false)\n expect high == 0xAB; expect low == 0xCD; expect off; expect r == 10\n"
                                       "expect sum == 11; expect count == 7; expect q.len == 1; expect q.at(0) == 2 }"),
                     &one)) == "");
    // What the test leaves out is as at the beginning, or zeros where nobody knows that any more.
    CHECK(failures(Locked(with_state(made, 2, step + "test \"t\" { restore(1); expect high == 0; expect off }"),
                          &one)) == "");
    CHECK(failures(Locked(with_state(made, 2, step + "test \"t\" { restore(1, wide: 1); expect low == 2 }"), &one)) ==
          "this does not hold; `low` is 0x1");
}

TEST_CASE("states of all older versions come to the newest, one migration after another") {
    const Locked first(with_state("a: u8 = 0", 1), nullptr);
    const LockedDevice one = device::locked(first.device->program, nullptr);
    const Locked second(with_state("b: u16 = 7", 2, "migrate 1 -> 2 (old) { b = u16(old.a) * 2 }"), &one);
    REQUIRE(second.device);
    const LockedDevice two = device::locked(second.device->program, &one);
    const std::string steps =
        "migrate 2 -> 3 (old) { c = u32(old.b) + 1 }\nmigrate 1 -> 2 (old) { b = u16(old.a) * 2 }\n";
    const auto test = [](const std::string& text) { return "test \"t\" { " + text + " }"; };
    const Locked third(
        with_state("c: u32 = 0", 3,
                   steps + test("restore(1, a: 4); expect c == 9") + test("restore(2, b: 4); expect c == 5") +
                       test("restore(3, c: 4); expect c == 4")),
        &two);
    CHECK(failures(third) == "");
    const LockedDevice three = device::locked(third.device->program, &two);
    CHECK(three.gone == std::vector<device::LockedField>{{1, "a", "u8", 1, 1}, {3, "b", "u16", 2, 2}});
    const auto again = device::read_state_lock(device::state_lock_text({{"d", three}}));
    REQUIRE(again);
    CHECK(again->at("d") == three);
    // Later versions need nothing new, and an invariant holds of what a migration made.
    CHECK(failures(Locked(
              with_state("c: u32 = 0; d: u8 = 5", 4, steps + test("restore(1, a: 4); expect d == 5; expect c == 9")),
              &three)) == "");
    CHECK(failures(Locked(with_state("c: u32 = 0", 3, steps + "invariant c < 9\n" + test("restore(1, a: 4)")),
                          &three)) == "saved state of d: it breaks the invariant c < 9");
}

TEST_CASE("what a migration cannot be is said") {
    const LockedDevice one{1, {{1, "a", "u8"}, {2, "r", "u8"}}, {}};
    const auto message = [&](const std::string& more, const std::string& state = "a: u8 = 0") {
        return Locked(with_state(state, 2, more), &one).message();
    };
    CHECK(message("") == "");
    CHECK(message("migrate 2 -> 1 { }") == "a migration leads from a version to a later one: ");
    CHECK(message("migrate 1 -> 3 { }") == "the state has version 2, so nothing becomes version 3: ");
    CHECK(message("migrate 1 -> 2 { }\nmigrate 1 -> 2 { }") == "there are two migrations of version 1: ");
    CHECK(message("migrate 1 -> 2 (old) { a = old.b }") == "the state of that version has no `b`: ");
    CHECK(message("migrate 1 -> 2 (old) { old.a = 1 }") == "`old` is the state as it was saved, and stays so: ");
    CHECK(message("migrate 1 -> 2 { a = old.a }") == "the device has nothing called `old`: ");
    CHECK(message("host tx: sink<u8>\nmigrate 1 -> 2 (old) { emit tx(old.a) }") ==
          "a migration follows from the saved state alone: ");
    CHECK(message("", "b: u8 = 0") == "version 2 has no `a`, and nothing says what becomes of it: ");
    CHECK(message("test \"t\" { restore(3) }") == "`restore` takes a version that there was, and its fields: ");
    CHECK(message("test \"t\" { restore(1, b: 1) }") == "the state of version 1 has no such field: ");
}

TEST_CASE("a lock is read as it was written, and nothing else is one") {
    const device::StateLock lock = {
        {"d", {2, {{1, "a", "u8"}, {4, "q", "fifo<u8, 16>", 2}}, {{2, "b", "[u16; 8]", 1, 1}}}}};
    const auto read = device::read_state_lock(device::state_lock_text(lock));
    REQUIRE(read);
    CHECK(*read == lock);
    // As it was written before it said since when and until when.
    const auto older = device::read_state_lock("device d 3\n  1 a u8\n  gone 2 b [u16; 8]\n");
    REQUIRE(older);
    CHECK(older->at("d").gone[0].until == 2);
    CHECK(older->at("d").of_version(2).size() == 2);
    CHECK(older->at("d").of_version(3).size() == 1);
    for (const char* bad :
         {"x\n", "  1 a u8\n", "device d 0\n", "device d 1\n  0 a u8\n", "device d 1\n  1 a\n",
          "device d 1\ndevice d 1\n", "device d 1\n  2 a u8\n  1 b u8\n", "device  1\n", "device d 99999999999\n",
          "device d 1\n  1 a u65\n", "device d 1\n  1 a [u8; 0]\n", "device d 1\n  1 a fifo<u8, 99999>\n",
          "device d 1\n  1 a u8 since x\n", "device d 2\n  gone 1 a u8 since 2 until 1\n"})
        CHECK_FALSE(device::read_state_lock(bad));
}

TEST_CASE("a saved state of an older version is checked before it is migrated") {
    const LockedDevice one{1, {{1, "a", "u4"}, {2, "r", "u8"}}, {}};
    const Locked made(with_state("b: u8 = 0", 2, "migrate 1 -> 2 (old) { b = u8(old.a) }"), &one);
    REQUIRE(made.device);
    const dev::ir::Program& program = made.device->program;
    const auto migrated = [&](std::vector<dev::StateField> fields) {
        return dev::described::migrated(program, 1, fields);
    };
    const auto good = migrated({{1, {5}}, {2, {6}}, {0x10001, {7}}});
    REQUIRE(good);
    CHECK(*good == std::vector<dev::StateField>{{2, {6}}, {3, {5}}, {0x10001, {7}}});
    CHECK_FALSE(migrated({{1, {16}}, {2, {6}}}));  // more than 4 bits
    CHECK_FALSE(migrated({{1, {5, 0}}}));
    CHECK_FALSE(migrated({{1, {5}}, {1, {5}}}));
    CHECK_FALSE(migrated({{1, {5}}, {3, {5}}}));  // of version 2
    const auto text = dev::ir::canonical_json(std::span(&program, 1));
    const auto read = dev::ir::parse_programs(text);
    REQUIRE(read);
    CHECK(read->front() == program);
    dev::ir::Program bad = program;
    bad.migrations[0].code.code[0] = {dev::ir::Op::kStore, 4, 0, 0, 0, 2};  // into what was saved
    CHECK_FALSE(dev::ir::verify(bad));
    bad = program;
    bad.migrations[0].to = 3;
    CHECK_FALSE(dev::ir::verify(bad));
    bad = program;
    bad.migrations[0].code.code[0] = {dev::ir::Op::kWallTime, 64, 0};
    CHECK_FALSE(dev::ir::verify(bad));
}
