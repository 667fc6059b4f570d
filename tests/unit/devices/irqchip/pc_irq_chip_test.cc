#include "devices/irqchip/pc_irq_chip.h"

#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/pc_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
constexpr std::uint64_t kTenMs = 10'001'000;
constexpr std::uint32_t kEnable = kSvrEnabled | 0xFF;
}  // namespace

TEST_CASE("PC without firmware: the 8259As reach the boot processor through the virtual wire") {
    Pc pc;
    pc.init_pics();
    pc.tick_every_10_ms();
    pc.take();
    pc.out(0x20, 0x20);
    CHECK(pc.cpu().pending() == 0);
    pc.timers.advance(kTenMs);
    CHECK(pc.kicks[0] >= 1);
    CHECK(pc.cpu().pending() == kSignalInterrupt);
    CHECK(pc.take() == 0x30);
    CHECK(pc.cpu().pending() == 0);
    CHECK(pc.take() == 0);
    pc.timers.advance(kTenMs);
    CHECK(pc.cpu().pending() == 0);
    pc.out(0x20, 0x20);
    CHECK(pc.take() == 0x30);
    pc.out(0x20, 0x20);
    pc.chip.set_gsi(12, true);
    CHECK(pc.take() == 0x3C);
}

TEST_CASE("Symmetric I/O mode: ISA line 0 is input 2 of the I/O APIC, and GSI 2 is nothing") {
    Pc pc;
    pc.init_pics();
    pc.out(0x21, 0xFF);
    pc.out(0xA1, 0xFF);
    pc.apic(kApicSvr, kEnable);
    pc.apic(kApicLvtLint0, kLvtMasked);
    pc.io_apic(2, 0x60);
    pc.tick_every_10_ms();
    while (pc.take()) pc.eoi();
    for (int i = 0; i < 3; ++i) {
        pc.timers.advance(kTenMs);
        CHECK(pc.take() == 0x60);
        pc.eoi();
    }
    pc.chip.set_gsi(2, true);
    CHECK(pc.cpu().pending() == 0);
    CHECK(pc.in(0x20) == 0x01);
}

TEST_CASE("Ticks that the host missed come one after each EOI, by the 8259As (also automatic) and by the I/O APIC") {
    enum class Way { kPic, kAutoEoi, kIoApic };
    for (Way way : {Way::kPic, Way::kAutoEoi, Way::kIoApic}) {
        CAPTURE(static_cast<int>(way));
        Pc pc;
        pc.init_pics(0x30, way == Way::kAutoEoi ? 3 : 1);
        if (way == Way::kIoApic) {
            pc.out(0x21, 0xFF);
            pc.apic(kApicSvr, kEnable);
            pc.io_apic(2, 0x60);
        }
        pc.tick_every_10_ms();
        auto serve = [&] {
            unsigned vector = pc.take();
            if (vector != 0 && way == Way::kIoApic) pc.eoi();
            if (vector != 0 && way == Way::kPic) pc.out(0x20, 0x20);
            return vector;
        };
        while (serve() != 0) {
        }
        pc.clock.now_ns += 7 * kTenMs;
        pc.timers.advance(0);
        const unsigned vector = way == Way::kIoApic ? 0x60 : 0x30;
        for (int tick = 0; tick < 7; ++tick) CHECK(serve() == vector);
        CHECK(serve() == 0);
    }
}

TEST_CASE(
    "Ticks while IRQ 0 is masked everywhere do not come when it is unmasked, but for the one that an 8259A keeps") {
    for (bool io_apic : {false, true}) {
        CAPTURE(io_apic);
        Pc pc;
        pc.init_pics();
        pc.out(0x21, 0xFF);
        pc.apic(kApicSvr, kEnable);
        pc.tick_every_10_ms();
        pc.timers.advance(20 * kTenMs);
        if (io_apic) {
            pc.io_apic(2, 0x60);
        } else {
            pc.out(0x21, 0xFE);
            pc.apic(kApicLvtLint0, 0x700);
            CHECK(pc.take() == 0x30);
            pc.out(0x20, 0x20);
        }
        CHECK(pc.take() == 0);
        pc.timers.advance(kTenMs);
        CHECK(pc.take() == (io_apic ? 0x60 : 0x30));
    }
}

TEST_CASE("A level-triggered GSI comes again after each EOI until its device is served") {
    Pc pc(2);
    pc.apic(kApicSvr, kEnable, 1);
    pc.apic(kApicSvr, kEnable, 0);
    pc.io_apic(10, std::uint64_t{1} << kRedDestinationShift | kRedLevel | 0x61);
    pc.apic(kApicIcrHigh, 1U << 24);
    pc.apic(kApicIcr, 0x4600 | 8);
    CHECK(pc.cpu(1).take_start_up() == 8);
    pc.chip.set_gsi(10, true);
    CHECK(pc.cpu(0).pending() == 0);
    CHECK(pc.take(1) == 0x61);
    CHECK(pc.cpu(1).pending() == 0);
    pc.eoi(1);
    CHECK(pc.take(1) == 0x61);
    pc.chip.set_gsi(10, false);
    pc.eoi(1);
    CHECK(pc.cpu(1).pending() == 0);
}

TEST_CASE("Linux's ExtINT through the I/O APIC: input 0 is INTR, and each INTA makes room for one more edge") {
    Pc pc;
    pc.init_pics();
    pc.out(0x21, 0xE4);
    pc.apic(kApicSvr, kEnable);
    pc.apic(kApicLvtLint0, kLvtMasked);
    pc.io_apic(0, 0x700);
    pc.chip.set_gsi(3, true);
    pc.chip.set_gsi(4, true);
    CHECK(pc.take() == 0x33);
    CHECK(pc.cpu().pending() == 0);
    pc.out(0x20, 0x20);
    CHECK(pc.take() == 0x34);
    CHECK(pc.take() == 0);
    pc.out(0x20, 0x20);
    pc.chip.set_gsi(0, true);
    pc.out(0x21, 0xFF);
    CHECK(pc.take() == 0x37);  // the message is on its way already, so the INTA is a spurious one
}

TEST_CASE("With auto EOI the next request is an edge of INTR of its own, at LINT0 and at the I/O APIC alike") {
    for (bool through_io_apic : {false, true}) {
        Pc pc;
        pc.init_pics(0x30, 3);
        pc.apic(kApicSvr, kEnable);
        pc.apic(kApicLvtLint0, through_io_apic ? kLvtMasked : 0x51);
        if (through_io_apic) pc.io_apic(0, 0x51);
        pc.chip.set_gsi(3, true);
        CHECK(pc.take() == 0x51);
        pc.eoi();
        pc.chip.set_gsi(4, true);
        CHECK(pc.take() == 0);
        pc.out(0x20, 0x0C);
        CHECK(pc.in(0x20) == 0x83);
        CHECK(pc.take() == 0x51);
        pc.out(0x20, 0x0C);
        CHECK(pc.in(0x20) == 0x84);
        CHECK(pc.take() == 0);
    }
}

TEST_CASE("With auto EOI two requests at once are two ExtINT messages") {
    Pc pc;
    pc.init_pics(0x30, 3);
    pc.apic(kApicSvr, kEnable);
    pc.apic(kApicLvtLint0, kLvtMasked);
    pc.io_apic(0, 0x700);
    pc.chip.set_gsi(3, true);
    pc.chip.set_gsi(4, true);
    CHECK(pc.take() == 0x33);
    CHECK(pc.take() == 0x34);
    CHECK(pc.take() == 0);
}

TEST_CASE("A request withdrawn between pending() and the acknowledge: IRQ 7 is spurious") {
    Pc pc;
    pc.init_pics();
    pc.apic(kApicSvr, kEnable);
    pc.io_apic(0, 0x700);
    pc.chip.set_gsi(5, true);
    pc.chip.set_gsi(5, false);
    CHECK(pc.cpu().pending() == kSignalInterrupt);
    CHECK(pc.take() == 0x37);
    pc.out(0x20, 0x0B);
    CHECK(pc.in(0x20) == 0);
}

TEST_CASE("INIT, SIPI, NMI and MSI reach their processor, and kick it") {
    Pc pc(3);
    pc.apic(kApicIcr, 0x000C'4500);
    CHECK(pc.kicks[1] == 1);
    CHECK(pc.kicks[2] == 1);
    for (std::uint32_t cpu : {1U, 2U}) {
        CHECK(pc.cpu(cpu).take_init());
        CHECK(pc.cpu(cpu).waits_for_start_up());
    }
    pc.apic(kApicIcr, 0x000C'4600 | 0x9A);
    for (std::uint32_t cpu : {1U, 2U}) CHECK(pc.cpu(cpu).take_start_up() == 0x9A);
    for (std::uint32_t cpu : {0U, 1U, 2U}) pc.apic(kApicSvr, kEnable, cpu);
    pc.apic(kApicLvtLint1, 0x400, 0);
    pc.chip.set_nmi(true);
    CHECK(pc.cpu(0).take_nmi());
    CHECK(!pc.cpu(1).take_nmi());
    pc.chip.deliver_msi(0xFEE0'2000, 0x45);
    CHECK(pc.take(2) == 0x45);
    CHECK(pc.cpu(0).pending() == 0);
    pc.cpu(2).set_cr8(4);
    CHECK(pc.cpu(2).cr8() == 4);
}

TEST_CASE("Ports: wide accesses are bytes, what is not there is ones, without the 8254 its ports are not there") {
    Pc pc;
    pc.init_pics();
    pc.chip.write_port(0x20, 2, 0xA500 | 0x0B);
    CHECK(pc.in(0x21) == 0xA5);
    CHECK(pc.chip.read_port(0x20, 4) == 0xFFFF'A500);
    pc.chip.write_port(0x4D0, 2, 0xFFFF);
    CHECK(pc.chip.read_port(0x4D0, 2) == 0xDEF8);
    CHECK(pc.chip.ports().size() == 5);
    Pc bare(1, false);
    CHECK(bare.chip.ports().size() == 3);
    CHECK(bare.in(kPortB) == 0xFF);
    CHECK(bare.in(kPitPort) == 0xFF);
}

TEST_CASE("MMIO: each processor has its own page, where its IA32_APIC_BASE puts it, else there is the I/O APIC") {
    Pc pc(2);
    CHECK(pc.chip.read_mmio(0, kApicBase + 0x20, 4) == 0);
    CHECK(pc.chip.read_mmio(1, kApicBase + 0x20, 4) == 1U << 24);
    REQUIRE(pc.cpu(1).write_msr(kMsrApicBase, 0x1'2345'6000 | kBaseEnabled));
    CHECK(!pc.chip.read_mmio(1, kApicBase + 0x20, 4));
    CHECK(pc.chip.read_mmio(1, 0x1'2345'6020, 4) == 1U << 24);
    CHECK(!pc.chip.write_mmio(0, 0x1'2345'6080, 4, 0x10));
    REQUIRE(pc.cpu(1).write_msr(kMsrApicBase, kIoApicBase | kBaseEnabled));
    pc.chip.write_mmio(0, kIoApicBase, 4, kIoApicVersion);
    CHECK(pc.chip.read_mmio(0, kIoApicBase + kIoWin, 4) == kIoApicVersionValue);
    CHECK(pc.chip.read_mmio(0, kIoApicBase + kIoWin, 1) == 0x20);
    CHECK(pc.chip.read_mmio(1, kIoApicBase + 0x30, 4) == kApicVersionValue);
    CHECK(!pc.chip.read_mmio(0, kIoApicBase + kIoApicSize, 4));
    CHECK(pc.cpu(0).read_msr(0x802) == std::nullopt);
}

TEST_CASE("IA32_TSC_DEADLINE: the processor is kicked at the time, a moved TSC moves it") {
    Pc pc;
    pc.apic(kApicSvr, kEnable);
    pc.apic(kApicLvtTimer, 2U << kLvtTimerModeShift | 0xEC);
    REQUIRE(pc.cpu().write_msr(kMsrTscDeadline, 5'000));
    pc.timers.advance(4'999);
    CHECK(pc.kicks[0] == 0);
    pc.cpu().tsc_moved();
    pc.timers.advance(1);
    CHECK(pc.kicks[0] == 1);
    CHECK(pc.take() == 0xEC);
}
