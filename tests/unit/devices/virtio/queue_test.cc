// What a driver may write into rings, right and wrong. Nothing of it may end otherwise than as DEVICE_NEEDS_RESET.
#include <doctest/doctest.h>

#include <random>

#include "devices/virtio/entropy.h"
#include "tests/unit/devices/virtio/driver.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

// The entropy device fills whatever it is given, which makes it the shortest way through a queue.
struct EntropyDriver : TestDriver {
    EntropyDriver() {
        make(std::make_unique<Entropy>(
            [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{7}); }));
    }
    // A driver with queue 0 that offers descriptor 0.
    bool survives(const std::vector<TestDescriptor>& table, std::uint64_t features = kFVersion1) {
        device->reset();
        std::ranges::fill(ram, std::uint8_t{0});
        TestQueue queue = start(features);
        for (std::size_t i = 0; i < table.size(); ++i) queue.describe(static_cast<std::uint16_t>(i), table[i]);
        queue.offer(0);
        out(0x50, 0);
        return !needs_reset();
    }
};

}  // namespace

TEST_CASE("queue: a buffer is filled, given back and announced") {
    EntropyDriver driver;
    TestQueue queue = driver.start();
    queue.describe(3, {TestDriver::kData, 16, kDescWrite | kDescNext, 5});
    queue.describe(5, {TestDriver::kData + 0x100, 8, kDescWrite, 0});
    queue.offer(3);
    driver.out(0x50, 0);
    CHECK(queue.used_index() == 1);
    CHECK(queue.used_id(0) == 3);
    CHECK(queue.used_length(0) == 24);
    CHECK(driver.ram[TestDriver::kData + 15] == 7);
    CHECK(driver.ram[TestDriver::kData + 16] == 0);
    CHECK(driver.ram[TestDriver::kData + 0x107] == 7);
    CHECK(driver.lines[0].asserted);
    CHECK(driver.in(0x60) == kIsrQueue);
    driver.out(0x64, kIsrQueue);
    CHECK(!driver.lines[0].asserted);
}

TEST_CASE("queue: indices wrap around at 65536, rings at their size") {
    EntropyDriver driver;
    TestQueue queue = driver.start();
    queue.describe(0, {TestDriver::kData, 1, kDescWrite, 0});
    for (unsigned i = 0; i < 70000; ++i) {
        queue.offer(0);
        driver.out(0x50, 0);
    }
    CHECK(queue.used_index() == static_cast<std::uint16_t>(70000));
    CHECK(!driver.needs_reset());
}

TEST_CASE("queue: without a wish for interrupts there are none") {
    EntropyDriver driver;
    TestQueue queue = driver.start();
    queue.set_available_flags(kAvailNoInterrupt);
    queue.describe(0, {TestDriver::kData, 1, kDescWrite, 0});
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(queue.used_index() == 1);
    CHECK(!driver.lines[0].asserted);
}

TEST_CASE(
    "queue: with event indices the driver is interrupted where it asked, and asked to notify where the device stands") {
    EntropyDriver driver;
    TestQueue queue = driver.start(kFVersion1 | kFEventIdx);
    queue.describe(0, {TestDriver::kData, 1, kDescWrite, 0});
    auto one_more = [&] {
        driver.out(0x64, 3);
        queue.offer(0);
        driver.out(0x50, 0);
        return driver.lines[0].asserted;
    };
    CHECK(one_more());  // the first: nothing was announced yet
    queue.set_used_event(2);
    CHECK(!one_more());
    CHECK(one_more());
    CHECK(!one_more());
    CHECK(queue.available_event() == 4);
}

TEST_CASE("queue: an indirect table holds the chain, in place of any descriptors of the queue") {
    EntropyDriver driver;
    TestQueue queue = driver.start(kFVersion1 | kFIndirectDesc);
    const std::uint64_t table = TestDriver::kData + 0x1000;
    queue.write_descriptor(table, {TestDriver::kData, 4, kDescWrite | kDescNext, 2});
    queue.write_descriptor(table + 32, {TestDriver::kData + 0x10, 4, kDescWrite, 0});
    queue.describe(0, {table, 48, kDescIndirect, 0});
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(queue.used_length(0) == 8);
    CHECK(driver.ram[TestDriver::kData + 0x13] == 7);
}

TEST_CASE("queue: what a driver may not write makes the device ask for a reset") {
    EntropyDriver driver;
    const std::uint64_t data = TestDriver::kData, ram = 0x20000;
    const std::uint16_t w = kDescWrite, n = kDescNext, i = kDescIndirect;
    CHECK(driver.survives({{data, 16, w, 0}}));
    CHECK(driver.survives({{data, 0, w, 0}}));
    CHECK(!driver.survives({{ram, 1, w, 0}}));
    CHECK(!driver.survives({{ram - 8, 16, w, 0}}));
    CHECK(!driver.survives({{~std::uint64_t{0}, 16, w, 0}}));
    CHECK(!driver.survives({{data, 0xFFFFFFFF, w, 0}}));
    CHECK(!driver.survives({{data, 16, static_cast<std::uint16_t>(w | n), 8}}));  // next beyond the table
    CHECK(!driver.survives({{data, 16, static_cast<std::uint16_t>(w | n), 0}}));  // a loop
    CHECK(!driver.survives(
        {{data, 16, static_cast<std::uint16_t>(w | n), 1}, {data, 16, static_cast<std::uint16_t>(w | n), 0}}));
    CHECK(!driver.survives({{data, 16, static_cast<std::uint16_t>(w | n), 1}, {data, 16, 0, 0}}));  // read behind write
    CHECK(!driver.survives({{data, 16, i, 0}}));                                                    // not negotiated
    const std::uint64_t indirect = kFVersion1 | kFIndirectDesc;
    CHECK(!driver.survives({{data, 0, i, 0}}, indirect));
    CHECK(!driver.survives({{data, 17, i, 0}}, indirect));
    CHECK(!driver.survives({{ram - 16, 32, i, 0}}, indirect));
    CHECK(!driver.survives({{data, 16, static_cast<std::uint16_t>(i | n), 1}, {data, 16, w, 0}}, indirect));
}

TEST_CASE("queue: an indirect table may not name another") {
    EntropyDriver driver;
    TestQueue queue = driver.start(kFVersion1 | kFIndirectDesc);
    const std::uint64_t table = TestDriver::kData + 0x1000;
    queue.write_descriptor(table, {table, 16, kDescIndirect, 0});
    queue.describe(0, {table, 16, kDescIndirect, 0});
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
}

TEST_CASE("queue: nor may an indirect table that lies in the queue's own") {
    EntropyDriver driver;
    TestQueue queue = driver.start(kFVersion1 | kFIndirectDesc);
    queue.describe(0, {queue.descriptors(), 16, kDescIndirect, 0});
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
}

TEST_CASE("queue: an available index further ahead than the queue, or a head that is not there, asks for a reset") {
    EntropyDriver driver;
    TestQueue queue = driver.start();
    queue.set_available_index(9);
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
    CHECK(driver.in(0x60) == kIsrConfig);
    CHECK(queue.used_index() == 0);
    driver.out(0x70, 0);
    CHECK(driver.status() == 0);
    std::ranges::fill(driver.ram, std::uint8_t{0});
    driver.start().offer(8);
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
}

TEST_CASE("queue: rings that do not lie in RAM are refused") {
    for (std::uint64_t base : {std::uint64_t{0x1F000}, std::uint64_t{0x20000}, ~std::uint64_t{0xFFF}}) {
        EntropyDriver driver;
        TestQueue queue(driver.ram, base, 8);
        driver.until_features_ok(kFVersion1);
        driver.configure(0, queue);
        CAPTURE(base);
        CHECK(driver.needs_reset());
        CHECK(driver.in(0x44) == 0);
    }
}

TEST_CASE("queue: rings that are not aligned are not enabled") {
    EntropyDriver driver;
    driver.until_features_ok(kFVersion1);
    driver.configure(0, TestQueue(driver.ram, 8, 8));
    CHECK(driver.in(0x44) == 0);
    driver.configure(0, TestQueue(driver.ram, 16, 8));
    CHECK(driver.in(0x44) == 1);
    CHECK(!driver.needs_reset());
}

TEST_CASE("queue: random rings never take the device outside its RAM") {
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        EntropyDriver driver;
        TestQueue queue = driver.start(kFVersion1 | kFIndirectDesc | (seed % 2 != 0 ? kFEventIdx : 0));
        for (int round = 0; round < 20; ++round) {
            for (std::uint16_t i = 0; i < 8; ++i) {
                TestDescriptor one{random() % 0x24000,
                                   static_cast<std::uint32_t>(random() % 5 == 0 ? random() : random() % 64),
                                   static_cast<std::uint16_t>(random() % 8), static_cast<std::uint16_t>(random() % 10)};
                queue.describe(i, one);
            }
            queue.offer(static_cast<std::uint16_t>(random() % 9));
            driver.out(0x50, random() % 3);
            if (driver.needs_reset()) break;
        }
        CHECK((driver.needs_reset() || queue.used_index() <= 20));
    }
}
