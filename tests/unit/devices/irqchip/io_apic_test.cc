// § are those of the 82093AA data sheet.
#include "devices/irqchip/io_apic.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
struct FakeBus : MessageSink {
    bool deliver(const ApicMessage& message) override {
        sent.push_back(message);
        return accepts;
    }
    std::vector<ApicMessage> sent;
    bool accepts = true;
};

struct Chip : FakeBus, IoApic {
    Chip() : IoApic(static_cast<MessageSink&>(*this)) {}
    std::uint32_t get(std::uint8_t index) {
        write(kIoRegSel, index);
        return read(kIoWin);
    }
    void set(std::uint8_t index, std::uint32_t value) {
        write(kIoRegSel, index);
        write(kIoWin, value);
    }
    static std::uint8_t low(unsigned pin) { return static_cast<std::uint8_t>(kIoRedTable + 2 * pin); }
    void program(unsigned pin, std::uint64_t entry) {
        set(static_cast<std::uint8_t>(low(pin) + 1), static_cast<std::uint32_t>(entry >> 32));
        set(low(pin), static_cast<std::uint32_t>(entry));
    }
};
constexpr std::uint32_t kLevel = kRedLevel;
constexpr std::uint32_t kMasked = kRedMasked;
}  // namespace

TEST_CASE("3.2: identification, version 0x20 with 24 entries, arbitration, and what is not there") {
    Chip chip;
    CHECK(chip.get(kIoApicVersion) == 0x0017'0020);
    chip.set(kIoApicId, 0xFFFF'FFFF);
    CHECK(chip.get(kIoApicId) == 0x0F00'0000);
    CHECK(chip.get(kIoApicArbitration) == 0x0F00'0000);
    chip.set(kIoApicVersion, 0);
    CHECK(chip.get(kIoApicVersion) == 0x0017'0020);
    CHECK(chip.read(kIoRegSel) == kIoApicVersion);
    CHECK(chip.get(0x03) == 0);
    CHECK(chip.get(0x40) == 0);
    CHECK(chip.read(0x20) == 0);
}

TEST_CASE("3.2.4: every entry is masked after reset, read-only and reserved bits are not written") {
    Chip chip;
    for (unsigned pin = 0; pin < kIoApicPins; ++pin) CHECK(chip.entry(pin) == kRedMasked);
    chip.program(23, ~std::uint64_t{0});
    CHECK(chip.get(0x3E) == 0x0001'AFFF);
    CHECK(chip.get(0x3F) == 0xFF00'0000);
}

TEST_CASE("An edge sends one message with the fields of the entry, a held line and a masked one send none") {
    Chip chip;
    chip.program(4, 0x0300'0000'0000'0000 | kRedLogical | 0x0100 | 0x54);
    chip.set_irq(4, true);
    chip.set_irq(4, true);
    REQUIRE(chip.sent.size() == 1);
    CHECK(chip.sent[0] == ApicMessage{.destination = 3,
                                      .logical = true,
                                      .wide = false,
                                      .mode = DeliveryMode::kLowestPriority,
                                      .vector = 0x54,
                                      .level = false});
    chip.set_irq(4, false);
    chip.set(Chip::low(4), kMasked | 0x54);
    chip.set_irq(4, true);
    chip.set(Chip::low(4), 0x54);
    CHECK(chip.sent.size() == 1);
    chip.eoi(0x54);
    CHECK(chip.sent.size() == 1);
}

TEST_CASE("A level sends once, holds remote IRR until the EOI, and is sent again while it stands") {
    Chip chip;
    chip.program(10, kLevel | 0x61);
    chip.set_irq(10, true);
    CHECK(chip.sent.size() == 1);
    CHECK(chip.sent[0].level);
    CHECK((chip.get(Chip::low(10)) & kRedRemoteIrr));
    chip.set_irq(10, false);
    chip.set_irq(10, true);
    CHECK(chip.sent.size() == 1);
    chip.eoi(0x60);
    CHECK(chip.sent.size() == 1);
    chip.write(kIoEoi, 0x61);
    CHECK(chip.sent.size() == 2);
    chip.set_irq(10, false);
    chip.eoi(0x61);
    CHECK(chip.sent.size() == 2);
    CHECK(!(chip.get(Chip::low(10)) & kRedRemoteIrr));
}

TEST_CASE("A level on a masked entry waits for the mask to go, the polarity bit inverts nothing") {
    Chip chip;
    chip.program(11, kMasked | kLevel | kRedActiveLow | 0x62);
    chip.set_irq(11, true);
    CHECK(chip.sent.empty());
    chip.set(Chip::low(11), kLevel | kRedActiveLow | 0x62);
    CHECK(chip.sent.size() == 1);
    chip.set(Chip::low(11), kMasked | kLevel | kRedActiveLow | 0x62);
    chip.eoi(0x62);
    CHECK(chip.sent.size() == 1);
    CHECK(!(chip.get(Chip::low(11)) & kRedRemoteIrr));
}

TEST_CASE("Linux without the EOI register: to edge and back to level forgets remote IRR and sends again") {
    Chip chip;
    chip.program(9, kLevel | 0x33);
    chip.set_irq(9, true);
    chip.set(Chip::low(9), kMasked | 0x33);
    CHECK(!(chip.get(Chip::low(9)) & kRedRemoteIrr));
    chip.set(Chip::low(9), kLevel | 0x33);
    CHECK(chip.sent.size() == 2);
}

TEST_CASE("SMI, NMI, INIT and ExtINT act on edges whatever the trigger bit says, and need no EOI") {
    for (auto mode : {DeliveryMode::kSmi, DeliveryMode::kNmi, DeliveryMode::kInit, DeliveryMode::kExtInt}) {
        Chip chip;
        chip.program(0, kLevel | static_cast<std::uint32_t>(mode) << 8);
        chip.set_irq(0, true);
        REQUIRE(chip.sent.size() == 1);
        CHECK(chip.sent[0].mode == mode);
        CHECK(!chip.sent[0].level);
        CHECK(!(chip.get(Chip::low(0)) & kRedRemoteIrr));
        chip.set_irq(0, false);
        chip.set_irq(0, true);
        CHECK(chip.sent.size() == 2);
    }
}

TEST_CASE("3.2.4 delivery status: send pending while no local APIC takes a level") {
    Chip chip;
    chip.accepts = false;
    chip.program(10, kLevel | 0x61);
    chip.set_irq(10, true);
    CHECK((chip.get(Chip::low(10)) & (kRedSendPending | kRedRemoteIrr)) == kRedSendPending);
    chip.accepts = true;
    chip.set_irq(10, true);
    CHECK((chip.get(Chip::low(10)) & (kRedSendPending | kRedRemoteIrr)) == kRedRemoteIrr);
}

TEST_CASE("I/O APIC: saved state comes back whole, and an impossible one is refused") {
    Chip chip;
    chip.program(10, 0x0500'0000'0000'0000 | kLevel | 0x61);
    chip.set_irq(10, true);
    StateWriter writer;
    chip.save(writer);
    auto fields = writer.take();
    Chip other;
    StateReader reader(fields);
    REQUIRE(other.restore(reader));
    CHECK(other.sent.empty());
    CHECK(other.entry(10) == chip.entry(10));
    other.eoi(0x61);
    CHECK(other.sent.size() == 1);
    fields[3].value[10 * 8 + 2] = 0xFF;
    StateReader bad(fields);
    CHECK(!other.restore(bad));
}

TEST_CASE("I/O APIC, random operations: a level is waiting or sent, never both nor neither") {
    std::mt19937 random(3);
    Chip chip;
    for (int step = 0; step < 20'000; ++step) {
        auto choice = static_cast<unsigned>(random());
        unsigned pin = choice / 4 % kIoApicPins;
        if (choice % 4 == 0) chip.set_irq(pin, choice & 0x1000);
        if (choice % 4 == 1) chip.set(static_cast<std::uint8_t>(choice >> 8), static_cast<std::uint32_t>(random()));
        if (choice % 4 == 2) chip.eoi(static_cast<std::uint8_t>(choice >> 8));
        if (choice % 4 == 3) chip.accepts = choice & 0x1000;
        for (unsigned i = 0; i < kIoApicPins; ++i) {
            std::uint64_t entry = chip.entry(i);
            REQUIRE((entry & (kRedSendPending | kRedRemoteIrr)) != (kRedSendPending | kRedRemoteIrr));
            if (entry & kRedRemoteIrr) REQUIRE((entry & kRedLevel));
            REQUIRE(!(entry & ~(kRedWritable | kRedRemoteIrr | kRedSendPending)));
        }
        chip.sent.clear();
    }
}
