#include "compiler/acpi/smbios.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "tests/unit/compiler/acpi/sample.h"

namespace nyx::acpi {
namespace {

struct Parsed {
    std::uint8_t type = 0;
    std::uint16_t handle = 0;
    ByteView fields;  // the formatted area, header included
    std::vector<std::string> strings;

    template <class T>
    T at(std::size_t offset) const {
        REQUIRE(offset + sizeof(T) <= fields.size());
        return load_le<T>(fields.data() + offset);
    }
    std::string text(std::size_t offset) const {
        auto number = at<std::uint8_t>(offset);
        REQUIRE(number <= strings.size());
        return number == 0 ? "" : strings[number - 1U];
    }
};

// One structure by DSP0134 §6.1.2 and §6.1.3.
Parsed parse_one(ByteReader& in, ByteView table) {
    Parsed parsed;
    std::size_t start = in.position();
    parsed.type = in.read<std::uint8_t>();
    auto length = in.read<std::uint8_t>();
    parsed.handle = in.read<std::uint16_t>();
    REQUIRE(length >= 4);
    in.take(length - 4U);
    REQUIRE(in.ok());
    parsed.fields = table.subspan(start, length);
    std::string current;
    while (std::uint8_t c = in.read<std::uint8_t>()) {
        do {
            current += static_cast<char>(c);
        } while ((c = in.read<std::uint8_t>()) != 0);
        parsed.strings.push_back(std::exchange(current, {}));
    }
    if (parsed.strings.empty()) CHECK(in.read<std::uint8_t>() == 0);
    REQUIRE(in.ok());
    return parsed;
}

std::vector<Parsed> parse(const SmbiosTables& smbios) {
    ByteView entry = ByteView{smbios.blob}.first(24);
    CHECK(as_text(entry.first(5)) == "_SM3_");
    CHECK((std::accumulate(entry.begin(), entry.end(), 0U) & 0xFF) == 0);
    CHECK(entry[6] == 24);
    auto size = load_le<std::uint32_t>(&entry[12]);
    auto address = load_le<std::uint64_t>(&entry[16]);
    REQUIRE(address - smbios.base + size == smbios.blob.size());
    ByteView table = ByteView{smbios.blob}.subspan(address - smbios.base);
    ByteReader in(table);
    std::vector<Parsed> all;
    while (in.remaining() > 0) all.push_back(parse_one(in, table));
    return all;
}

const Parsed& find(const std::vector<Parsed>& all, std::uint8_t type) {
    auto found = std::find_if(all.begin(), all.end(), [&](const Parsed& p) { return p.type == type; });
    REQUIRE(found != all.end());
    return *found;
}

TEST_CASE("every structure has the length its version asks for and a handle of its own") {
    SmbiosTables smbios = build_smbios(sample(2)).value();
    std::vector<Parsed> all = parse(smbios);
    // DSP0134 3.3: lengths of the formatted areas.
    const std::map<int, std::size_t> lengths = {{0, 0x1A},  {1, 0x1B},  {3, 0x16},  {4, 0x30}, {16, 0x17},
                                                {17, 0x28}, {19, 0x1F}, {32, 0x0B}, {127, 4}};
    std::map<int, int> types;
    std::map<int, int> handles;
    for (const Parsed& parsed : all) {
        CAPTURE(static_cast<int>(parsed.type));
        CHECK(parsed.fields.size() == lengths.at(parsed.type));
        CHECK(++handles[parsed.handle] == 1);
        ++types[parsed.type];
    }
    CHECK(types == std::map<int, int>{{0, 1}, {1, 1}, {3, 1}, {4, 1}, {16, 1}, {17, 1}, {19, 2}, {32, 1}, {127, 1}});
    CHECK(all.back().type == 127);
}

TEST_CASE("the system, its processors and its memory are the plan's") {
    SmbiosTables smbios = build_smbios(sample(2)).value();
    std::vector<Parsed> all = parse(smbios);
    CHECK(find(all, 1).text(4) == "Nyx");
    CHECK(find(all, 1).text(5) == "Nyx virtual machine");
    CHECK(find(all, 1).text(7) == "sample");
    CHECK(find(all, 4).at<std::uint8_t>(0x23) == 2);
    CHECK(find(all, 4).at<std::uint16_t>(0x2A) == 2);
    CHECK(find(all, 16).at<std::uint32_t>(7) == 128 * 1024);
    CHECK(find(all, 17).at<std::uint16_t>(4) == find(all, 16).handle);
    CHECK(find(all, 17).at<std::uint16_t>(0x0C) == 128);
    CHECK(find(all, 19).at<std::uint32_t>(4) == 0);
    CHECK(find(all, 19).at<std::uint32_t>(8) == 0xA0000 / 1024 - 1);
}

TEST_CASE("memory too large for the short fields is in the extended ones") {
    plan::MachinePlan plan = sample(300);
    plan.memory_size = std::uint64_t{8} << 40;
    plan.ram = {{{0, plan.memory_size}, 0}};
    SmbiosTables smbios = build_smbios(plan).value();
    std::vector<Parsed> all = parse(smbios);
    CHECK(find(all, 16).at<std::uint32_t>(7) == 0x80000000);
    CHECK(find(all, 16).at<std::uint64_t>(0x0F) == plan.memory_size);
    CHECK(find(all, 17).at<std::uint16_t>(0x0C) == 0x7FFF);
    CHECK(find(all, 17).at<std::uint32_t>(0x1C) == 8 << 20);
    CHECK(find(all, 19).at<std::uint32_t>(4) == 0xFFFFFFFF);
    CHECK(find(all, 19).at<std::uint64_t>(0x17) == plan.memory_size - 1);
    CHECK(find(all, 4).at<std::uint8_t>(0x23) == 0xFF);
    CHECK(find(all, 4).at<std::uint16_t>(0x2A) == 300);
}

TEST_CASE("the UUID follows from the name, and is marked as version 8") {
    plan::MachinePlan larger = sample(4);
    larger.memory_size *= 2;
    CHECK(system_uuid("a") == system_uuid("a"));
    CHECK(system_uuid("a") != system_uuid("b"));
    CHECK((system_uuid("a")[6] & 0xF0) == 0x80);
    CHECK((system_uuid("a")[8] & 0xC0) == 0x80);
    auto uuid = [](const plan::MachinePlan& plan) {
        SmbiosTables smbios = build_smbios(plan).value();
        ByteView fields = find(parse(smbios), 1).fields.subspan(8, 16);
        return Bytes(fields.begin(), fields.end());
    };
    CHECK(uuid(sample()) == uuid(larger));
    // Little-endian first field.
    CHECK(uuid(sample())[0] == system_uuid("sample")[3]);
}

}  // namespace
}  // namespace nyx::acpi
