// The PCI bus as it is described does what its class did: over both mechanisms, with accesses of every width, aligned
// and not, inside configuration space and across what is in it.
#include <doctest/doctest.h>

#include <random>

#include "../unit/devices/fixture.h"
#include "devices/catalog.h"
#include "devices/kit/pci.h"
#include "runtime/base/bits.h"
#include "tests/equivalence/reference/pci/host_bridge.h"

using namespace nyx;

namespace {

// Reads give what was written, and count.
struct Function final : dev::PciFunction {
    std::array<std::uint8_t, 4096> bytes{};
    std::vector<std::uint64_t> calls;

    std::uint32_t read_config(std::uint32_t offset, unsigned width) override {
        calls.push_back(std::uint64_t{offset} << 8 | width);
        std::uint32_t value = static_cast<std::uint32_t>(calls.size()) << 16;
        for (unsigned i = 0; i < width; ++i) value ^= std::uint32_t{bytes[offset + i]} << (8 * i);
        return value & static_cast<std::uint32_t>(dev::ir::low_bits(8 * width));
    }
    void write_config(std::uint32_t offset, unsigned width, std::uint32_t value) override {
        calls.push_back(std::uint64_t{value} << 32 | std::uint64_t{offset} << 8 | width | 0x80);
        for (unsigned i = 0; i < width; ++i) bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
};

struct Lock final : dev::FunctionLock {
    void lock() override { ++times; }
    void unlock() override { --times; }
    int times = 0;
};

struct Side {
    dev::Surroundings around;
    Function low, high;
    Lock lock;
    std::unique_ptr<dev::Device> bus;

    void attach() {
        REQUIRE(bus->pci_host() != nullptr);
        REQUIRE(bus->pci_host()->attach(3, low, lock));
        REQUIRE(bus->pci_host()->attach(31, high, lock));
        REQUIRE(!bus->pci_host()->attach(31, low, lock));
        REQUIRE(!bus->pci_host()->attach(0, low, lock));
        REQUIRE(!bus->pci_host()->attach(32, low, lock));
    }
};

struct Pair {
    Side described, reference;

    Pair() {
        const plan::DevicePlan plan{"pci", "pci", {{0xCF8, 1}, {0xCFC, 4}}, {{0xE0000000, 1 << 20}}, {}, {}};
        auto made = dev::create(plan, described.around.environment(0));
        REQUIRE_MESSAGE(made, made.error().text());
        described.bus = std::move(*made);
        reference.bus = std::make_unique<dev::pci::HostBridge>();
        described.attach();
        reference.attach();
    }
    void compare(const dev::Access& access) { REQUIRE(described.bus->read(access) == reference.bus->read(access)); }
    void write(const dev::Access& access, std::uint64_t value) {
        described.bus->write(access, value);
        reference.bus->write(access, value);
    }
    void require_same() {
        REQUIRE(described.low.calls == reference.low.calls);
        REQUIRE(described.high.calls == reference.high.calls);
        REQUIRE(described.low.bytes == reference.low.bytes);
        REQUIRE(described.high.bytes == reference.high.bytes);
        REQUIRE(described.lock.times == 0);
    }
};

enum : std::uint32_t { kAddress, kData, kEcam };

// Mostly of slots where somebody is. Reserved bits, and the low two, are zero: the class kept them.
std::uint64_t address(std::mt19937_64& random) {
    constexpr std::uint64_t kSlots[] = {0, 3, 3, 31, 31, 7};
    std::uint64_t value = kSlots[random() % 6] << 11 | (random() & 0xFC);
    if (random() % 8 != 0) value |= 0x80000000;
    if (random() % 8 == 0) value |= (random() & 7) << 8;
    if (random() % 8 == 0) value |= (random() & 0xFF) << 16;
    return value;
}

dev::Access any_access(std::mt19937_64& random) {
    std::uint8_t width = static_cast<std::uint8_t>(1u << random() % 4);
    if (random() % 2 == 0) {
        if (width == 8) width = 4;
        return {kData, random() % (4u - width + 1u), width};
    }
    constexpr std::uint64_t kSlots[] = {0, 3, 3, 31, 31, 7};
    std::uint64_t offset = kSlots[random() % 6] << 15 | random() % 4096;
    if (random() % 4 == 0) offset = random() % (1 << 20);
    if (random() % 2 == 0) offset -= offset % width;
    return {kEcam, std::min<std::uint64_t>(offset, (1 << 20) - width), width};
}

}  // namespace

TEST_CASE("the PCI bus in Nyx does what its class does") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        Pair pair;
        for (int i = 0; i < 20000; ++i) {
            CAPTURE(i);
            const dev::Access access = any_access(random);
            CAPTURE(access.offset);
            CAPTURE(int{access.width});
            switch (random() % 6) {
                case 0:
                    pair.write({kAddress, 0, 4}, address(random));
                    break;
                case 1:
                    pair.compare({kAddress, 0, static_cast<std::uint8_t>(random() % 2 == 0 ? 1 : 4)});
                    break;
                case 2:
                    pair.write(access, random() & dev::ir::low_bits(access.width * 8u));
                    break;
                case 3:
                    if (random() % 64 == 0) {
                        pair.described.bus->reset();
                        pair.reference.bus->reset();
                    }
                    break;
                default:
                    pair.compare(access);
            }
            pair.require_same();
        }
        CHECK(pair.described.low.calls.size() > 1000);
    }
}

TEST_CASE("a saved bus goes on as it was") {
    Pair pair;
    pair.write({kAddress, 0, 4}, 0x80001810);
    pair.write({kEcam, 0x3C, 1}, 0x5A);
    dev::StateWriter writer;
    pair.described.bus->save(writer);
    const std::vector<dev::StateField> saved = writer.take();
    Pair other;
    dev::StateReader reader(saved);
    REQUIRE(other.described.bus->restore(reader));
    CHECK(other.described.bus->read({kAddress, 0, 4}) == 0x80001810);
    CHECK(other.described.bus->read({kEcam, 0x3C, 4}) == 0x5A);
}
