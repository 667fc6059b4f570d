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
    CHECK(uart.failures() == "receive: `dll` is not there now: `rbr` answers the read\n"
                             "modes: this does not hold; `read(dll)` is 0xc\n");
}
