// A virtio device over MMIO whose page is shown and whose notifications are rung, beside one all of whose accesses
// exit: reads of any width anywhere give the same, and so do the rings, the state and the line.
//
// A notification is served some time after it, so before anything is compared the one that was rung last is.
#include <random>

#include "devices/catalog.h"
#include "tests/equivalence/exit_free_side.h"

using namespace nyx;
using namespace nyx::vm;

namespace {

constexpr std::uint64_t kQueue = 0, kAvailable = 0x1000, kUsed = 0x2000, kData = 0x4000;
constexpr std::uint16_t kSize = 8;

struct VirtioSide : Side {
    VirtioSide(const char* type, bool exit_free)
        : Side({"d", type, {}, {{kMemory, 4096}}, {5}, {}}, exit_free,
               [](const plan::DevicePlan& one, const dev::Environment& environment) {
                   return dev::create(one, environment);
               }) {}

    void out(std::uint64_t offset, std::uint64_t value) { write(Space::kMmio, kMemory + offset, 4, value); }
    void start() {
        for (unsigned status : {0u, 1u, 3u}) out(0x70, status);
        out(0x24, 1);
        out(0x20, 1);
        out(0x70, 11);
        out(0x30, 0);
        out(0x38, kSize);
        out(0x80, kQueue);
        out(0x90, kAvailable);
        out(0xA0, kUsed);
        out(0x44, 1);
        out(0x70, 15);
    }
    // Eight bytes for the device to fill.
    void ask() {
        const auto index = load_le<std::uint16_t>(&ram[kAvailable + 2]);
        const std::uint64_t slot = index % kSize;
        store_le<std::uint64_t>(&ram[kQueue + 16 * slot], kData + 8 * slot);
        store_le<std::uint32_t>(&ram[kQueue + 16 * slot + 8], 8);
        store_le<std::uint16_t>(&ram[kQueue + 16 * slot + 12], 2);
        store_le<std::uint16_t>(&ram[kAvailable + 4 + 2 * slot], static_cast<std::uint16_t>(slot));
        store_le<std::uint16_t>(&ram[kAvailable + 2], static_cast<std::uint16_t>(index + 1));
        out(0x50, 0);
    }
};

struct Pair {
    VirtioSide table, free;
    std::mt19937_64& random;

    Pair(const char* type, std::mt19937_64& source) : table(type, false), free(type, true), random(source) {}

    void both(auto what) {
        what(table);
        what(free);
        free.server->settle();
    }
    void compare() {
        REQUIRE(table.saved() == free.saved());
        REQUIRE(table.ram == free.ram);
        REQUIRE(table.levels == free.levels);
        REQUIRE(table.output.bytes == free.output.bytes);
    }
    void read() {
        const auto width = static_cast<std::uint8_t>(1u << random() % 4);
        const std::uint64_t address = kMemory + random() % (random() % 8 == 0 ? 4089 : 0x110);
        REQUIRE(table.read(Space::kMmio, address, width) == free.read(Space::kMmio, address, width));
    }
    void write() {
        const std::uint64_t offset = random() % 0x48 * 4;
        const auto width = static_cast<std::uint8_t>(random() % 8 == 0 ? 1u << random() % 4 : 4);
        const std::uint64_t value = random() % 4 == 0 ? random() : random() % 9;
        both([&](VirtioSide& side) { side.write(Space::kMmio, kMemory + offset, width, value); });
    }
    void operation() {
        switch (random() % 16) {
            case 0:
                if (random() % 4 == 0) both([](VirtioSide& side) { side.start(); });
                return;
            case 1:
                return write();
            case 2:
            case 3:
                return both([](VirtioSide& side) { side.ask(); });
            case 4:
                return both([](VirtioSide& side) { side.out(0x64, 3); });
            case 5:
                return compare();
            default:
                return read();
        }
    }
};

}  // namespace

TEST_CASE("virtio over MMIO cannot be told from one all of whose accesses exit") {
    std::mt19937_64 random(21);
    for (const char* type : {"rng", "disk", "net", "console"}) {
        CAPTURE(type);
        Pair pair(type, random);
        for (int i = 0; i < 5000; ++i) pair.operation();
        pair.compare();
        CHECK(pair.free.exits < pair.table.exits / 2);
    }
}

TEST_CASE("a request to a virtio device costs one exit, the acknowledgement") {
    VirtioSide side("rng", true);
    side.start();
    const std::uint64_t before = side.exits;
    for (int i = 0; i < 10; ++i) {
        side.ask();
        side.loop->wait(1'000'000'000);
        CHECK(side.read(Space::kMmio, kMemory + 0x60, 4) == 1);
        side.out(0x64, 1);
        CHECK(side.read(Space::kMmio, kMemory + 0x60, 4) == 0);
    }
    CHECK(side.exits - before == 10);
    CHECK(load_le<std::uint16_t>(&side.ram[kUsed + 2]) == 10);
    CHECK(side.levels.size() == 20);
}

TEST_CASE("what was rung before a reset of the device is served before it") {
    VirtioSide side("rng", true);
    side.start();
    side.ask();
    side.out(0x70, 0);
    CHECK(load_le<std::uint16_t>(&side.ram[kUsed + 2]) == 1);
    side.ask();
    CHECK(side.read(Space::kMmio, kMemory + 0x70, 4) == 0);
    side.server->settle();
    CHECK(load_le<std::uint16_t>(&side.ram[kUsed + 2]) == 1);
}
