#include <doctest/doctest.h>

#include <array>

#include "devices/kit/byte_device.h"
#include "devices/kit/guest_memory.h"
#include "devices/kit/register_table.h"

using namespace nyx;
using namespace nyx::dev;

static constexpr std::uint64_t kTop = ~std::uint64_t{0};

TEST_CASE("guest memory: an access happens whole or not at all") {
    std::array<std::uint8_t, 16> low{};
    std::array<std::uint8_t, 16> next{};
    std::array<std::uint8_t, 16> high{};
    auto memory =
        GuestMemory::create({{{0x2000, 16}, high.data()}, {{0x1000, 16}, low.data()}, {{0x1010, 16}, next.data()}});
    REQUIRE(memory);
    CHECK(memory->size() == 48);
    const std::uint8_t bytes[] = {1, 2, 3, 4};
    CHECK(memory->write(0x100E, bytes));
    CHECK(low[15] == 2);
    CHECK(next[0] == 3);
    std::uint8_t back[4] = {};
    CHECK(memory->read(0x100E, back));
    CHECK(back[3] == 4);
    CHECK(!memory->write(0x101E, bytes));
    CHECK(next[14] == 0);
    CHECK(!memory->zero(0x1000, 0x2000));
    CHECK(low[15] == 2);
    CHECK(memory->zero(0x1000, 32));
    CHECK(low[15] == 0);
    CHECK(memory->write_value<std::uint32_t>(0x200C, 0xAABBCCDD));
    CHECK(*memory->read_value<std::uint16_t>(0x200E) == 0xAABB);
    CHECK(!memory->read_value<std::uint32_t>(0x200D));
}

TEST_CASE("guest memory: sizes and addresses that overflow are not RAM") {
    std::array<std::uint8_t, 16> ram{};
    auto memory = GuestMemory::create({{{kTop - 16, 16}, ram.data()}});
    REQUIRE(memory);
    CHECK(memory->contains(kTop - 16, 16));
    CHECK(!memory->contains(kTop - 16, 17));
    CHECK(!memory->contains(kTop - 16, kTop));
    CHECK(!memory->host_range(kTop - 15, kTop));
    CHECK(!memory->host_range(0, 1));
    CHECK(memory->host_range(kTop - 1, 1)->data() == &ram[15]);
    CHECK(!memory->host_range(kTop, 0));
    CHECK(!GuestMemory::create({{{kTop, 2}, ram.data()}}));
    CHECK(!GuestMemory::create({{{0, 0}, ram.data()}}));
    CHECK(!GuestMemory::create({{{0, 8}, ram.data()}, {{7, 8}, ram.data()}}));
    CHECK(!GuestMemory().contains(0, 0));
}

TEST_CASE("guest memory: a host range stays inside one region") {
    std::array<std::uint8_t, 16> a{};
    std::array<std::uint8_t, 16> b{};
    auto memory = GuestMemory::create({{{0, 16}, a.data()}, {{16, 16}, b.data()}});
    REQUIRE(memory);
    CHECK(memory->contains(8, 16));
    CHECK(!memory->host_range(8, 16));
    CHECK(memory->host_range(16, 16)->size() == 16);
}

TEST_CASE("a register table is held to its rules") {
    const std::uint64_t sizes[] = {8};
    using enum RegisterKind;
    const Register good[] = {{"rbr", 0, 0, 1, kReadOnly, 0, "!dlab"},
                             {"thr", 0, 0, 1, kWriteOnly, 0, "!dlab"},
                             {"dll", 0, 0, 1, kReadWrite, 12, "dlab"}};
    CHECK(check_registers(good, sizes).empty());
    const Register shared[] = {{"a", 0, 0, 2}, {"b", 0, 1}};
    CHECK(check_registers(shared, sizes) == std::vector<std::string>{"a and b: share a byte"});
    const Register half_guarded[] = {{"a", 0, 0}, {"b", 0, 0, 1, kReadWrite, 0, "mode"}};
    CHECK(check_registers(half_guarded, sizes).size() == 1);
    const Register outside[] = {{"a", 0, 7, 2}, {"b", 1, 0}, {"c", 0, 0, 3}, {"d", 0, 4, 1, kReadWrite, 0x100}};
    CHECK(check_registers(outside, sizes).size() == 4);
    const Register twice[] = {{"a", 0, 0}, {"a", 0, 1}};
    CHECK(check_registers(twice, sizes).size() == 1);
    CHECK(find_register(good, {0, 0, 1}, false, "!dlab") == 0);
    CHECK(find_register(good, {0, 0, 1}, true, "!dlab") == 1);
    CHECK(find_register(good, {0, 0, 1}, true, "dlab") == 2);
    CHECK(find_register(good, {0, 1, 1}, true, "dlab") == kNoRegister);
    CHECK(find_register(shared, {0, 1, 1}, true) == 0);
}

namespace {
struct FourBytes : ByteDevice {
    std::array<std::uint8_t, 4> bytes{0x11, 0x22, 0x33, 0x44};
    std::span<const Register> registers() const override { return {}; }
    std::uint32_t select(const Access&, bool) const override { return kNoRegister; }
    void reset() override {}
    void save(StateWriter&) const override {}
    Status restore(StateReader&) override { return {}; }
    std::uint8_t read_byte(std::uint32_t, std::uint64_t offset) override { return bytes[offset]; }
    void write_byte(std::uint32_t, std::uint64_t offset, std::uint8_t value) override { bytes[offset] = value; }
};
}  // namespace

TEST_CASE("a wide access to a device of bytes is split, lowest offset first") {
    FourBytes device;
    CHECK(device.read({0, 1, 2}) == 0x3322);
    device.write({0, 0, 4}, 0xDDCCBBAA);
    CHECK(device.bytes == std::array<std::uint8_t, 4>{0xAA, 0xBB, 0xCC, 0xDD});
}
