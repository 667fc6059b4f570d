#include <doctest/doctest.h>

#include "devices/virtio/disk.h"
#include "tests/unit/devices/virtio/driver.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

struct DiskDriver : TestDriver {
    FakeStore store{1 << 20};
    DiskDriver() { make(std::make_unique<Disk>(Disk::Config{}, &store, nullptr)); }
    ~DiskDriver() { device.reset(); }  // which uses the store to its end
};

}  // namespace

TEST_CASE("transport: says what it is") {
    DiskDriver driver;
    CHECK(driver.in(0x0) == 0x74726976);
    CHECK(driver.in(0x4) == 2);
    CHECK(driver.in(0x8) == 2);
    CHECK(driver.in(0xFC) == 0);
    CHECK(driver.device->read({0, 0x100, 8}) == (1 << 20) / 512);
    CHECK(driver.in(0xB0) == 0xFFFFFFFF);
    CHECK(driver.device->read({0, 0x2, 2}) == 0x7472);
    CHECK(driver.device->read({0, 0x6, 4}) == 0x20000);
    CHECK(driver.device->read({0, 0xFC, 8}) == std::uint64_t{(1 << 20) / 512} << 32);
    CHECK(driver.device->read({0, 0x50, 4}) == 0);  // it is only written
}

TEST_CASE("transport: the page shows what reads give, before the interrupt that has the guest look") {
    DiskDriver driver;
    ExitFreePaths& paths = *driver.device->exit_free_paths();
    REQUIRE(paths.exit_free().pages.size() == 1);
    CHECK(paths.exit_free().doorbells == std::vector<Doorbell>{{{0, 0x50, 4}, 0}});
    std::vector<std::uint8_t> page(kReadPageSize);
    std::optional<bool> line_when_shown;
    paths.on_change([&] {
        paths.fill_page({}, ReadPageBytes(page.data(), kReadPageSize));
        if (page[0x60] != 0 && !line_when_shown) line_when_shown = driver.lines[0].asserted;
    });
    auto same = [&] {
        for (std::uint64_t at = 0; at < kReadPageSize; at += 8)
            if (driver.device->read({0, at, 8}) != load_le<std::uint64_t>(&page[at])) return false;
        return true;
    };
    TestQueue queue = driver.start();
    CHECK(same());
    queue.describe(0, {TestDriver::kData, 16, kDescNext, 1});
    queue.describe(1, {TestDriver::kData + 0x100, 1, kDescWrite, 0});
    driver.ram[TestDriver::kData] = 4;  // flush
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(page[0x60] == kIsrQueue);
    CHECK(same());
    CHECK(line_when_shown == false);
    CHECK(driver.lines[0].asserted);
    driver.out(0x64, kIsrQueue);
    CHECK(page[0x60] == 0);
    driver.out(0x70, 0);
    CHECK(same());
    CHECK(page[0x70] == 0);
    driver.start();
    StateWriter writer;
    driver.device->save(writer);
    driver.device->reset();
    CHECK(page[0x70] == 0);
    std::vector<StateField> saved = writer.take();
    StateReader reader(saved);
    REQUIRE(driver.device->restore(reader));
    CHECK(page[0x70] == 15);
    CHECK(same());
}

TEST_CASE("transport: features that were not offered, or a driver of before 1.0, are refused") {
    DiskDriver driver;
    const std::uint64_t offered = driver.offered();
    CHECK((offered & kFVersion1) != 0);
    driver.until_features_ok(offered);
    CHECK((driver.status() & kFeaturesOk) != 0);
    driver.out(0x70, 0);
    driver.until_features_ok(kFVersion1 | 1ull << 40);
    CHECK((driver.status() & kFeaturesOk) == 0);
    driver.out(0x70, 0);
    driver.until_features_ok(offered & ~kFVersion1);
    CHECK((driver.status() & kFeaturesOk) == 0);
    driver.out(0x70, 0xF);
    CHECK((driver.status() & kDriverOk) == 0);  // not without FEATURES_OK
}

TEST_CASE("transport: features are fixed at FEATURES_OK, queues at DRIVER_OK") {
    DiskDriver driver;
    TestQueue queue(driver.ram, 0, 8);
    driver.out(0x30, 0);
    driver.out(0x38, 16);
    CHECK(driver.device->registers()[0].name == "magic_value");
    driver.until_features_ok(kFVersion1);
    driver.choose(kFVersion1 | kFEventIdx);
    driver.configure(0, queue);
    CHECK(driver.in(0x44) == 1);
    driver.driver_ok();
    driver.configure(0, TestQueue(driver.ram, 0x4000, 16));
    StateWriter writer;
    driver.device->save(writer);
    int found = 0;
    for (const StateField& field : writer.take()) {
        const std::string_view name = driver.device->state_name(field.id);
        if (name == "driver_features") CHECK(load_le<std::uint64_t>(field.value.data()) == kFVersion1);
        if (name == "size") CHECK(load_le<std::uint16_t>(field.value.data()) == 8);
        if (name == "descriptors") CHECK(load_le<std::uint64_t>(field.value.data()) == 0);
        found += name == "driver_features" || name == "size" || name == "descriptors" ? 1 : 0;
    }
    CHECK(found == 3);
}

TEST_CASE("transport: a driver cannot take status bits back, but reset everything") {
    DiskDriver driver;
    driver.start();
    driver.out(0x70, kAcknowledge);
    CHECK(driver.status() == (kAcknowledge | kDriver | kFeaturesOk | kDriverOk));
    driver.out(0x70, 0);
    CHECK(driver.status() == 0);
    CHECK(driver.in(0x44) == 0);
    CHECK(driver.in(0x34) == 256);
}

TEST_CASE("transport: notifications before DRIVER_OK wait for it") {
    DiskDriver driver;
    TestQueue queue(driver.ram, 0, 8);
    driver.until_features_ok(kFVersion1);
    driver.configure(0, queue);
    queue.describe(0, {TestDriver::kData, 16, kDescNext, 1});
    queue.describe(1, {TestDriver::kData + 0x100, 1, kDescWrite, 0});
    driver.ram[TestDriver::kData] = 4;  // flush
    queue.offer(0);
    driver.out(0x50, 0);
    CHECK(queue.used_index() == 0);
    driver.driver_ok();
    CHECK(queue.used_index() == 1);
}

TEST_CASE("transport: a queue that is not there reads as none and takes nothing") {
    DiskDriver driver;
    driver.until_features_ok(kFVersion1);
    driver.out(0x30, 5);
    CHECK(driver.in(0x34) == 0);
    driver.out(0x38, 8);
    driver.out(0x44, 1);
    CHECK(driver.in(0x44) == 0);
    driver.driver_ok();
    driver.out(0x50, 5);
    driver.out(0x50, 0xFFFFFFFF);
    CHECK(!driver.needs_reset());
}

TEST_CASE("transport: saved in the middle of its work, it goes on in another device") {
    DiskDriver first;
    first.start(kFVersion1 | kFEventIdx);
    StateWriter writer;
    first.device->save(writer);
    std::vector<StateField> saved = writer.take();
    DiskDriver second;
    second.ram = first.ram;
    StateReader reader(saved);
    REQUIRE(second.device->restore(reader));
    CHECK(second.status() == first.status());
    TestQueue same(second.ram, 0, 8);
    same.describe(0, {TestDriver::kData, 16, kDescNext, 1});
    same.describe(1, {TestDriver::kData + 0x100, 1, kDescWrite, 0});
    second.ram[TestDriver::kData] = 4;
    same.offer(0);
    second.out(0x50, 0);
    CHECK(same.used_index() == 1);
}

TEST_CASE("transport: saved state whose rings are not in RAM is refused, and changes nothing") {
    DiskDriver first;
    first.start();
    StateWriter writer;
    first.device->save(writer);
    std::vector<StateField> saved = writer.take();
    for (StateField& field : saved)
        if (first.device->state_name(field.id) == "available")
            store_le<std::uint64_t>(field.value.data(), 0xFFFFFFFF0000);
    DiskDriver second;
    StateReader reader(saved);
    CHECK(!second.device->restore(reader));
    CHECK(second.status() == 0);
}
