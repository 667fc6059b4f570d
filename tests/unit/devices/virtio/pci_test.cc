// A virtio device behind PCI, and the host bridge that leads to it.
#include <doctest/doctest.h>

#include <map>

#include "devices/catalog.h"
#include "devices/virtio/entropy.h"
#include "devices/virtio/pci.h"
#include "tests/unit/devices/virtio/driver.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

constexpr std::uint32_t kMemory = 0xFE008000;
constexpr std::uint64_t kNotify = 0x3000, kTable = 0x4000;

struct FakeMessages : MessageSink {
    void send(std::uint64_t address, std::uint32_t data) override { sent.emplace_back(address, data); }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sent;
};

struct FakeLock : FunctionLock {
    void lock() override { ++times; }
    void unlock() override {}
    int times = 0;
};

struct PciDriver : Surroundings {
    FakeMessages messages;
    std::unique_ptr<PciDevice> device;
    FakeLock lock;
    std::unique_ptr<Device> bridge;
    TestQueue queue{ram, 0, 8};

    PciDriver() {
        Environment all = environment(1);
        all.messages = &messages;
        auto fill = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{7}); };
        device = std::make_unique<PciDevice>(std::make_unique<Entropy>(fill), PciDevice::Placement{kMemory, 17}, all);
        const plan::DevicePlan plan{"pci", "pci", {{0xCF8, 1}, {0xCFC, 4}}, {{0xE0000000, 1 << 20}}, {}, {}};
        auto made = create(plan, environment(0));
        REQUIRE(made);
        bridge = std::move(*made);
        REQUIRE(bridge->pci_host()->attach(3, *device->pci_function(), lock));
    }
    std::uint32_t config(std::uint32_t offset, unsigned width = 4) {
        return device->pci_function()->read_config(offset, width);
    }
    void set_config(std::uint32_t offset, std::uint32_t value, unsigned width = 4) {
        device->pci_function()->write_config(offset, width, value);
    }
    std::uint64_t in(std::uint64_t offset, std::uint8_t width) { return device->read({0, offset, width}); }
    void out(std::uint64_t offset, std::uint64_t value, std::uint8_t width) {
        device->write({0, offset, width}, value);
    }
    // Where the capability of that id is; of vendor ones, that with this configuration type.
    std::uint32_t capability(std::uint8_t id, std::uint8_t type = 0) {
        for (std::uint32_t at = config(0x34, 1); at != 0; at = config(at + 1, 1))
            if (config(at, 1) == id && (type == 0 || config(at + 3, 1) == type)) return at;
        return 0;
    }
    void enable_msix() {
        out(kTable, 0xFEE00000, 4);
        out(kTable + 8, 0x41, 4);
        out(kTable + 12, 0, 4);
        set_config(capability(0x11) + 2, 1 << 15, 2);
    }
    void start(std::uint16_t vector) {
        out(0x14, kAcknowledge | kDriver, 1);
        out(0x08, 1, 4);
        out(0x0C, 1, 4);
        out(0x14, kAcknowledge | kDriver | kFeaturesOk, 1);
        out(0x16, 0, 2);
        out(0x18, 8, 2);
        out(0x1A, vector, 2);
        out(0x20, queue.descriptors(), 4);
        out(0x28, queue.available(), 4);
        out(0x30, queue.used(), 4);
        out(0x1C, 1, 2);
        out(0x14, kAcknowledge | kDriver | kFeaturesOk | kDriverOk, 1);
    }
    void ask() {
        queue.describe(0, {TestDriver::kData, 16, kDescWrite, 0});
        queue.offer(0);
        out(kNotify, 0, 2);
    }
};

}  // namespace

TEST_CASE("pci: says what it is, and where its structures are") {
    PciDriver driver;
    CHECK(driver.config(0) == 0x10441AF4);
    CHECK(driver.config(0x10) == kMemory);
    for (std::uint8_t type = 1; type <= 5; ++type) CHECK(driver.capability(0x09, type) != 0);
    std::uint32_t notify = driver.capability(0x09, 2);
    CHECK(driver.config(notify + 8) == kNotify);
    CHECK(driver.config(notify + 16) == 4);
    CHECK(driver.config(driver.capability(0x11) + 2, 2) == 1);  // two vectors
    CHECK(driver.device->exit_free_paths()->exit_free().doorbells == std::vector<Doorbell>{{{0, kNotify, 2}, {}}});
}

TEST_CASE("pci: a BAR gives its size and answers at its own address only") {
    PciDriver driver;
    driver.set_config(0x10, 0xFFFFFFFF);
    CHECK(driver.config(0x10) == 0xFFFF8000);
    CHECK(driver.in(0x12, 2) == 0xFFFF);
    driver.set_config(0x10, kMemory);
    CHECK(driver.in(0x12, 2) == 1);
    driver.set_config(0x04, 0, 2);
    CHECK(driver.in(0x12, 2) == 0xFFFF);
    driver.device->reset();
    CHECK(driver.in(0x12, 2) == 1);
}

TEST_CASE("pci: a buffer is announced by a message, or waits while its vector is masked") {
    PciDriver driver;
    driver.enable_msix();
    driver.start(0);
    driver.ask();
    REQUIRE(driver.messages.sent.size() == 1);
    CHECK(driver.messages.sent[0] == std::pair<std::uint64_t, std::uint32_t>{0xFEE00000, 0x41});
    CHECK(!driver.lines[0].asserted);
    driver.out(kTable + 12, 1, 4);
    driver.ask();
    CHECK(driver.messages.sent.size() == 1);
    CHECK(driver.in(0x5000, 4) == 1);
    driver.out(kTable + 12, 0, 4);
    CHECK(driver.messages.sent.size() == 2);
    CHECK(driver.in(0x5000, 4) == 0);
}

TEST_CASE("pci: without MSI-X a line, which reading the ISR takes back") {
    PciDriver driver;
    driver.start(0xFFFF);
    driver.ask();
    CHECK(driver.lines[0].asserted);
    CHECK(driver.in(0x1000, 1) == kIsrQueue);
    CHECK(!driver.lines[0].asserted);
    CHECK(driver.in(0x1000, 1) == 0);
    driver.set_config(0x04, 1 << 10 | 1 << 1, 2);
    driver.ask();
    CHECK(!driver.lines[0].asserted);
}

TEST_CASE("pci: a vector that is not there reads back as none and announces nothing") {
    PciDriver driver;
    driver.enable_msix();
    driver.start(2);
    CHECK(driver.in(0x1A, 2) == kNoVector);
    driver.out(0x10, 2, 2);
    CHECK(driver.in(0x10, 2) == kNoVector);
    driver.out(0x10, 1, 2);
    CHECK(driver.in(0x10, 2) == 1);
    driver.ask();
    CHECK(driver.queue.used_index() == 1);
    CHECK(driver.messages.sent.empty());
}

TEST_CASE("pci: the size of a queue cannot be written after DRIVER_OK here either") {
    PciDriver driver;
    driver.start(0);
    driver.out(0x18, 4, 2);
    CHECK(driver.in(0x18, 2) == 8);
}

TEST_CASE("pci: the window in configuration space reaches the registers, and nothing beside them") {
    PciDriver driver;
    const std::uint32_t window = driver.capability(0x09, 5);
    driver.set_config(window + 8, 0x12);
    driver.set_config(window + 12, 2);
    CHECK(driver.config(window + 16) == 1);
    driver.set_config(window + 8, 0xFFFFFFFE);
    CHECK(driver.config(window + 16) == 0);
    driver.set_config(window + 8, 0);
    driver.set_config(window + 12, 3);
    CHECK(driver.config(window + 16) == 0);
}

TEST_CASE("pci: both ways to configuration space lead to the function of a slot") {
    PciDriver driver;
    enum : std::uint32_t { kAddress, kData, kEcam };
    auto by_ports = [&](std::uint32_t address) {
        driver.bridge->write({kAddress, 0, 4}, address);
        return driver.bridge->read({kData, 0, 4});
    };
    CHECK(by_ports(0x80000000 | 3 << 11) == 0x10441AF4);
    CHECK(by_ports(0x80000000) == 0x00081B36);
    CHECK(by_ports(3 << 11) == 0xFFFFFFFF);               // not enabled
    CHECK(by_ports(0x80000000 | 4 << 11) == 0xFFFFFFFF);  // nobody
    CHECK(by_ports(0x80010000 | 3 << 11) == 0xFFFFFFFF);  // another bus
    CHECK(by_ports(0x80000100 | 3 << 11) == 0xFFFFFFFF);  // another function
    CHECK(driver.lock.times == 1);
    CHECK(driver.bridge->read({kEcam, 3 << 15, 4}) == 0x10441AF4);
    CHECK(driver.lock.times == 2);
    CHECK(driver.bridge->read({kEcam, 0xFFFFC, 4}) == 0xFFFFFFFF);
    CHECK(!driver.bridge->pci_host()->attach(3, *driver.device->pci_function(), driver.lock));
    CHECK(!driver.bridge->pci_host()->attach(0, *driver.device->pci_function(), driver.lock));
}
