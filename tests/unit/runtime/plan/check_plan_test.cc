#include <doctest/doctest.h>

#include <functional>

#include "runtime/plan/check_plan.h"
#include "tests/unit/runtime/plan/sample_plan.h"

using namespace nyx;
using namespace nyx::plan;

TEST_CASE("the sample plan is sound") {
    CHECK(check_plan(sample_plan()));
}

TEST_CASE("each invariant is checked") {
    const std::uint64_t huge = ~std::uint64_t{0} - 10;
    const struct {
        const char* what;
        std::function<void(MachinePlan&)> change;
    } kCases[] = {
        {"name", [](auto& p) { p.name = "a b"; }},
        {"processors", [](auto& p) { p.cpu.count = 0; }},
        {"processors", [](auto& p) { p.cpu.count = 256; }},
        {"memory", [](auto& p) { p.memory_size += 1; }},
        {"ram", [](auto& p) { p.ram.clear(); }},
        {"ram", [](auto& p) { std::swap(p.ram[0], p.ram[1]); }},
        {"ram", [](auto& p) { p.ram[1].offset = 0; }},
        {"ram", [&](auto& p) { p.ram[1].range.base = huge; }},
        {"windows", [](auto& p) { p.windows[0].range.base = 0xC0000; }},
        {"windows", [](auto& p) { p.windows[1].name = "vga"; }},
        {"e820", [](auto& p) { p.e820[0].type = 9; }},
        {"e820", [](auto& p) { p.e820[0].range.size = 0xA1000; }},
        {"sci", [](auto& p) { p.sci_gsi = 24; }},
        {"devices", [](auto& p) { std::swap(p.devices[0], p.devices[1]); }},
        {"devices", [](auto& p) { p.devices[1].name = "com1"; }},
        {"devices", [](auto& p) { p.devices.resize(257, p.devices[1]); }},
        {"ports", [](auto& p) { p.devices[0].pio[0] = {0xFFFF, 2}; }},
        {"ports", [&](auto& p) { p.devices[0].pio[0] = {huge, 20}; }},
        {"ports", [](auto& p) { p.devices[1].pio = {{0x3FC, 4}}; }},
        {"mmio", [](auto& p) { p.devices[1].mmio[0].base = 0x1000; }},
        {"mmio", [](auto& p) { p.devices[1].mmio[0].base = 0xFEC00000; }},
        {"mmio", [](auto& p) { p.devices[0].mmio = {{0xFEB00800, 16}}; }},
        {"line", [](auto& p) { p.devices[0].gsis = {5}; }},
        {"line", [](auto& p) { p.devices[0].gsis = {24}; }},
        {"images", [](auto& p) { p.images[0].size = 0; }},
        {"image", [](auto& p) { p.boot.image = "other"; }},
        {"initrd", [](auto& p) { p.boot.initrd = "other"; }},
        {"initrd", [&](auto& p) { p.boot.addresses.initrd = huge; }},
        {"tables", [](auto& p) { p.tables[0].address = 0xA0000; }},
        {"tables", [&](auto& p) { p.tables[0].address = huge; }},
        {"rsdp", [&](auto& p) { p.rsdp = huge; }},
        {"gdt", [](auto& p) { p.boot.addresses.gdt = 0x1001; }},
        {"gdt", [&](auto& p) { p.boot.addresses.gdt = huge & ~std::uint64_t{4095}; }},
        {"boot", [](auto& p) { p.boot.addresses.gdt = 0x8000; }},
        {"boot", [](auto& p) { p.boot.addresses.initrd = 0x8000; }},
        {"stack", [](auto& p) { p.boot.addresses.stack = 1; }},
        {"load", [&](auto& p) { p.boot.load = huge; }},
        {"command line", [](auto& p) { p.boot.cmdline = std::string(4096, 'x'); }},
    };
    for (const auto& one : kCases) {
        MachinePlan plan = sample_plan();
        one.change(plan);
        Status status = check_plan(plan);
        CAPTURE(one.what);
        REQUIRE(!status);
        CAPTURE(status.error().message);
        CHECK(status.error().message.find(one.what) != std::string::npos);
    }
}
