// The network card and the console; the entropy device is in queue_test.cc.
#include <doctest/doctest.h>

#include <deque>

#include "devices/virtio/console.h"
#include "devices/virtio/network.h"
#include "tests/unit/devices/virtio/driver.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

struct FakeLink : NetworkLink {
    void send(std::span<const std::uint8_t> frame) override { sent.emplace_back(frame.begin(), frame.end()); }
    std::span<const std::uint8_t> front() const override {
        return waiting.empty() ? std::span<const std::uint8_t>() : waiting.front();
    }
    void pop() override { waiting.pop_front(); }
    int fd() const override { return -1; }
    void poll() override {}
    std::vector<Bytes> sent;
    std::deque<Bytes> waiting;
};

struct NetDriver : TestDriver {
    static constexpr std::uint64_t kBuffers = 0x18000;
    FakeLink link;
    TestQueue receive{ram, 0, 8};
    TestQueue transmit{ram, 0x4000, 8};

    explicit NetDriver(std::uint64_t without = 0) {
        make(std::make_unique<Network>(MacAddress{2, 0x4E, 0x79, 1, 2, 3}, &link, nullptr));
        until_features_ok(offered() & ~without);
        configure(0, receive);
        configure(1, transmit);
        driver_ok();
    }
    void offer(std::uint16_t head, std::uint32_t size) {
        receive.describe(head, {kBuffers + head * 0x800u, size, kDescWrite, 0});
        receive.offer(head);
    }
    std::uint16_t buffers_of(std::uint16_t head) { return load_le<std::uint16_t>(&ram[kBuffers + head * 0x800u + 10]); }
};

}  // namespace

TEST_CASE("network: its address and its link") {
    NetDriver driver;
    CHECK(driver.device->read({0, 0x100, 1}) == 2);
    CHECK(driver.device->read({0, 0x105, 1}) == 3);
    CHECK(driver.device->read({0, 0x106, 2}) == 1);
}

TEST_CASE("network: a frame leaves without its header") {
    NetDriver driver;
    driver.ram[TestDriver::kData + 12] = 0x42;
    driver.transmit.describe(0, {TestDriver::kData, 12, kDescNext, 1});
    driver.transmit.describe(1, {TestDriver::kData + 12, 60, 0, 0});
    driver.transmit.offer(0);
    driver.out(0x50, 1);
    REQUIRE(driver.link.sent.size() == 1);
    CHECK(driver.link.sent[0].size() == 60);
    CHECK(driver.link.sent[0][0] == 0x42);
    CHECK(driver.transmit.used_index() == 1);
}

TEST_CASE("network: a frame that no wire carries is lost, one without a header asks for a reset") {
    NetDriver driver;
    driver.transmit.describe(0, {TestDriver::kData, 12 + 1519, 0, 0});
    driver.transmit.offer(0);
    driver.out(0x50, 1);
    CHECK(driver.link.sent.empty());
    CHECK(!driver.needs_reset());
    driver.transmit.describe(0, {TestDriver::kData, 11, 0, 0});
    driver.transmit.offer(0);
    driver.out(0x50, 1);
    CHECK(driver.needs_reset());
}

TEST_CASE("network: a frame is spread over as many buffers as it takes") {
    NetDriver driver;
    for (std::uint16_t head = 0; head < 3; ++head) driver.offer(head, 64);
    Bytes frame(100);
    for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<std::uint8_t>(i);
    driver.link.waiting.push_back(frame);
    driver.out(0x50, 0);
    CHECK(driver.receive.used_index() == 2);
    CHECK(driver.buffers_of(0) == 2);
    CHECK(driver.receive.used_length(0) == 64);
    CHECK(driver.receive.used_length(1) == 48);
    CHECK(driver.ram[NetDriver::kBuffers + 0x800] == 52);
    CHECK(driver.lines[0].asserted);
}

TEST_CASE("network: a frame for which there are no buffers yet waits for them whole") {
    NetDriver driver;
    driver.offer(0, 64);
    driver.link.waiting.push_back(Bytes(100, 7));
    driver.out(0x50, 0);
    CHECK(driver.receive.used_index() == 0);
    CHECK(driver.link.waiting.size() == 1);
    driver.offer(1, 64);
    driver.out(0x50, 0);
    CHECK(driver.receive.used_index() == 2);
    CHECK(driver.receive.used_id(0) == 0);
    CHECK(driver.link.waiting.empty());
}

TEST_CASE("network: without merging a frame has one buffer, and a short one breaks the rule") {
    NetDriver driver(1 << 15);
    driver.offer(0, 1530);
    driver.link.waiting.push_back(Bytes(100, 7));
    driver.out(0x50, 0);
    CHECK(driver.receive.used_length(0) == 112);
    CHECK(driver.buffers_of(0) == 1);
    driver.offer(1, 64);
    driver.link.waiting.push_back(Bytes(100, 7));
    driver.out(0x50, 0);
    CHECK(driver.needs_reset());
}

TEST_CASE("network: frames that come before the driver runs are lost") {
    NetDriver driver;
    driver.out(0x70, 0);
    driver.link.waiting.push_back(Bytes(100, 7));
    driver.out(0x50, 0);
    driver.until_features_ok(kFVersion1);
    driver.driver_ok();
    CHECK(driver.receive.used_index() == 0);
}

namespace {

struct ConsoleDriver : TestDriver {
    TestQueue receive{ram, 0, 8};
    TestQueue transmit{ram, 0x4000, 8};
    ConsoleDriver() {
        make(std::make_unique<Console>(output, [this] { ++room_calls; }));
        until_features_ok(kFVersion1);
        configure(0, receive);
        configure(1, transmit);
        driver_ok();
    }
};

}  // namespace

TEST_CASE("console: bytes go both ways, and input waits for buffers") {
    ConsoleDriver driver;
    std::memcpy(&driver.ram[TestDriver::kData], "hello", 5);
    driver.transmit.describe(0, {TestDriver::kData, 5, 0, 0});
    driver.transmit.offer(0);
    driver.out(0x50, 1);
    CHECK(driver.output.text() == "hello");
    ByteReceiver* receiver = driver.device->byte_receiver();
    REQUIRE(receiver != nullptr);
    const Bytes typed{'l', 's', '\n'};
    CHECK(receiver->receive(typed) == 0);
    const int before = driver.room_calls;
    driver.receive.describe(0, {TestDriver::kData + 0x100, 2, kDescWrite, 0});
    driver.receive.offer(0);
    driver.out(0x50, 0);
    CHECK(driver.room_calls == before + 1);
    CHECK(receiver->receive(typed) == 2);
    CHECK(driver.ram[TestDriver::kData + 0x101] == 's');
    CHECK(driver.receive.used_length(0) == 2);
}

TEST_CASE("console: a character in an emergency needs no queue") {
    ConsoleDriver driver;
    driver.out(0x70, 0);
    driver.out(0x108, '!');
    CHECK(driver.output.text().starts_with("!"));
}
