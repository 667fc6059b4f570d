#include <doctest/doctest.h>

#include "compiled.h"
#include "devices/ir/verify.h"

using nyx::device::Compiled;

namespace {

// The device of docs/devices.md, with one register and test more.
const char* const kUart = R"(
device uart(base: ioport(8) = auto([0x3f8]), irq: gsi = auto([4])) snapshot 2 {
    """16550A UART. National Semiconductor PC16550D."""
    acpi { hid = "PNP0501"; uid = 0 }
    host tx: sink<u8>, rx: source<u8> when !rxq.full
    state { rxq: fifo<u8, 16>; thre: bool = true; since 2 { fcr: u8 = 0 } }
    derive dr = !rxq.empty
    derive irq = (ier.erbfi && dr) || (ier.etbei && thre)
    bank regs: pio @base, size 8, gaps reserved {
        when lcr.dlab { reg dll @0 rw reset 12; reg dlm @1 rw }
        else {
            reg rbr @0 ro { on read { return rxq.pop_or(0) } }
            reg thr @0 wo { on write(v) { emit tx(v); thre = true } }
            reg ier @1 rw { erbfi: 0; etbei: 1; elsi: 2; edssi: 3; rest: zero }
        }
        reg lcr @3 rw { wls: 1..0; dlab: 7 }
        reg lsr @5 ro { dr: 0 = dr; thre: 5 = thre; temt: 6 = thre; rest: zero }
        reg scr @7 rw @expect(coalesced)
    }
    on rx(b) { rxq.push(b) }
    invariant rxq.len <= 16
    test "receive" { write(ier, 1); host.rx(0x41); expect irq; expect read(rbr) == 0x41; expect !irq }
    test "send" { write(thr, 0x42); expect host.tx.len == 1; expect host.tx.pop_or(0) == 0x42; expect host.tx.len == 0 }
    test "modes" { write(lcr, 0x80); expect read(dll) == 12; write(dll, 3); write(lcr, 3); write(ier, 0xff); expect read(ier) == 0x0f }
    test "fifo" { for i in 0..16 { host.rx(i) } for i in 0..16 { expect read(rbr) == i } expect read(rbr) == 0 }
}
)";

}  // namespace

TEST_CASE("the device of the design page compiles, and its tests pass") {
    const Compiled uart(kUart);
    CHECK(uart.mistakes() == "");
    REQUIRE(uart.device);
    CHECK(nyx::dev::ir::verify(uart.device->program));
    CHECK(uart.failures() == "");
    const nyx::dev::ir::Program& program = uart.device->program;
    CHECK(program.version == 2);
    CHECK(program.acpi.hid == "PNP0501");
    CHECK(program.registers.size() == 8);
    CHECK(program.lines.size() == 1);
}

TEST_CASE("a test that does not hold shows its values") {
    std::string text = kUart;
    text.replace(text.find("expect read(dll) == 12"), 22, "expect read(dll) == 13");
    text.replace(text.find("expect !irq }"), 13, "expect read(dll) == 0 }");
    const Compiled uart(text);
    CHECK(uart.failures() ==
          "receive: `dll` is not there now: `rbr` answers the read\n"
          "modes: this does not hold; `read(dll)` is 0xc\n");
}

namespace {

// A device with this in a handler of a write, whose value is `v`.
std::string written(const std::string& code) {
    return "device d(port: ioport(8)) {\n state { table: [u8; 10]; count: u8 = 0; wide: u16 = 0; queue: fifo<u8, 4>; "
           "flag: bool = false }\n"
           " bank b: pio @port, size 8 { reg r @0 wo { on write(v) {\n" +
           code + "\n} } } }";
}

// Its first mistake, without its place; empty: none.
std::string mistake(const std::string& code) {
    const std::string all = Compiled(written(code)).mistakes();
    return all.empty() ? "" : all.substr(0, 6) + all.substr(all.find(' ', 7), all.find('\n') - all.find(' ', 7));
}

}  // namespace

TEST_CASE("what a range proves is allowed, and nothing else") {
    CHECK(mistake("count = table[v]") == "NY0804 `table` has 10 elements, and the index may be 10");
    CHECK(mistake("if v < 10 { count = table[v] }") == "");
    CHECK(mistake("if v <= 10 { count = table[v] }") == "NY0804 `table` has 10 elements, and the index may be 10");
    CHECK(mistake("if v >= 10 { return }\ncount = table[v]") == "");
    CHECK(mistake("if v < 10 && table[v] == 3 { count = 1 }") == "");
    CHECK(mistake("if !(v > 9) || flag { count = table[v] }") != "");
    CHECK(mistake("count = table[v[2..0]]") == "");
    CHECK(mistake("count = table[v % 10]") == "");
    CHECK(mistake("count = table[v & 7]") == "");
    CHECK(mistake("count = v\nif count < 10 { count = 200\n count = table[count] }") != "");
    CHECK(mistake("let mut i: u8 = 3\nfor k in 0..4 { i += 1 }\ncount = table[i]") != "");
    CHECK(mistake("for k in 0..10 { table[k] = v }") == "");
    CHECK(mistake("for k in 0..11 { table[k] = v }") != "");
    CHECK(mistake("count = v << v") != "");
    CHECK(mistake("count = v << v[2..0]") == "");
    CHECK(mistake("count = v / count") == "NY0804 this may divide by 0");
    CHECK(mistake("if count != 0 { count = v / count }") == "");
    CHECK(mistake("count = v[8..1]") != "");
}

TEST_CASE("widths are kept") {
    CHECK(mistake("wide = v") == "");
    CHECK(mistake("count = wide") == "NY0803 u16 may not fit u8");
    CHECK(mistake("if wide < 256 { count = wide }") == "");
    CHECK(mistake("count = u8(wide)") == "");
    CHECK(mistake("wide = wide + v") == "NY0803 the sides are u16 and u8");
    CHECK(mistake("wide = wide + u16(v)") == "");
    CHECK(mistake("count = 256") == "NY0804 256 does not fit u8");
    CHECK(mistake("flag = v") == "NY0803 expected bool, found u8");
    CHECK(mistake("flag = v[3]") == "");
    CHECK(mistake("count[3] = flag\ncount[7..4] = 9") == "");
}

TEST_CASE("handlers end") {
    CHECK(mistake("while v > 0 { count = 1 }").starts_with("NY0805"));
    CHECK(mistake("for i in 0..v { count = 1 }").starts_with("NY08"));
    CHECK(mistake("for x in queue { count = x }") == "");
    CHECK(mistake("match v {\n 1 | 2 => count = 1\n 3..9 => count = table[v]\n _ => pass\n }") != "");
}

TEST_CASE("a function in a loop that returns gives its value") {
    const Compiled device(R"(
device d(port: ioport(8)) {
    state { table: [u8; 8]; found: u8 = 0 }
    bank b: pio @port, size 8 {
        reg put[4] @0 rw { on read(i) { return table[i] } on write(v, i) { table[i] = v } }
        reg seek @4 wo { on write(v) { found = find(v) } }
        reg at @5 ro = found
        reg sum @6 ro { on read { let mut all: u8 = 0
            for x in table { all += x }
            return all } }
    }
    fn find(x: u8) -> u8 {
        for i in 0..8 { if table[i] == x { return u8(i) } }
        return 0xff
    }
    test "find" {
        for i in 0..4 { write(put[i], 10 + i) }
        write(seek, 12)
        expect read(at) == 2
        write(seek, 99)
        expect read(at) == 0xff
        expect read(sum) == 46
    }
}
)");
    CHECK(device.mistakes() == "");
    CHECK(device.failures() == "");
}

TEST_CASE("kinds of bits do what hardware does") {
    const Compiled device(R"(
device d(port: ioport(8)) {
    bank b: pio @port, size 8 {
        reg clears @0 w1c reset 0xff
        reg sets @1 w1s
        reg zeros @2 w0c reset 0xff
        reg fixed @3 const reset 0x5a
        reg mixed @4 rw { low: 1..0; one: 2 const = 1; hidden: 3 wo; kept: 4 ro; rest: ones }
        reg once @5 rc reset 0x81
        index where @6, what @7 of bytes
    }
    state { bytes: [u8; 4] }
    test "kinds" {
        write(clears, 0x0f)
        expect read(clears) == 0xf0
        write(sets, 0x11)
        write(sets, 0x22)
        expect read(sets) == 0x33
        write(zeros, 0x3c)
        expect read(zeros) == 0x3c
        expect read(fixed) == 0x5a
        write(mixed, 0xff)
        expect read(mixed) == 0xe7
        expect mixed.hidden
        expect read(once) == 0x81
        expect read(once) == 0
        write(where, 3)
        write(what, 0x77)
        expect read(what) == 0x77
        write(where, 4)
        expect read(what) == 0xff
    }
}
)");
    CHECK(device.mistakes() == "");
    CHECK(device.failures() == "");
}

TEST_CASE("an override replaces, and a misspelt one is an error") {
    const std::string base = R"(
device plain(port: ioport(2)) {
    bank b: pio @port, size 2 { reg id @0 const reset 1; reg data @1 rw }
    fn twice(x: u8) -> u8 { return x + x }
    test "id" { expect read(id) == 1 }
}
)";
    CHECK(
        Compiled(base + "device other(name: string = \"\") : plain { override reg id @0 const reset 2 }").failures() ==
        "id: this does not hold; `read(id)` is 0x2\n");
    CHECK(
        Compiled(base + "device other(name: string = \"\") : plain { override reg idd @0 const reset 2 }").mistakes() ==
        "NY0808 7:56 there is no `idd` to override\n");
    CHECK(Compiled(base + "device other(name: string = \"\") : plain { derive data = true }").mistakes() ==
          "NY0808 7:50 `data` is in the device that this one extends\n");
}

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

TEST_CASE("an index and data pair reaches registers as it does an array of the state") {
    const std::string before = "device d(base: ioport(16)) { bank b: pio @base, size 16 { reg cell[8] ";
    const std::string after = "\n index at @8, value @9 of cell }\n";
    const Compiled pair(
        before + "@0 rw" + after +
        "test \"both ways\" { write(at, 3); write(value, 7); expect read(cell[3]) == 7; write(cell[4], 9)\n"
        "write(at, 4); expect read(value) == 9; write(at, 8); write(value, 1); expect read(value) == 0xff } }");
    CHECK(pair.mistakes() == "");
    CHECK(pair.failures() == "");
    const std::string wrong =
        "NY0801 2:27 an index and data pair is of an array of the state, `[u8; n]`, or of `rw` registers "
        "above it, `reg name[n]`\n";
    CHECK(Compiled(before + "@0 ro" + after + "}").mistakes() == wrong);
    CHECK(Compiled(before + "@0 rw { on write(v, i) { } }" + after + "}").mistakes() == wrong);
}

TEST_CASE("a mistake in a function is said once, whoever calls it") {
    const Compiled twice(
        "device d(base: ioport(2)) { state { all: [u8; 4]; a: u8 = 0; b: u8 = 0 }\n"
        "fn pick(i: u8) -> u8 { return all[i] }\n"
        "bank r: pio @base, size 2 { reg x @0 ro { on read { return pick(a) } } reg y @1 ro { on read { return pick(b) "
        "} } } }");
    CHECK(twice.mistakes() == "NY0804 2:35 `all` has 4 elements, and the index may be 4\n");
    REQUIRE(twice.sink.all().size() == 1);
    CHECK(twice.sink.all()[0].labels.size() == 1);
}

TEST_CASE("a class has banks, at the parameters that it is told") {
    const Compiled both(
        "device d(low: ioport(4), irq: gsi, high: mmio(16), fast: bool = true) script \"D\" {\n"
        "bank m: mmio @high, size 16 { }\n bank p: pio @low, size 4 { } }");
    CHECK(both.mistakes() == "");
    REQUIRE(both.device);
    CHECK(both.device->program.script == nyx::dev::ir::ScriptClass{"D", {"low", "high"}});
    CHECK(both.device->program.lines.size() == 1);
    nyx::dev::ir::Program bad = both.device->program;
    bad.state.push_back({1, "x", {}, 0, 1});
    CHECK_FALSE(nyx::dev::ir::verify(bad));
    bad = both.device->program;
    bad.script.bases.pop_back();
    CHECK_FALSE(nyx::dev::ir::verify(bad));
    CHECK(Compiled("device d(low: ioport(4)) script \"D\" { bank p: pio @low, size 4 { reg x @0 rw } }").mistakes() ==
          "NY0801 1:66 `D` does what this device does, so it has banks, ports and timers alone\n");
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

TEST_CASE("a handler with two names more is told which part an access is") {
    const Compiled device(R"(
device window(base: mmio(4096)) snapshot 1 {
    state { seen: u32 = 0 }
    bank regs: mmio @base, size 4096, access 1, 2, 4 {
        reg all[1024] @0: u32 rw {
            on read(i, at, bytes) { return seen + u32(i << 8 | at << 4 | bytes) }
            on write(v, i, at, bytes) { seen = v << (8 * at) }
        }
    }
    test "all of it" {
        expect read(all[3]) == 0x304
        write(all[0], 0x1000)
        expect read(all[1]) == 0x1104
    }
}
)");
    CHECK(device.mistakes() == "");
    CHECK(device.failures() == "");
    REQUIRE(device.device);
    CHECK(device.device->program.registers[0].by_parts);
    const std::string wrong = Compiled(
                                  "device d(base: ioport(8)) { bank b: pio @base, size 8 {\n"
                                  "reg half @0: u16 rw { on read(at, bytes) { return 0 } }\n"
                                  "reg odd @3: u16 ro { on read(at, bytes) { return 0 } } } }")
                                  .mistakes();
    CHECK(wrong ==
          "NY0801 2:5 `half` takes parts of accesses, so its handlers do all that is done with it\n"
          "NY0801 3:10 a register that takes parts stands at a multiple of its 2 bytes\n");
}
