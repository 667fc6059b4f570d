// Devices that are written in Nyx do what their classes do: the same values, lines, output and requests over random
// operations.
#include <doctest/doctest.h>

#include <random>

#include "../unit/devices/fixture.h"
#include "devices/described/device.h"
#include "devices/programs/programs.h"
#include "tests/equivalence/reference/acpi_pm/power_management.h"
#include "tests/equivalence/reference/i8042/controller.h"
#include "tests/equivalence/reference/rtc/clock_chip.h"
#include "tests/equivalence/reference/serial/uart.h"

using namespace nyx;

namespace {

struct Pair {
    dev::Surroundings nyx, cpp;
    std::unique_ptr<dev::Device> described, reference;

    Pair(const dev::ir::Program& program, const dev::DeviceType& type) {
        auto one = dev::described::Described::create(program, nyx.environment(program.lines.size()));
        REQUIRE(one);
        described = std::move(*one);
        REQUIRE(type.regions.size() == program.banks.size());
        REQUIRE(type.lines.size() == program.lines.size());
        std::vector<std::int64_t> settings;
        for (const dev::SettingSpec& setting : type.settings) settings.push_back(setting.default_value);
        reference = type.create(settings, cpp.environment(type.lines.size()));
    }

    void require_same() {
        REQUIRE(nyx.output.bytes == cpp.output.bytes);
        REQUIRE(kinds(nyx) == kinds(cpp));
        for (std::size_t i = 0; i < nyx.lines.size(); ++i) REQUIRE(nyx.lines[i].asserted == cpp.lines[i].asserted);
    }
    // Who asked for a reset is told in each its own words.
    static std::vector<std::string> kinds(const dev::Surroundings& around) {
        std::vector<std::string> all;
        for (const std::string& request : around.control.requests) all.push_back(request.substr(0, request.find(':')));
        return all;
    }
};

// Values that mean something to the device come more often than chance has it.
std::uint64_t value_of(std::mt19937_64& random, std::span<const std::uint64_t> likely) {
    return random() % 2 == 0 && !likely.empty() ? likely[random() % likely.size()] : random();
}

void compare(const dev::DeviceType& type, std::span<const std::uint64_t> likely, int rounds, int widest) {
    const std::string_view name = type.name;
    const dev::ir::Program* program = dev::programs::find(name);
    REQUIRE(program != nullptr);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        Pair pair(*program, type);
        for (int i = 0; i < rounds; ++i) {
            CAPTURE(i);
            const auto region = static_cast<std::uint32_t>(random() % type.regions.size());
            const std::uint64_t size = type.regions[region].size;
            std::uint64_t width = std::uint64_t{1} << random() % static_cast<unsigned>(widest);
            if (width > size) width = 1;
            const dev::Access access{region, random() % (size - width + 1), static_cast<std::uint8_t>(width)};
            CAPTURE(access.offset);
            switch (random() % 8) {
                case 0:
                case 1:
                case 2:
                    REQUIRE(pair.described->read(access) == pair.reference->read(access));
                    break;
                case 3:
                case 4:
                case 5: {
                    const std::uint64_t value = value_of(random, likely) & dev::ir::low_bits(access.width * 8u);
                    CAPTURE(value);
                    pair.described->write(access, value);
                    pair.reference->write(access, value);
                    break;
                }
                case 6: {
                    const std::uint64_t ns = random() % 3 == 0 ? random() % 100'000'000 : random() % 100'000;
                    const std::uint64_t long_time = name == "acpi_pm" ? random() % 400 * 1'000'000'000 : 0;
                    pair.nyx.timers.advance(ns + long_time);
                    pair.cpp.timers.advance(ns + long_time);
                    break;
                }
                default: {
                    dev::ByteReceiver *a = pair.described->byte_receiver(), *b = pair.reference->byte_receiver();
                    REQUIRE((a == nullptr) == (b == nullptr));
                    if (name == "acpi_pm") {  // whose ticks are counted from another moment after a reset
                        pair.described->power_button()->press_power_button();
                        pair.reference->power_button()->press_power_button();
                    } else if (random() % 64 == 0) {
                        pair.described->reset();
                        pair.reference->reset();
                    } else if (a != nullptr && random() % 8 == 0) {
                        a->receive_break();
                        b->receive_break();
                    } else if (a != nullptr) {
                        std::vector<std::uint8_t> bytes(1 + random() % 5);
                        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
                        REQUIRE(a->receive(bytes) == b->receive(bytes));
                    }
                }
            }
            pair.require_same();
        }
    }
}

}  // namespace

TEST_CASE("the serial port in Nyx does what its class does") {
    constexpr std::uint64_t kLikely[] = {0x00, 0x01, 0x03, 0x07, 0x08, 0x0B, 0x0F, 0x1B, 0x80, 0x83, 0xC1, 0xC7};
    compare(dev::serial::kType, kLikely, 4000, 1);
}

TEST_CASE("the keyboard controller in Nyx does what its class does") {
    constexpr std::uint64_t kLikely[] = {0x20, 0x60, 0x61, 0x7F, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAD, 0xAE,
                                         0xC0, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xE0, 0xFE, 0xF0, 0x03, 0x47};
    compare(dev::i8042::kType, kLikely, 4000, 1);
}

TEST_CASE("ACPI fixed hardware in Nyx does what its class does") {
    constexpr std::uint64_t kLikely[] = {0x0001, 0x0100, 0x0101, 0x2001, 0x3400, 0x1400, 0x06, 0x04, 0x0A};
    compare(dev::acpi_pm::kType, kLikely, 4000, 3);
}

TEST_CASE("the real-time clock in Nyx does what its class does") {
    constexpr std::uint64_t kLikely[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B,
                                         0x0C, 0x0D, 0x12, 0x20, 0x26, 0x29, 0x2F, 0x32, 0x42, 0x72, 0x86};
    compare(dev::rtc::kType, kLikely, 4000, 2);
}
