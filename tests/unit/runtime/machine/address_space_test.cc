#include "runtime/machine/address_space.h"

#include <doctest/doctest.h>

#include <deque>
#include <thread>

#include "runtime/machine/irq_inputs.h"
#include "runtime/machine/requests.h"
#include "runtime/machine/run_gate.h"

using namespace nyx;
using namespace nyx::vm;

namespace {

// Remembers every access; reads give the offset plus 0x10 in each byte.
class Recorder final : public dev::Device {
  public:
    std::span<const dev::Register> registers() const override { return kRegisters; }
    std::uint32_t select(const dev::Access& access, bool) const override {
        return access.offset == 0 ? 0 : dev::kNoRegister;
    }
    std::uint64_t read(const dev::Access& access) override {
        log.push_back({access, false, 0});
        std::uint64_t value = 0;
        for (unsigned i = 0; i < access.width; ++i) value |= (access.offset + i + 0x10) << (8 * i);
        return value;
    }
    void write(const dev::Access& access, std::uint64_t value) override { log.push_back({access, true, value}); }
    void reset() override {}
    void save(dev::StateWriter&) const override {}
    Status restore(dev::StateReader&) override { return {}; }

    struct Entry {
        dev::Access access;
        bool is_write;
        std::uint64_t value;
    };
    std::vector<Entry> log;

  private:
    static constexpr dev::Register kRegisters[] = {{"first", 0, 0, 1}};
};

struct Fixture {
    std::deque<DeviceSlot> slots;
    std::vector<Recorder*> devices;
    AddressSpace space;
    VcpuCounters counters{64};
    AddressSpace::Accessor accessor{counters, nullptr};

    DeviceSlot& add() {
        DeviceSlot& slot = slots.emplace_back();
        auto device = std::make_unique<Recorder>();
        devices.push_back(device.get());
        slot.name = "d" + std::to_string(slots.size());
        slot.device = std::move(device);
        slot.first_counter = 4 * (slots.size() - 1);
        return slot;
    }
    void map(std::vector<AddressSpace::Region> ports, std::vector<AddressSpace::Region> memory) {
        auto made = AddressSpace::create(std::move(ports), std::move(memory));
        REQUIRE(made);
        space = std::move(*made);
    }
    Bytes read(Space where, std::uint64_t address, std::size_t size) {
        Bytes data(size);
        space.read(where, address, data, accessor);
        return data;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an access inside a region reaches its device whole, with the offset inside the region") {
    DeviceSlot& slot = add();
    map({{{0x3F8, 8}, &slot, 2}}, {});
    CHECK(read(Space::kPio, 0x3FA, 2) == Bytes{0x12, 0x13});
    REQUIRE(devices[0]->log.size() == 1);
    CHECK(devices[0]->log[0].access.region == 2);
    CHECK(devices[0]->log[0].access.offset == 2);
    CHECK(devices[0]->log[0].access.width == 2);
    const std::uint8_t value[] = {0x78, 0x56, 0x34, 0x12};
    space.write(Space::kPio, 0x3F8, value, accessor);
    CHECK(devices[0]->log[1].value == 0x12345678);
    CHECK(counters.registers(1) == 1);  // a write of the register
    CHECK(counters.registers(2) == 1);  // a read where there is no register
}

TEST_CASE_FIXTURE(Fixture, "odd lengths are cut into widths that devices take") {
    DeviceSlot& slot = add();
    map({}, {{{0x1000, 0x100}, &slot, 0}});
    CHECK(read(Space::kMmio, 0x1001, 7) == Bytes{0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17});
    REQUIRE(devices[0]->log.size() == 3);
    CHECK(devices[0]->log[0].access.width == 4);
    CHECK(devices[0]->log[1].access.width == 2);
    CHECK(devices[0]->log[2].access.width == 1);
    CHECK(devices[0]->log[2].access.offset == 7);
}

TEST_CASE_FIXTURE(Fixture, "an access over the edge of a region is done byte by byte") {
    DeviceSlot& a = add();
    DeviceSlot& b = add();
    map({}, {{{0x1000, 4}, &a, 0}, {{0x1004, 2}, &b, 0}});
    CHECK(read(Space::kMmio, 0x1002, 8) == Bytes{0x12, 0x13, 0x10, 0x11, 0xFF, 0xFF, 0xFF, 0xFF});
    CHECK(devices[0]->log.size() == 2);
    CHECK(devices[1]->log.size() == 2);
    CHECK(counters.unclaimed().size() == 4);
}

TEST_CASE_FIXTURE(Fixture, "32 bits at CONFIG_ADDRESS do not reach reset control beneath it, a byte does") {
    map({{{0xCF9, 1}, &add(), 0}}, {});
    const std::uint8_t address[] = {0x00, 0x06, 0x00, 0x80};
    space.write(Space::kPio, 0xCF8, address, accessor);
    CHECK(read(Space::kPio, 0xCF8, 4) == Bytes{0xFF, 0xFF, 0xFF, 0xFF});
    CHECK(devices[0]->log.empty());
    space.write(Space::kPio, 0xCF9, std::span(address).subspan(1, 1), accessor);
    CHECK(devices[0]->log.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "32 bits at CONFIG_ADDRESS reach the host bridge whole, though it claims one port") {
    DeviceSlot& bridge = add();
    map({{{0xCF8, 1}, &bridge, 0}, {{0xCF9, 1}, &add(), 0}}, {});
    const std::uint8_t address[] = {0x00, 0x06, 0x00, 0x80};
    space.write(Space::kPio, 0xCF8, address, accessor);
    REQUIRE(devices[0]->log.size() == 1);
    CHECK(devices[0]->log[0].access.width == 4);
    CHECK(devices[0]->log[0].value == 0x80000600);
    CHECK(read(Space::kPio, 0xCF8, 4) == Bytes{0x10, 0x11, 0x12, 0x13});
    CHECK(devices[1]->log.empty());
}

TEST_CASE_FIXTURE(Fixture, "where nobody answers, reads are all ones, writes vanish, and both are counted") {
    map({}, {});
    CHECK(read(Space::kPio, 0x80, 4) == Bytes{0xFF, 0xFF, 0xFF, 0xFF});
    const std::uint8_t value[] = {1};
    space.write(Space::kPio, 0x80, value, accessor);
    space.write(Space::kPio, 0x80, value, accessor);
    auto unclaimed = counters.unclaimed();
    CHECK(unclaimed[{Space::kPio, 0x80, false}] == 1);
    CHECK(unclaimed[{Space::kPio, 0x80, true}] == 2);
    CHECK(read(Space::kPio, 0xFFFF, 4) == Bytes{0xFF, 0xFF, 0xFF, 0xFF});
    CHECK(read(Space::kMmio, ~std::uint64_t{0}, 8) == Bytes(8, 0xFF));
}

TEST_CASE_FIXTURE(Fixture, "a guest cannot grow the table of unclaimed addresses without end") {
    map({}, {});
    for (std::uint64_t i = 0; i < VcpuCounters::kMaxUnclaimed + 10; ++i) read(Space::kMmio, i * 8, 8);
    CHECK(counters.unclaimed().size() == VcpuCounters::kMaxUnclaimed);
    CHECK(counters.other_unclaimed() == 10);
}

TEST_CASE_FIXTURE(Fixture, "overlapping regions and regions outside the space are refused") {
    DeviceSlot& slot = add();
    CHECK(!AddressSpace::create({{{0x10, 4}, &slot, 0}, {{0x13, 1}, &slot, 1}}, {}));
    CHECK(!AddressSpace::create({{{0xFFFF, 2}, &slot, 0}}, {}));
    CHECK(!AddressSpace::create({}, {{{~std::uint64_t{0}, 2}, &slot, 0}}));
    CHECK(AddressSpace::create({{{0xFFFF, 1}, &slot, 0}}, {}).has_value());
}

TEST_CASE_FIXTURE(Fixture, "many threads at one device, each with its own counters") {
    constexpr int kThreads = 4;
    constexpr int kRounds = 2000;
    DeviceSlot& slot = add();
    map({{{0x10, 1}, &slot, 0}}, {{{0x1000, 8}, &slot, 1}});
    std::deque<VcpuCounters> each;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        VcpuCounters& own = each.emplace_back(64);
        threads.emplace_back([this, &own] {
            AddressSpace::Accessor mine{own, nullptr};
            std::uint8_t byte[1];
            for (int i = 0; i < kRounds; ++i) {
                space.read(Space::kPio, 0x10, byte, mine);
                space.write(Space::kMmio, 0x1000, byte, mine);
                space.read(Space::kPio, 0x99, byte, mine);
            }
        });
    }
    for (int i = 0; i < 100; ++i) (void)each.front().registers(0);  // reading while they count
    for (auto& thread : threads) thread.join();
    CHECK(devices[0]->log.size() == 2 * kThreads * kRounds);
    for (auto& own : each) {
        CHECK(own.registers(0) == kRounds);
        CHECK(own.registers(1) == kRounds);
        CHECK(own.unclaimed()[{Space::kPio, 0x99, false}] == kRounds);
    }
}

TEST_CASE("an interrupt input is asserted while any of its lines is") {
    std::vector<std::pair<std::uint32_t, bool>> levels;
    IrqInputs inputs([&](std::uint32_t gsi, bool asserted) { levels.emplace_back(gsi, asserted); });
    dev::IrqLine& a = inputs.line(9);
    dev::IrqLine& b = inputs.line(9);
    a.set(true);
    a.set(true);
    b.set(true);
    a.set(false);
    CHECK(levels == std::vector<std::pair<std::uint32_t, bool>>{{9, true}});
    inputs.resend();
    b.set(false);
    CHECK(levels == std::vector<std::pair<std::uint32_t, bool>>{{9, true}, {9, true}, {9, false}});
}

TEST_CASE("the gate lets workers in and out, and ends them") {
    RunGate gate;
    std::atomic<int> rounds{0};
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i)
        workers.emplace_back([&] {
            while (gate.enter()) {
                while (gate.is_open()) rounds.fetch_add(1);
                gate.leave();
            }
        });
    for (int i = 0; i < 50; ++i) {
        gate.open();
        gate.close();
        gate.wait_parked();
        int before = rounds.load();
        CHECK(rounds.load() == before);
    }
    gate.shut_down();
    for (auto& worker : workers) worker.join();
}

TEST_CASE("the first request stands, and the host's own takes its place") {
    int told = 0;
    Requests requests([&] { ++told; });
    requests.request_reset("keyboard");
    requests.request_exit(3);
    CHECK(told == 1);
    requests.make(StopRequest{"Ctrl-A x"});
    auto taken = requests.take();
    REQUIRE(taken);
    CHECK(std::get<StopRequest>(*taken).reason == "Ctrl-A x");
    CHECK(!requests.take());
    requests.guest_panicked(true);
    requests.request_exit(3);
    CHECK(std::holds_alternative<ExitRequest>(*requests.take()));
    requests.guest_panicked(false);
    requests.request_exit(3);
    CHECK(!std::get<PanicReport>(*requests.take()).crash_loaded);
    requests.request_exit(3);
    requests.forget_guest();
    CHECK(!requests.standing());
}
