// The page of xAPIC mode, the MSRs of x2APIC mode, and the way between. § are those of the SDM, volume 3, chapter 12.
#include <doctest/doctest.h>

#include <set>

#include "tests/unit/devices/irqchip/apic_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
constexpr std::uint64_t kOff = kApicBase | kBaseBootProcessor;
constexpr std::uint64_t kXApic = kOff | kBaseEnabled;
constexpr std::uint64_t kX2Apic = kXApic | kBaseX2Apic;
constexpr std::uint64_t kInvalid = kOff | kBaseX2Apic;

bool to(Apics& apics, std::uint64_t base) {
    return apics.apic().write_msr(kMsrApicBase, base);
}
bool wrmsr(Apics& apics, std::uint32_t reg, std::uint64_t value) {
    return apics.apic().write_msr(kFirstX2ApicMsr + reg, value);
}
}  // namespace

TEST_CASE("Figure 12-27: every transition between the modes") {
    for (std::uint64_t from : {kOff, kXApic, kX2Apic}) {
        for (std::uint64_t target : {kOff, kXApic, kX2Apic, kInvalid}) {
            Apics apics;
            if (from == kOff) REQUIRE(to(apics, kOff));
            if (from == kX2Apic) REQUIRE(to(apics, kX2Apic));
            bool legal =
                target != kInvalid && !(from == kOff && target == kX2Apic) && !(from == kX2Apic && target == kXApic);
            CAPTURE(from);
            CAPTURE(target);
            CHECK(to(apics, target) == legal);
            CHECK(*apics.apic().read_msr(kMsrApicBase) == (legal ? target : from));
        }
    }
}

TEST_CASE("12.4.4: reserved bits of IA32_APIC_BASE fault, the page moves, without x2APIC there is no EXTD") {
    auto config = Apics::plain(1);
    config[0].x2apic = false;
    Apics apics(config);
    CHECK(!to(apics, kX2Apic));
    CHECK(!to(apics, kXApic | 1));
    CHECK(!to(apics, kXApic | 0x200));
    CHECK(!to(apics, kXApic | std::uint64_t{1} << 40));
    CHECK(apics.apic().page() == kApicBase);
    CHECK(to(apics, 0x12'3450'0000 | kBaseEnabled));
    CHECK(apics.apic().page() == 0x12'3450'0000);
    CHECK(to(apics, kOff));
    CHECK(!apics.apic().page());
}

TEST_CASE("12.12.5: registers survive the step to x2APIC mode, but not being disabled") {
    Apics apics;
    apics.enable();
    apics.set(kApicTpr, 0x30);
    apics.set(kApicLvtTimer, 0x41);
    apics.set(kApicIcrHigh, 0x0500'0000);
    apics.fixed(0x51);
    REQUIRE(to(apics, kX2Apic));
    CHECK(!apics.apic().page());
    CHECK(apics.apic().read_msr(0x808) == 0x30);
    CHECK(apics.apic().read_msr(0x832) == 0x41);
    CHECK(apics.apic().read_msr(0x830) == 0);
    CHECK(apics.apic().acknowledge() == 0x51);
    REQUIRE(to(apics, kOff));
    REQUIRE(to(apics, kXApic));
    CHECK(apics.get(kApicTpr) == 0);
    CHECK(apics.get(kApicSvr) == 0xFF);
    CHECK(apics.get(kApicLvtTimer) == kLvtMasked);
    CHECK(apics.apic().in_service() == VectorSet{});
}

TEST_CASE("Table 12-6: which MSRs can be read, which written, all fault outside x2APIC mode") {
    Apics apics;
    std::set<std::uint32_t> readable{0x02, 0x03, 0x08, 0x0A, 0x0D, 0x0F, 0x28, 0x30, 0x38, 0x39, 0x3E};
    for (std::uint32_t reg = 0x10; reg < 0x28; ++reg) readable.insert(reg);
    for (std::uint32_t reg = 0x32; reg < 0x38; ++reg) readable.insert(reg);
    std::set<std::uint32_t> writable{0x08, 0x0B, 0x0F, 0x28, 0x30, 0x38, 0x3E};
    for (std::uint32_t reg = 0x32; reg < 0x38; ++reg) writable.insert(reg);
    for (std::uint32_t reg = 0; reg < kX2ApicMsrs; ++reg) {
        CHECK(!apics.apic().read_msr(kFirstX2ApicMsr + reg));
        CHECK(!wrmsr(apics, reg, 0));
    }
    REQUIRE(to(apics, kX2Apic));
    for (std::uint32_t reg = 0; reg < kX2ApicMsrs; ++reg) {
        CAPTURE(reg);
        CHECK(apics.apic().read_msr(kFirstX2ApicMsr + reg).has_value() == (readable.count(reg) == 1));
        if (reg != kApicSelfIpi) CHECK(wrmsr(apics, reg, 0) == (writable.count(reg) == 1));
    }
    CHECK(LocalApic::has_msr(0x8FF));
    CHECK(!LocalApic::has_msr(0x900));
    CHECK(!LocalApic::has_msr(0x7FF));
}

TEST_CASE("12.12.1.2: reserved bits fault in x2APIC mode, and nothing is written") {
    Apics apics;
    REQUIRE(to(apics, kX2Apic));
    const std::pair<std::uint32_t, std::uint64_t> bad[] = {{kApicTpr, 0x100},
                                                           {kApicEoi, 1},
                                                           {kApicSvr, 0x1000},
                                                           {kApicEsr, 1},
                                                           {kApicIcr, 0x1000},
                                                           {kApicIcr, 0x10000},
                                                           {kApicIcr, 0x10'0000},
                                                           {kApicLvtTimer, 0x100},
                                                           {kApicLvtError, 0x100},
                                                           {kApicDivide, 4},
                                                           {kApicLvtThermal, 0x8000},
                                                           {kApicSelfIpi, 0x100},
                                                           {kApicInitialCount, std::uint64_t{1} << 32}};
    for (auto [reg, value] : bad) {
        CAPTURE(reg);
        auto before = apics.apic().read_msr(kFirstX2ApicMsr + reg);
        CHECK(!wrmsr(apics, reg, value));
        CHECK(apics.apic().read_msr(kFirstX2ApicMsr + reg) == before);
    }
}

TEST_CASE("12.12.11: self IPI") {
    Apics apics;
    REQUIRE(to(apics, kX2Apic));
    REQUIRE(wrmsr(apics, kApicSvr, kSvrEnabled | 0xFF));
    CHECK(wrmsr(apics, kApicSelfIpi, 0x61));
    CHECK(apics.apic().acknowledge() == 0x61);
    CHECK(wrmsr(apics, kApicSelfIpi, 0x0F));
    CHECK(wrmsr(apics, kApicEsr, 0));
    CHECK(apics.apic().read_msr(kFirstX2ApicMsr + kApicEsr) == kErrorSendIllegalVector);
}

TEST_CASE("12.4.1: only aligned 32-bit writes count, a read sees the first four of sixteen bytes") {
    Apics apics;
    LocalApic& apic = apics.apic();
    apic.write_page(kApicTpr * 16, 1, 0x20);
    apic.write_page(kApicTpr * 16, 8, 0x20);
    apic.write_page(kApicTpr * 16 + 4, 4, 0x20);
    CHECK(apics.get(kApicTpr) == 0);
    CHECK(apic.read_page(kApicVersion * 16 + 2, 1) == 0x05);
    CHECK(apic.read_page(kApicVersion * 16, 8) == 0x0005'0014);
    CHECK(apic.read_page(kApicVersion * 16 + 8, 4) == 0);
    apics.set(kApicId, 0x0700'0000);
    CHECK(apics.get(kApicId) == 0);
    apics.set(kApicEsr, 0);
    CHECK(apics.get(kApicEsr) == 0);
}
