#include <doctest/doctest.h>

#include "devices/virtio/disk.h"
#include "tests/unit/devices/virtio/driver.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

constexpr std::uint8_t kOk = 0, kIoError = 1, kUnsupported = 2, kNothing = 0xEE;
enum Type : std::uint32_t { kIn = 0, kOut = 1, kFlush = 4, kGetId = 8, kDiscard = 11, kWriteZeroes = 13 };

struct DiskDriver : TestDriver {
    static constexpr std::uint64_t kHeader = kData, kStatus = kData + 0x20, kBuffer = kData + 0x1000;
    FakeStore store{1 << 20};
    TestQueue queue{ram, 0, 8};

    explicit DiskDriver(Disk::Config config = {}) {
        make(std::make_unique<Disk>(config, &store, nullptr));
        until_features_ok(offered() & ~kFEventIdx);
        configure(0, queue);
        driver_ok();
    }
    ~DiskDriver() { device.reset(); }  // which uses the store to its end
    // The status that the device wrote, or kNothing.
    std::uint8_t ask(std::uint32_t type, std::uint64_t sector, std::uint32_t size, bool device_writes) {
        store_le<std::uint32_t>(&ram[kHeader], type);
        store_le<std::uint64_t>(&ram[kHeader + 8], sector);
        ram[kStatus] = kNothing;
        queue.describe(0, {kHeader, 16, kDescNext, 1});
        queue.describe(1, {kBuffer, size, static_cast<std::uint16_t>(kDescNext | (device_writes ? kDescWrite : 0)), 2});
        queue.describe(2, {kStatus, 1, kDescWrite, 0});
        queue.offer(0);
        out(0x50, 0);
        return ram[kStatus];
    }
    std::uint8_t erase(std::uint32_t type, std::uint64_t sector, std::uint32_t sectors, std::uint32_t flags) {
        store_le<std::uint64_t>(&ram[kBuffer], sector);
        store_le<std::uint32_t>(&ram[kBuffer + 8], sectors);
        store_le<std::uint32_t>(&ram[kBuffer + 12], flags);
        return ask(type, 0, 16, false);
    }
};

}  // namespace

TEST_CASE("disk: what is written is read back, from its own sector") {
    DiskDriver driver;
    std::memset(&driver.ram[DiskDriver::kBuffer], 0xAB, 1024);
    CHECK(driver.ask(kOut, 5, 1024, false) == kOk);
    CHECK(driver.store.bytes[5 * 512] == 0xAB);
    CHECK(driver.store.bytes[7 * 512] == 0);
    std::memset(&driver.ram[DiskDriver::kBuffer], 0, 2048);
    CHECK(driver.ask(kIn, 6, 1024, true) == kOk);
    CHECK(driver.ram[DiskDriver::kBuffer + 511] == 0xAB);
    CHECK(driver.ram[DiskDriver::kBuffer + 512] == 0);
    CHECK(driver.queue.used_length(1) == 1025);
}

TEST_CASE("disk: what does not fit it is an I/O error, and the store does not see it") {
    DiskDriver driver;
    const std::uint64_t sectors = (1 << 20) / 512;
    CHECK(driver.ask(kIn, sectors - 1, 512, true) == kOk);
    driver.store.kinds.clear();
    CHECK(driver.ask(kIn, sectors, 512, true) == kIoError);
    CHECK(driver.ask(kIn, sectors - 1, 1024, true) == kIoError);
    CHECK(driver.ask(kOut, ~std::uint64_t{0}, 512, false) == kIoError);
    CHECK(driver.ask(kOut, 0, 511, false) == kIoError);
    CHECK(driver.erase(kDiscard, sectors, 1, 0) == kIoError);
    CHECK(driver.erase(kDiscard, 0, 0xFFFFFFFF, 0) == kIoError);
    CHECK(driver.store.kinds.empty());
    CHECK(!driver.needs_reset());
}

TEST_CASE("disk: flush, discard and zeroes reach the store, with no flags but their own") {
    DiskDriver driver;
    driver.store.bytes[512] = 1;
    CHECK(driver.ask(kFlush, 0, 0, false) == kOk);
    CHECK(driver.erase(kDiscard, 0, 1, 0) == kOk);
    CHECK(driver.store.bytes[512] == 1);
    CHECK(driver.erase(kWriteZeroes, 1, 1, 1) == kOk);
    CHECK(driver.store.bytes[512] == 0);
    CHECK(driver.erase(kDiscard, 0, 1, 1) == kUnsupported);
    CHECK(driver.erase(kWriteZeroes, 0, 1, 2) == kUnsupported);
    CHECK(driver.ask(99, 0, 512, true) == kUnsupported);
    CHECK(driver.store.kinds ==
          std::vector{BlockRequest::Kind::kFlush, BlockRequest::Kind::kDiscard, BlockRequest::Kind::kWriteZeroes});
}

TEST_CASE("disk: its serial number") {
    DiskDriver driver({false, 512, "root-disk"});
    CHECK(driver.ask(kGetId, 0, 20, true) == kOk);
    CHECK(std::string(reinterpret_cast<const char*>(&driver.ram[DiskDriver::kBuffer])) == "root-disk");
    CHECK(driver.ask(kGetId, 0, 19, true) == kIoError);
}

TEST_CASE("disk: one that is read only says so and refuses to be written") {
    DiskDriver driver({true, 512, ""});
    CHECK((driver.offered() & 1 << 5) != 0);
    CHECK((driver.offered() & (1 << 13 | 1 << 14)) == 0);
    CHECK(driver.ask(kOut, 0, 512, false) == kIoError);
    CHECK(driver.erase(kWriteZeroes, 0, 1, 0) == kIoError);
    CHECK(driver.ask(kIn, 0, 512, true) == kOk);
    CHECK(driver.store.kinds == std::vector{BlockRequest::Kind::kRead});
}

TEST_CASE("disk: what the host refuses is an I/O error of the guest's") {
    DiskDriver driver;
    driver.store.error = 5;
    CHECK(driver.ask(kIn, 0, 512, true) == kIoError);
    CHECK(driver.ask(kFlush, 0, 0, false) == kIoError);
}

TEST_CASE("disk: requests that are under way are finished by settling and forgotten by a reset") {
    DiskDriver driver;
    driver.store.deferred = true;
    CHECK(driver.ask(kIn, 0, 512, true) == kNothing);
    driver.device->settle();
    CHECK(driver.ram[DiskDriver::kStatus] == kOk);
    CHECK(driver.queue.used_index() == 1);
    CHECK(driver.lines[0].asserted);
    CHECK(driver.ask(kIn, 0, 512, true) == kNothing);
    driver.out(0x70, 0);
    CHECK(driver.store.later.empty());
    CHECK(driver.ram[DiskDriver::kStatus] == kNothing);
    CHECK(driver.queue.used_index() == 1);
}

TEST_CASE("disk: a driver that offers buffers again and again before it has them back fills no list of the host") {
    DiskDriver driver;
    driver.store.deferred = true;
    for (unsigned i = 0; i < driver.queue.size(); ++i) driver.ask(kIn, 0, 512, true);
    CHECK(!driver.needs_reset());
    driver.ask(kIn, 0, 512, true);
    CHECK(driver.needs_reset());
    CHECK(driver.store.later.size() == driver.queue.size());
    driver.out(0x70, 0);
    CHECK(driver.store.later.empty());
}

TEST_CASE("disk: a request without header or status asks for a reset") {
    DiskDriver driver;
    driver.queue.describe(0, {DiskDriver::kHeader, 15, kDescNext, 1});
    driver.queue.describe(1, {DiskDriver::kStatus, 1, kDescWrite, 0});
    driver.queue.offer(0);
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
}

TEST_CASE("disk: a processor that decodes code from the buffer is told that it was written") {
    DiskDriver driver;
    std::vector<Range> written;
    driver.dma = GuestDma(driver.memory, [&](Range range) { written.push_back(range); });
    driver.ask(kIn, 0, 512, true);
    CHECK(std::ranges::find(written, Range{DiskDriver::kBuffer, 512}) != written.end());
    CHECK(std::ranges::find(written, Range{DiskDriver::kStatus, 1}) != written.end());
}
