#include "compiler/acpi/acpi.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "compiler/acpi/device_nodes.h"
#include "compiler/acpi/power.h"
#include "compiler/acpi/resources.h"
#include "devices/programs/programs.h"
#include "tests/unit/compiler/acpi/sample.h"

namespace nyx::acpi {
namespace {

unsigned sum(ByteView bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), 0U) & 0xFF;
}

const TableExtent* find(const AcpiTables& acpi, std::string_view signature) {
    auto found =
        std::find_if(acpi.tables.begin(), acpi.tables.end(), [&](const auto& t) { return t.signature == signature; });
    return found == acpi.tables.end() ? nullptr : &*found;
}

ByteView table(const AcpiTables& acpi, std::string_view signature) {
    const TableExtent* found = find(acpi, signature);
    REQUIRE(found != nullptr);
    return acpi.bytes_of(*found);
}

template <class T>
T field(const AcpiTables& acpi, std::string_view signature, std::size_t offset) {
    ByteView bytes = table(acpi, signature);
    REQUIRE(offset + sizeof(T) <= bytes.size());
    return load_le<T>(bytes.data() + offset);
}

// How many entries of each type the MADT has.
std::map<int, int> madt_entries(const AcpiTables& acpi) {
    std::map<int, int> count;
    ByteView madt = table(acpi, "APIC");
    for (std::size_t at = 44; at < madt.size(); at += madt[at + 1]) {
        REQUIRE(madt[at + 1] >= 2);
        ++count[madt[at]];
    }
    return count;
}

TEST_CASE("the tables tell of the registers that acpi_pm has") {
    const dev::ir::Program* device = dev::programs::find("acpi_pm");
    REQUIRE(device != nullptr);
    const auto stands = [&](std::string_view name, std::size_t bank, std::uint64_t offset) {
        const auto reg = std::ranges::find(device->registers, name, &dev::ir::Register::name);
        return reg != device->registers.end() && reg->bank == bank && reg->offset == offset;
    };
    CHECK(stands("pm1_sts", kPmRegion, kPm1Status));
    CHECK(stands("pm1_cnt", kPmRegion, kPm1Control));
    CHECK(stands("pm_tmr", kPmRegion, kPmTimer));
    CHECK(stands("rst_cnt", kResetRegion, 0));
}

TEST_CASE("a guest that starts at the RSDP reaches every table") {
    AcpiTables acpi = build_acpi(sample(2), {}).value();
    ByteView blob = acpi.blob;
    CHECK(acpi.rsdp == 0xE0000);
    CHECK(as_text(blob.first(8)) == "RSD PTR ");
    CHECK(sum(blob.first(20)) == 0);
    CHECK(sum(blob.first(36)) == 0);
    const TableExtent* xsdt = find(acpi, "XSDT");
    REQUIRE(xsdt != nullptr);
    CHECK(load_le<std::uint64_t>(&blob[24]) == acpi.base + xsdt->offset);

    std::vector<std::string> listed;
    for (std::size_t at = 36; at < xsdt->size; at += 8) {
        auto address = field<std::uint64_t>(acpi, "XSDT", at);
        REQUIRE(address - acpi.base < blob.size());
        listed.emplace_back(as_text(blob.subspan(address - acpi.base, 4)));
    }
    CHECK(listed == std::vector<std::string>{"FACP", "APIC", "SPCR"});
    CHECK(field<std::uint32_t>(acpi, "FACP", 36) == acpi.base + find(acpi, "FACS")->offset);
    CHECK(field<std::uint32_t>(acpi, "FACP", 40) == acpi.base + find(acpi, "DSDT")->offset);
    CHECK(field<std::uint64_t>(acpi, "FACP", 140) == acpi.base + find(acpi, "DSDT")->offset);
    CHECK((acpi.base + find(acpi, "FACS")->offset) % 64 == 0);
}

TEST_CASE("lengths and checksums are right, tables do not overlap") {
    for (std::uint32_t cpus : {1U, 2U, 64U, 255U, 300U, 1000U}) {
        CAPTURE(cpus);
        AcpiTables acpi = build_acpi(sample(cpus), {}).value();
        std::size_t end = 36;
        for (const TableExtent& extent : acpi.tables) {
            CAPTURE(extent.signature);
            ByteView bytes = acpi.bytes_of(extent);
            CHECK(as_text(bytes.first(4)) == extent.signature);
            CHECK(load_le<std::uint32_t>(&bytes[4]) == extent.size);
            if (extent.signature != "FACS") CHECK(sum(bytes) == 0);
            CHECK(extent.offset >= end);
            end = extent.offset + extent.size;
        }
        CHECK(end == acpi.blob.size());
    }
}

TEST_CASE("processors above APIC id 254 are x2APIC entries") {
    using Entries = std::map<int, int>;
    CHECK(madt_entries(build_acpi(sample(1), {}).value()) == Entries{{0, 1}, {1, 1}, {2, 2}, {4, 1}});
    CHECK(madt_entries(build_acpi(sample(255), {}).value()) == Entries{{0, 255}, {1, 1}, {2, 2}, {4, 1}});
    CHECK(madt_entries(build_acpi(sample(256), {}).value()) ==
          Entries{{0, 255}, {1, 1}, {2, 2}, {4, 1}, {9, 1}, {10, 1}});
}

TEST_CASE("the FADT says where the plan put power management and what is not there") {
    plan::MachinePlan plan = sample();
    plan.sci_gsi = 10;
    AcpiTables acpi = build_acpi(plan, {}).value();
    CHECK(field<std::uint16_t>(acpi, "FACP", 46) == 10);
    CHECK(field<std::uint32_t>(acpi, "FACP", 56) == 0x700);
    CHECK(field<std::uint32_t>(acpi, "FACP", 64) == 0x704);
    CHECK(field<std::uint32_t>(acpi, "FACP", 76) == 0x708);
    CHECK(field<std::uint64_t>(acpi, "FACP", 120) == 0xCF9);
    CHECK(field<std::uint16_t>(acpi, "FACP", 109) == 0x35);  // legacy devices, MSI; no VGA, ASPM, CMOS clock, 8042
    CHECK(field<std::uint8_t>(acpi, "FACP", 108) == 0);      // so no century either
}

TEST_CASE("without a serial line there is no SPCR, with several it names COM1") {
    plan::MachinePlan plan = sample();
    plan.devices.insert(plan.devices.begin(), {"a", "serial", {{0x2F8, 8}}, {}, {3}, {}});
    CHECK(field<std::uint64_t>(build_acpi(plan, {}).value(), "SPCR", 44) == 0x3F8);
    std::erase_if(plan.devices, [](const auto& device) { return device.type == "serial"; });
    AcpiTables acpi = build_acpi(plan, {}).value();
    CHECK(find(acpi, "SPCR") == nullptr);
    CHECK((field<std::uint16_t>(acpi, "FACP", 109) & 1) == 0);
}

dev::ir::Program described(std::string name, std::string hid) {
    dev::ir::Program program;
    program.name = std::move(name);
    program.acpi = {.hid = std::move(hid), .cid = {}, .uid = 7};
    return program;
}

bool has(const AcpiTables& acpi, const Bytes& bytes) {
    return as_text(table(acpi, "DSDT")).find(as_text(bytes)) != std::string_view::npos;
}

TEST_CASE("a device of one's own has a node, by its own name, with its own ids and where it was placed") {
    plan::MachinePlan plan = sample();
    plan.devices.push_back({"gadget 1", "gadget", {{0x1000, 4}}, {{0xFE000000, 0x1000}}, {17}, {}});
    plan.devices.push_back({"gadget 2", "gadget", {{0x1004, 4}}, {{0xFE001000, 0x1000}}, {18}, {}});
    plan.devices.push_back({"mute", "mute", {{0x2000, 4}}, {}, {}, {}});
    const std::vector<dev::ir::Program> programs = {described("gadget", "ACME0001"), described("mute", "")};
    const auto node = [](std::string_view name, std::uint64_t uid, std::uint64_t port, std::uint64_t address,
                         std::uint32_t gsi) {
        return aml::device(
            name,
            {aml::name("_HID", aml::string("ACME0001")), aml::name("_UID", aml::integer(uid)),
             aml::name("_CRS", resource_template({io_ports({port, 4}), memory({address, 0x1000}), interrupt(gsi)}))});
    };
    const AcpiTables acpi = build_acpi(plan, programs).value();
    CHECK(has(acpi, node("GADG", 7, 0x1000, 0xFE000000, 17)));
    CHECK(has(acpi, node("GAD0", 8, 0x1004, 0xFE001000, 18)));
    CHECK_FALSE(has(acpi, aml::name_string("MUTE")));
    CHECK(has(acpi, io_ports({0x2000, 4})));  // of the motherboard
}

TEST_CASE("names of nodes are told apart, and have only what a name may have") {
    NodeNames names;
    names.reserve("MBRD");
    CHECK(names.give("com1") == "COM1");
    CHECK(names.give("COM1") == "COM0");
    CHECK(names.give("com1_b") == "COM2");
    CHECK(names.give("mbrd") == "MBR0");
    CHECK(names.give("8250-\xC3\xA4x") == "D825");
    CHECK(names.give("\xC3\xA4") == "DEV");
    for (int i = 0; i < 20; ++i) names.give("x");
    CHECK(names.give("x") == "X13");
}

TEST_CASE("a machine with acpi_ged and no acpi_pm is hardware-reduced") {
    plan::MachinePlan plan = sample();
    plan.devices.pop_back();
    plan.devices.push_back({"ged", "acpi_ged", {}, {{0xFE001000, 4}, {0xFE001004, 3}}, {18}, {}});
    const dev::ir::Program program = *dev::programs::find("acpi_ged");
    const AcpiTables acpi = build_acpi(plan, std::span(&program, 1)).value();
    CHECK((field<std::uint32_t>(acpi, "FACP", 112) >> 20 & 1) == 1);
    CHECK(field<std::uint32_t>(acpi, "FACP", 56) == 0);            // no PM1 events
    CHECK(field<std::uint64_t>(acpi, "FACP", 120) == 0xFE001006);  // reset
    CHECK(field<std::uint8_t>(acpi, "FACP", 128) == 0x42);
    CHECK(field<std::uint64_t>(acpi, "FACP", 248) == 0xFE001004);  // sleep control, sleep status
    CHECK(field<std::uint64_t>(acpi, "FACP", 260) == 0xFE001005);
    CHECK(has(acpi, aml::notify("PWRB", 0x80)));
    plan.devices.push_back({"pm", "acpi_pm", {{0x700, 16}, {0xCF9, 1}}, {}, {9}, {}});
    const AcpiTables fixed = build_acpi(plan, std::span(&program, 1)).value();
    CHECK((field<std::uint32_t>(fixed, "FACP", 112) >> 20 & 1) == 0);
    CHECK_FALSE(has(fixed, aml::notify("PWRB", 0x80)));  // the fixed button is one
}

TEST_CASE("the HPET table has the block's identity and where it is") {
    plan::MachinePlan plan = sample();
    CHECK(find(build_acpi(plan, {}).value(), "HPET") == nullptr);
    plan.devices.push_back({"hpet", "hpet", {}, {{0xFED00000, 0x400}}, {17}, {}});
    const AcpiTables acpi = build_acpi(plan, {}).value();
    const dev::ir::Program* device = dev::programs::find("hpet");
    REQUIRE(device != nullptr);
    CHECK(field<std::uint32_t>(acpi, "HPET", 36) == (device->registers[0].reset & 0xFFFFFFFF));
    CHECK(field<std::uint64_t>(acpi, "HPET", 44) == 0xFED00000);
}

TEST_CASE("equal plans give equal bytes") {
    CHECK(build_acpi(sample(3), {}).value().blob == build_acpi(sample(3), {}).value().blob);
    CHECK(build_acpi(sample(3), {}).value().blob != build_acpi(sample(4), {}).value().blob);
}

TEST_CASE("plans that the tables cannot describe are refused") {
    plan::MachinePlan no_power = sample();
    no_power.devices.pop_back();
    CHECK(build_acpi(no_power, {}).error().code == ErrorCode::kInvalidArgument);
    CHECK(build_acpi(sample(3000), {}).error().message.find("room for 65536") != std::string::npos);
    CHECK_FALSE(build_acpi(sample(0xFFFFFFFF), {}).has_value());
}

}  // namespace
}  // namespace nyx::acpi
