// What a device is told and asks: facts of the machine, its power-on, queries.
#include <doctest/doctest.h>

#include "compiled.h"
#include "devices/ir/program.h"

using nyx::device::Compiled;

TEST_CASE("with something to do at power-on a device keeps its state over a reset") {
    const Compiled clock(R"(
device clock(base: ioport(2) = 0x70) snapshot 1 {
    host cpus: fact<u16>, memory_below_4g: fact<u64>
    state { index: u8 = 3 }
    bank regs: pio @base, size 2 {
        reg select @0 rw { on write(v) { index = v } }
        reg kept @1 rw
    }
    on power_on { kept = u8(cpus) + 4 }
    on reset { index = 0 }
    test "at power-on" { expect read(kept) == 5 }
    test "over a reset" { write(kept, 9); write(select, 7); reset(); expect read(kept) == 9; expect read(select) == 7; expect index == 0 }
}
)");
    CHECK(clock.mistakes() == "");
    CHECK(clock.failures() == "");
    REQUIRE(clock.device);
    REQUIRE(clock.device->program.settings.size() == 2);
    CHECK(clock.device->program.settings[0].of_machine);
    CHECK(clock.device->program.settings[0].value == 1);
    CHECK(clock.device->program.registers[1].reset == 5);
}

TEST_CASE("a fact is one that the plan has, in its width") {
    const Compiled wrong(R"(
device d(base: ioport(1) = 0x70) snapshot 1 {
    host colour: fact<u8>, memory_below_4g: fact<u32>
    bank regs: pio @base, size 1 { reg one @0 rw }
}
)");
    CHECK(wrong.mistakes() ==
          "NY0801 3:10 nothing is known of a machine as `colour`\n"
          "NY0801 3:45 `memory_below_4g` has 64 bits\n");
}

TEST_CASE("the host answers inside an operation") {
    const Compiled device(R"(
device asker(base: ioport(2) = 0x80) snapshot 1 {
    host ask: query<u16, u8>
    state { last: u8 = 7 }
    bank regs: pio @base, size 2 {
        reg answer @0 ro { on read { return ask(u16(last) << 8) } }
        reg number @1 rw { on write(v) { last = ask(u16(v)) & v } }
    }
    test "what it was asked, and what it makes of the answer" {
        expect read(answer) == 0xff
        expect host.ask.pop_or(0) == 0x700
        host.ask(0x3c)
        write(number, 0x0f)
        expect host.ask.len == 1
        expect host.ask.pop_or(0) == 0x0f
        expect last == 0x0c
        expect read(answer) == 0x3c
    }
}
)");
    CHECK(device.mistakes() == "");
    CHECK(device.failures() == "");
    REQUIRE(device.device);
    CHECK(device.device->program.queries == std::vector<nyx::dev::ir::Query>{{"ask", 16, 8}});
}

TEST_CASE("a query is asked by handlers alone, with a word of its width") {
    const std::string before = "device d(base: ioport(2) = 0x80) {\n host ask: query<u16, u8>\n";
    const std::string after = "\n bank b: pio @base, size 2 { reg r @0 wo { on write(v) { ask(v) } } } }";
    CHECK(Compiled(before + after).mistakes() == "");
    CHECK(Compiled(before + "derive x = ask(1)" + after).mistakes() != "");
    CHECK(Compiled(before + "invariant ask(1) == 0" + after).mistakes() != "");
    CHECK(Compiled(before + "on power_on { ask(1, 2) }" + after).mistakes() != "");
    CHECK(Compiled("device d(base: ioport(1)) { host ask: query<u8>\n bank b: pio @base, size 1 { } }").mistakes() ==
          "NY0801 1:39 a query is asked with a word and answered with one: `query<u32, u8>`\n");
}
