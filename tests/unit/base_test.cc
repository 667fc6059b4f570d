#include <doctest/doctest.h>

#include <cstdio>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/base/file.h"
#include "runtime/base/guid.h"
#include "runtime/base/printable.h"
#include "runtime/base/sha256.h"

using namespace nyx;

TEST_CASE("text of a guest moves no cursor when it is shown") {
    CHECK(printable("a\xC3\xA4 \x1b[2J\r\n\x7f") == "a\xC3\xA4 \\x1b[2J\\x0d\\x0a\\x7f");
    CHECK(printable("\xC2\x9B\xE2\x80\xAE") == "\\x9b\\u{202e}");
    CHECK(printable("\xFF\xC3") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(valid_utf8("\x1b\xFFx") == "\x1b\xEF\xBF\xBDx");
}

TEST_CASE("sha256 of the FIPS 180-4 example") {
    Digest digest = sha256(as_bytes("abc"));
    std::string hex = to_hex(digest);
    CHECK(hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(digest_from_hex(hex) == digest);
    CHECK(!digest_from_hex("xyz"));
    CHECK(!digest_from_hex(std::string(64, 'G')));
}

TEST_CASE("a reader stays inside its bytes and remembers a read past the end") {
    const std::uint8_t bytes[] = {1, 2, 3};
    ByteReader reader(bytes);
    CHECK(reader.read<std::uint16_t>() == 0x0201);
    CHECK(reader.ok());
    CHECK(reader.read<std::uint32_t>() == 0);
    CHECK(!reader.ok());
    CHECK(reader.read<std::uint8_t>() == 3);
    CHECK(!reader.ok());
}

TEST_CASE("a file appears whole, and a missing one is named") {
    std::string path = std::string(std::tmpnam(nullptr)) + ".nyx-test";
    REQUIRE(write_file(path, as_bytes("hello")));
    auto bytes = read_file(path);
    REQUIRE(bytes);
    CHECK(as_text(*bytes) == "hello");
    auto too_big = read_file(path, 3);
    REQUIRE(!too_big);
    CHECK(too_big.error().code == ErrorCode::kResource);
    std::remove(path.c_str());
    auto missing = read_file(path);
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::kNotFound);
    CHECK(missing.error().message.find(path) != std::string::npos);
}

TEST_CASE("ranges") {
    Range a{0x3f8, 8};
    CHECK(a.contains(0x3ff));
    CHECK(!a.contains(0x400));
    CHECK(a.overlaps({0x3ff, 1}));
    CHECK(!a.overlaps({0x400, 4}));
    CHECK(!checked_add(~std::uint64_t{0}, 1));
    CHECK(width_mask(8) == ~std::uint64_t{0});
    CHECK(width_mask(2) == 0xFFFF);
}

TEST_CASE("a GUID has its first three groups little-endian, and nothing else is one") {
    const Guid guid = {0x1E, 0x2C, 0x3F, 0x8A, 0x7D, 0x5B, 0x90, 0x4E, 0xA1, 0xC2, 0x3D, 0x4E, 0x5F, 0x60, 0x71, 0x82};
    CHECK(parse_guid("8a3f2c1e-5b7d-4e90-a1c2-3d4e5f607182") == guid);
    CHECK(parse_guid("8A3F2C1E-5B7D-4E90-A1C2-3D4E5F607182") == guid);
    for (const char* none : {"", "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f60718", "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f6071822",
                             "8a3f2c1e+5b7d-4e90-a1c2-3d4e5f607182", "8a3f2c1g-5b7d-4e90-a1c2-3d4e5f607182",
                             "8a3f2c1e5-b7d-4e90-a1c2-3d4e5f607182", "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f6071-2"}) {
        CAPTURE(none);
        CHECK(!parse_guid(none));
    }
}
