// What the code of handlers and functions may do.
#include <doctest/doctest.h>

#include "compiled.h"

using nyx::device::Compiled;

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
