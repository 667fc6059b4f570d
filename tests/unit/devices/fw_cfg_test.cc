// fw_cfg as a part of a machine: its files by the ports and by DMA.
#include <doctest/doctest.h>

#include "runtime/plan/fw_cfg_files.h"
#include "tests/unit/devices/catalog_bench.h"

using namespace nyx;
using namespace nyx::dev;

namespace {

constexpr std::uint64_t kAccess = 0x1000, kBuffer = 0x2000;
constexpr std::uint32_t kRead = 2, kSkip = 4, kSelect = 8;

std::uint32_t big_endian(std::uint32_t value) {
    return value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF0000) | value << 24;
}

struct Firmware : Surroundings {
    Bytes image = plan::fw_cfg_image({{"opt/org.nyx/hello", {'h', 'e', 'l', 'l', 'o'}}, {"opt/z", {1, 2, 3}}});
    std::unique_ptr<Device> device;

    explicit Firmware(bool has_files = true) {
        plan::DevicePlan plan = usual_plan("fw_cfg");
        plan.settings = {{"cpus", std::int64_t{2}}, {"memory_below_4g", std::int64_t{0x8000000}}};
        Environment around = environment(0);
        if (has_files) around.files = image;
        auto made = create(plan, around);
        REQUIRE_MESSAGE(made, made.error().text());
        device = std::move(*made);
    }
    void select(std::uint16_t key) { device->write({0, 0, 2}, key); }
    std::uint64_t next() { return device->read({0, 1, 1}); }
    std::string text(std::uint16_t key, int count) {
        std::string read;
        select(key);
        for (int i = 0; i < count; ++i) read += static_cast<char>(next());
        return read;
    }
    std::uint32_t transfer(std::uint32_t what, std::uint32_t length, std::uint64_t to = kBuffer) {
        REQUIRE(memory.write_value(kAccess, big_endian(what)));
        REQUIRE(memory.write_value(kAccess + 4, big_endian(length)));
        REQUIRE(memory.write_value(kAccess + 8, big_endian(static_cast<std::uint32_t>(to >> 32))));
        REQUIRE(memory.write_value(kAccess + 12, big_endian(static_cast<std::uint32_t>(to))));
        device->write({0, 8, 4}, big_endian(kAccess));
        return big_endian(*memory.read_value<std::uint32_t>(kAccess));
    }
    std::string at(std::uint64_t address, std::size_t size) const {
        return {ram.begin() + static_cast<std::ptrdiff_t>(address),
                ram.begin() + static_cast<std::ptrdiff_t>(address + size)};
    }
};

}  // namespace

TEST_CASE("fw_cfg: the items that it has itself") {
    Firmware firmware;
    CHECK(firmware.text(0, 4) == "QEMU");
    CHECK(firmware.text(1, 2) == std::string("\3\0", 2));
    CHECK(firmware.text(3, 8) == std::string("\0\0\0\x08\0\0\0\0", 8));
    CHECK(firmware.text(5, 2) == std::string("\2\0", 2));
    CHECK(firmware.text(15, 2) == std::string("\2\0", 2));
    CHECK(firmware.text(2, 2) == std::string("\0\0", 2));
}

TEST_CASE("fw_cfg: the directory and the files, with zeros behind them") {
    Firmware firmware;
    CHECK(firmware.text(0x19, 4) == std::string("\0\0\0\2", 4));
    CHECK(firmware.text(0x19, 30).substr(12) == std::string("opt/org.nyx/hello\0", 18));
    CHECK(firmware.text(0x20, 6) == std::string("hello\0", 6));
    CHECK(firmware.text(0x21, 4) == std::string("\1\2\3\0", 4));
    CHECK(firmware.text(0x22, 1) == std::string("\0", 1));
}

TEST_CASE("fw_cfg: without files the directory is empty") {
    Firmware firmware(false);
    CHECK(firmware.text(0x19, 5) == std::string(5, '\0'));
    CHECK(firmware.text(0x20, 1) == std::string(1, '\0'));
}

TEST_CASE("fw_cfg: DMA selects, skips and reads, and goes on where the port does") {
    Firmware firmware;
    std::ranges::fill(firmware.ram, std::uint8_t{0xEE});
    CHECK(firmware.transfer(0x20 << 16 | kSelect | kSkip, 1) == 0);
    CHECK(firmware.next() == 'e');
    CHECK(firmware.transfer(kRead, 5) == 0);
    CHECK(firmware.at(kBuffer, 6) == std::string("llo\0\0\xEE", 6));
    CHECK(firmware.transfer(0 << 16 | kSelect | kRead, 5) == 0);
    CHECK(firmware.at(kBuffer, 6) == std::string("QEMU\0\xEE", 6));
}

TEST_CASE("fw_cfg: what leaves memory is an error and moves nothing") {
    Firmware firmware;
    CHECK(firmware.transfer(0x20 << 16 | kSelect | kRead, 5, firmware.ram.size() - 4) == 1);
    CHECK(firmware.at(firmware.ram.size() - 4, 4) == std::string(4, '\0'));
    CHECK(firmware.transfer(kRead, 0xFFFFFFFF) == 1);
    CHECK(firmware.transfer(kRead, 2, ~std::uint64_t{0}) == 1);
    CHECK(firmware.transfer(16, 1) == 1);  // WRITE
    CHECK(firmware.transfer(kRead, 0, ~std::uint64_t{0}) == 0);
    CHECK(firmware.next() == 'h');
    firmware.device->write({0, 4, 4}, 0xFFFFFFFF);  // a request where no memory is
    firmware.device->write({0, 8, 4}, 0xF0FFFFFF);
}

TEST_CASE("fw_cfg: a saved one goes on at the next byte") {
    Firmware firmware, other;
    firmware.text(0x20, 2);
    StateWriter writer;
    firmware.device->save(writer);
    const std::vector<StateField> saved = writer.take();
    StateReader reader(saved);
    REQUIRE(other.device->restore(reader));
    CHECK(other.next() == 'l');
}

TEST_CASE("fw_cfg: files that are none are refused when the device is made") {
    Surroundings around;
    Environment environment = around.environment(0);
    const Bytes bad(7, 0xFF);
    environment.files = bad;
    const auto made = create(usual_plan("fw_cfg"), environment);
    REQUIRE(!made);
    CHECK(made.error().code == ErrorCode::kCorrupt);
}
