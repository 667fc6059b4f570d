#include "compiler/acpi/aml.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compiler/acpi/resources.h"

namespace nyx::acpi {
namespace {

std::string hex(const Bytes& bytes) {
    std::string text;
    for (std::uint8_t byte : bytes) text += fmt::format("{}{:02x}", text.empty() ? "" : " ", byte);
    return text;
}

// Expected bytes are what iasl makes of the ASL in the comment.
TEST_CASE("integers take the shortest encoding") {
    CHECK(hex(aml::integer(0)) == "00");
    CHECK(hex(aml::integer(1)) == "01");
    CHECK(hex(aml::integer(2)) == "0a 02");
    CHECK(hex(aml::integer(0x100)) == "0b 00 01");
    CHECK(hex(aml::integer(0x10000)) == "0c 00 00 01 00");
    CHECK(hex(aml::integer(0x1'0000'0000)) == "0e 00 00 00 00 01 00 00 00");
}

TEST_CASE("names are padded and paths prefixed by their number of segments") {
    CHECK(hex(aml::name_string("RTC")) == "52 54 43 5f");
    CHECK(hex(aml::name_string("\\_SB")) == "5c 5f 53 42 5f");
    CHECK(hex(aml::name_string("_SB.COM1")) == "2e 5f 53 42 5f 43 4f 4d 31");
    CHECK(hex(aml::name_string("\\A.B.C")) == "5c 2f 03 41 5f 5f 5f 42 5f 5f 5f 43 5f 5f 5f");
}

TEST_CASE("a PNP identifier is compressed, others are strings") {
    CHECK(hex(aml::hardware_id("PNP0501")) == "0c 41 d0 05 01");  // EisaId ("PNP0501")
    CHECK(hex(aml::hardware_id("ACPI0007")) == "0d 41 43 50 49 30 30 30 37 00");
    CHECK(hex(aml::hardware_id("QEMU0001")) == "0d 51 45 4d 55 30 30 30 31 00");
}

TEST_CASE("the package length changes form at 63, 4,095 and 1,048,575 bytes") {
    // A buffer of n bytes: opcode, length, size, bytes.
    auto head = [](std::size_t n) { return hex(aml::buffer(Bytes(n))).substr(0, 3 * 8); };
    CHECK(head(60).starts_with("11 3f 0a 3c 00"));          // 1 + 2 + 60 = 63
    CHECK(head(61).starts_with("11 41 04 0a 3d 00"));       // 2 + 2 + 61 = 65
    CHECK(head(4090).starts_with("11 4f ff 0b fa 0f"));     // 2 + 3 + 4090 = 4095
    CHECK(head(4091).starts_with("11 81 00 01 0b fb 0f"));  // 3 + 3 + 4091 = 4097
    CHECK(head(0xFFFF7).starts_with("11 8f ff ff 0c f7 ff 0f"));
    CHECK(head(0xFFFF8).starts_with("11 c1 00 00 01 0c f8 ff"));
}

TEST_CASE("terms nest") {
    // Scope (_SB) { Device (A) { Name (_UID, One) } }
    CHECK(hex(aml::scope("_SB", {aml::device("A", {aml::name("_UID", aml::integer(1))})})) ==
          "10 12 5f 53 42 5f 5b 82 0b 41 5f 5f 5f 08 5f 55 49 44 01");
    CHECK(hex(aml::package({aml::integer(5), aml::integer(0)})) == "12 05 02 0a 05 00");
}

TEST_CASE("resources take the small descriptor where they fit it") {
    CHECK(hex(io_ports({0x3F8, 8})) == "47 01 f8 03 f8 03 01 08");
    CHECK(io_ports({0x1000, 256}).front() == 0x88);
    CHECK(hex(memory({0xFED00000, 0x400})) == "86 09 00 01 00 00 d0 fe 00 04 00 00");
    CHECK(memory({0x1'0000'0000, 0x1000}).front() == 0x8A);
    CHECK(memory({0xFFFFF000, 0x1000}).front() == 0x86);
    CHECK(hex(interrupt(4)) == "22 10 00");
    CHECK(hex(interrupt(20)) == "89 06 00 01 01 14 00 00 00");
}

}  // namespace
}  // namespace nyx::acpi
