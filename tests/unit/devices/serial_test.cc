#include <doctest/doctest.h>

#include "tests/equivalence/reference/serial/spec.h"
#include "tests/unit/devices/described_bench.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::serial;

namespace {
struct Port : DescribedBench {
    Port() : DescribedBench("serial") {}
    FakeIrqLine& irq = lines[0];
    std::size_t type(std::string_view text) { return device->byte_receiver()->receive(as_bytes(text)); }
    void enable_line() { out(kMcr, kMcrOut2); }
    void enable_fifos(unsigned trigger = 0) { out(kIirFcr, kFcrEnable | trigger << kFcrTriggerShift); }
};
}  // namespace

TEST_CASE_FIXTURE(Port, "PC16550D Table III: reset values") {
    CHECK(in(kIerDlm) == 0);
    CHECK(in(kIirFcr) == 0x01);
    CHECK(in(kLcr) == 0);
    CHECK(in(kMcr) == 0);
    CHECK(in(kLsr) == 0x60);
    CHECK((in(kMsr) & 0x0F) == 0);
    CHECK(!irq.asserted);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.0: DLAB puts the divisor latch over RBR, THR and IER") {
    out(kLcr, kLcrDlab | 3);
    out(0, 0x01);
    out(1, 0x02);
    CHECK(in(0) == 0x01);
    CHECK(in(1) == 0x02);
    CHECK(device->registers()[device->select({0, 0, 1}, false)].name == "dll");
    out(kLcr, 3);
    CHECK(in(1) == 0);
    CHECK(output.bytes.empty());
    CHECK(device->registers()[device->select({0, 0, 1}, true)].name == "thr");
    CHECK(device->registers()[device->select({0, 1, 1}, true)].name == "ier");
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.0: registers of fewer than 8 bits read 0 above, scratch keeps all") {
    out(kIerDlm, 0xFF);
    CHECK(in(kIerDlm) == 0x0F);
    out(kMcr, 0xFF);
    CHECK(in(kMcr) == 0x1F);
    out(kScr, 0xA5);
    CHECK(in(kScr) == 0xA5);
    out(kLsr, 0xFF);
    CHECK(in(kLsr) == 0x60);
}

TEST_CASE_FIXTURE(Port, "a driver that looks for a 16550A finds one: IIR bits 6 and 7 follow FCR bit 0") {
    out(kIirFcr, kFcrEnable);
    CHECK((in(kIirFcr) & 0xC0) == 0xC0);
    out(kIirFcr, 0);
    CHECK((in(kIirFcr) & 0xC0) == 0);
    out(kIirFcr, kFcrEnable);
    out(kLcr, kLcrDlab);
    CHECK((in(kIirFcr) & 0xC0) == 0xC0);  // neither a 16650 nor a 16950 hides behind DLAB
}

TEST_CASE_FIXTURE(Port, "a byte written to THR leaves at once and THRE stays 1") {
    for (char c : std::string_view("hello")) out(0, static_cast<std::uint8_t>(c));
    CHECK(output.text() == "hello");
    CHECK(in(kLsr) == 0x60);
}

TEST_CASE_FIXTURE(
    Port, "PC16550D 8.5: the THRE interrupt ends by reading IIR or writing THR, and comes back with the next byte") {
    enable_line();
    out(kIerDlm, kIerEtbei);
    CHECK(irq.asserted);
    CHECK(in(kIirFcr) == kIirThrEmpty);
    CHECK(!irq.asserted);
    CHECK(in(kIirFcr) == kIirNone);
    out(0, 'x');
    CHECK(irq.asserted);
    CHECK(in(kIirFcr) == kIirThrEmpty);
    out(kIerDlm, 0);
    out(kIerDlm, kIerEtbei);
    CHECK(in(kIirFcr) == kIirThrEmpty);
    out(kIerDlm, kIerEtbei);  // writing what it holds raises nothing
    CHECK(in(kIirFcr) == kIirNone);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.5: reading IIR that shows something else leaves the THRE interrupt pending") {
    enable_line();
    out(kIerDlm, kIerEtbei | kIerErbfi);
    type("a");
    CHECK(in(kIirFcr) == kIirDataAvailable);
    CHECK(in(0) == 'a');
    CHECK(in(kIirFcr) == kIirThrEmpty);
}

TEST_CASE_FIXTURE(Port, "16450 mode holds one byte; the rest waits until it is read") {
    CHECK(type("ab") == 1);
    CHECK(room_calls == 0);
    CHECK((in(kLsr)&kLsrDr) != 0);
    CHECK(in(0) == 'a');
    CHECK(room_calls == 1);
    CHECK((in(kLsr)&kLsrDr) == 0);
    CHECK(in(0) == 0);
    CHECK(room_calls == 1);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.4: the interrupt comes at the trigger level") {
    enable_line();
    out(kIerDlm, kIerErbfi);
    const std::size_t levels[] = {1, 4, 8, 14};
    for (unsigned trigger = 0; trigger < 4; ++trigger) {
        enable_fifos(trigger);
        out(kIirFcr, kFcrEnable | kFcrClearReceiver | trigger << kFcrTriggerShift);
        for (std::size_t i = 1; i <= levels[trigger]; ++i) {
            CHECK(!irq.asserted);
            type("x");
        }
        CHECK(irq.asserted);
        CHECK(in(kIirFcr) == (kIirDataAvailable | kIirFifosEnabled));
        in(0);
        CHECK(!irq.asserted);
    }
}

TEST_CASE_FIXTURE(Port, "the FIFO takes 16 bytes, in order, and asks for more when there is room") {
    enable_fifos();
    CHECK(type("0123456789abcdefXYZ") == 16);
    CHECK((in(kLsr)&kLsrOe) == 0);
    for (char c : std::string_view("0123456789abcdef")) CHECK(in(0) == static_cast<std::uint8_t>(c));
    CHECK(room_calls == 1);
}

TEST_CASE_FIXTURE(Port,
                  "PC16550D 8.11: four character times without traffic give the time-out interrupt; reading ends it") {
    enable_line();
    out(kLcr, kLcrDlab);
    out(0, 1);
    out(kLcr, 3);  // 8N1 at 115,200: 10 bits, 86.8 us a character
    enable_fifos(3);
    out(kIerDlm, kIerErbfi);
    type("ab");
    timers.advance(347'000);
    CHECK(!irq.asserted);
    timers.advance(1'000);
    CHECK(irq.asserted);
    CHECK(in(kIirFcr) == (kIirTimeout | kIirFifosEnabled));
    in(0);
    CHECK(!irq.asserted);
    timers.advance(348'000);
    CHECK(irq.asserted);
    in(0);
    timers.advance(10'000'000);
    CHECK(!irq.asserted);
    CHECK(!timers.next_deadline());
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.4: FCR clears the receiver, and switching FIFOs on or off does too") {
    enable_fifos();
    type("abc");
    out(kIirFcr, kFcrEnable | kFcrClearReceiver);
    CHECK((in(kLsr)&kLsrDr) == 0);
    type("abc");
    out(kIirFcr, 0);
    CHECK((in(kLsr)&kLsrDr) == 0);
    type("a");
    out(kIirFcr, kFcrClearReceiver);  // without bit 0 the others do not count
    CHECK((in(kLsr)&kLsrDr) != 0);
}

TEST_CASE_FIXTURE(Port, "PC16550D Table IV: line status before data before THRE before modem status") {
    enable_line();
    out(kIerDlm, kIerMask);
    out(kMcr, kMcrOut2 | kMcrLoop);  // the modem inputs fall: deltas
    out(0, 'a');
    out(0, 'b');  // overrun
    CHECK(in(kIirFcr) == kIirLineStatus);
    CHECK((in(kLsr)&kLsrOe) != 0);
    CHECK((in(kLsr)&kLsrOe) == 0);
    CHECK(in(kIirFcr) == kIirDataAvailable);
    CHECK(in(0) == 'b');
    CHECK(in(kIirFcr) == kIirThrEmpty);
    CHECK(in(kIirFcr) == kIirModemStatus);
    CHECK((in(kMsr)&kMsrDeltas) != 0);
    CHECK(in(kIirFcr) == kIirNone);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.3: an overrun FIFO keeps its 16 bytes") {
    enable_fifos();
    out(kMcr, kMcrLoop);
    for (int i = 0; i < 17; ++i) out(0, static_cast<std::uint8_t>(i));
    CHECK((in(kLsr)&kLsrOe) != 0);
    for (int i = 0; i < 16; ++i) CHECK(in(0) == static_cast<std::uint8_t>(i));
    CHECK((in(kLsr)&kLsrDr) == 0);
    CHECK(output.bytes.empty());
}

TEST_CASE_FIXTURE(
    Port, "PC16550D 8.6: loopback wires the modem outputs to the inputs, cuts the line off, and takes no input") {
    in(kMsr);
    const std::pair<std::uint8_t, std::uint8_t> wires[] = {
        {kMcrDtr, kMsrDsr}, {kMcrRts, kMsrCts}, {kMcrOut1, kMsrRi}, {kMcrOut2, kMsrDcd}};
    for (auto [output_bit, input_bit] : wires) {
        out(kMcr, kMcrLoop | output_bit);
        CHECK((in(kMsr) & 0xF0) == input_bit);
    }
    out(kMcr, kMcrLoop | 0x0A);  // as drivers probe for a UART
    CHECK((in(kMsr) & 0xF0) == 0x90);
    CHECK(type("x") == 0);
    out(kIerDlm, kIerEtbei);
    CHECK(!irq.asserted);
    CHECK(room_calls == 0);
    out(kMcr, kMcrOut2);
    CHECK(irq.asserted);
    CHECK(room_calls == 1);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.8: deltas tell of changes until read; TERI only of the trailing edge of RI") {
    out(kMcr, kMcrLoop);
    in(kMsr);
    out(kMcr, kMcrLoop | kMcrOut1);
    CHECK((in(kMsr)&kMsrDeltas) == 0);
    out(kMcr, kMcrLoop);
    CHECK((in(kMsr)&kMsrDeltas) == kMsrTeri);
    CHECK((in(kMsr)&kMsrDeltas) == 0);
}

TEST_CASE_FIXTURE(Port, "PC16550D 8.3: a break is one zero byte with BI, shown when it is the oldest") {
    enable_line();
    enable_fifos();
    out(kIerDlm, kIerElsi);
    type("a");
    device->byte_receiver()->receive_break();
    CHECK(!irq.asserted);
    CHECK((in(kLsr) & (kLsrBi | kLsrFifoError)) == kLsrFifoError);
    CHECK(in(0) == 'a');
    CHECK(irq.asserted);
    CHECK(in(kIirFcr) == (kIirLineStatus | kIirFifosEnabled));
    CHECK((in(kLsr)&kLsrBi) != 0);
    CHECK(!irq.asserted);
    CHECK(in(kLsr) == (kLsrDr | 0x60));
    CHECK(in(0) == 0);
}

TEST_CASE_FIXTURE(Port, "OUT2 connects the interrupt to the line") {
    out(kIerDlm, kIerEtbei);
    CHECK(!irq.asserted);
    out(kMcr, kMcrOut2);
    CHECK(irq.asserted);
    out(kMcr, 0);
    CHECK(!irq.asserted);
}

TEST_CASE_FIXTURE(Port, "a restored port goes on as the saved one would: line, queue and time-out") {
    enable_line();
    enable_fifos(2);
    out(kIerDlm, kIerErbfi);
    out(kMcr, kMcrOut2);
    type("xy");
    timers.advance(1'000'000);
    auto state = saved();

    Port other;
    other.clock.now_ns = 500;
    REQUIRE(other.restore(state));
    CHECK(other.saved() == state);
    CHECK(!other.irq.asserted);
    other.timers.advance(10'000'000);
    CHECK(other.irq.asserted);
    CHECK(other.in(0) == 'x');
    CHECK(other.in(0) == 'y');
}

TEST_CASE_FIXTURE(Port, "states that no UART can be in are refused and change nothing") {
    out(kScr, 0x5A);
    auto good = saved();
    auto refused = [&](std::uint32_t id, Bytes value) {
        auto bad = good;
        for (auto& field : bad)
            if (field.id == id) field.value = value;
        bool failed = !restore(bad);
        return failed && saved() == good;
    };
    CHECK(refused(3, {0x10}));  // deltas
    CHECK(refused(4, {2}));     // a yes or no
    CHECK(refused(6, {'a'}));   // a character without its errors
    CHECK(refused(6, Bytes(17, 'a')));
    CHECK(refused(13, Bytes(8, 0xFF)));
    CHECK(restore(good));
}
