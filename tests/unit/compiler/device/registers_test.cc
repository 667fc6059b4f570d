// What registers do.
#include <doctest/doctest.h>

#include "compiled.h"

using nyx::device::Compiled;

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
