// Devices as a whole.
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
