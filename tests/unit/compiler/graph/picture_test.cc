// The picture by its geometry, for machines from none to sixty devices. NYX_GRAPH_OUT=FOLDER writes them, to be looked
// at.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "compiler/graph/fleet.h"

namespace nyx::graph {

namespace {

plan::MachinePlan machine(std::size_t devices, std::uint32_t cpus, bool long_names) {
    plan::MachinePlan plan;
    plan.name = long_names ? std::string(200, 'n') : "web";
    plan.memory_size = std::uint64_t{6} << 30;
    plan.cpu.count = cpus;
    plan.cpu.profile = "x86_64_v3";
    plan.ram = {
        {{0, 0xA0000}, 0}, {{0xC0000, 0xBFF40000}, 0xC0000}, {{std::uint64_t{4} << 30, std::uint64_t{3} << 30}, 0}};
    plan.windows = {
        {"vga", {0xA0000, 0x20000}}, {"pci-hole", {0xC0000000, 0x3EC00000}}, {"ioapic", {0xFEC00000, 0x1000}}};
    plan.boot.protocol = plan::BootProtocol::kLinux64;
    plan.boot.image = "kernel";
    plan.boot.initrd = "initrd";
    plan.boot.cmdline = "console=ttyS0 panic=-1 reboot=k noxsave clearcpuid=smap,popcnt,erms,fsrm rodata=off";
    if (long_names) plan.boot.cmdline = std::string(2000, 'c');
    plan.boot.addresses = {0x1000, 0x2000, 0x3000, 0x4000, 0xB000, 0xB0000000};
    plan.images = {{"initrd", {}, 1234567}, {"kernel", {}, 7654321}};
    plan.tables = {{"acpi", 0xE0000, 1000, {}}, {"smbios", 0xF0000, 500, {}}};
    for (std::size_t i = 0; i < devices; ++i) {
        plan::DevicePlan device;
        device.name = long_names ? std::string(80, 'd') + std::to_string(i) : fmt::format("com{}", i + 1);
        device.type = i % 3 == 0 ? "virtio_block" : "serial";
        for (std::size_t k = 0; k <= i % 4; ++k) device.pio.push_back({0x1000 + 64 * i + 8 * k, 8});
        if (i % 5 == 4) device.pio.clear();
        if (i % 5 == 4) device.mmio.push_back({0xFE000000 + 0x1000 * i, 0x1000});
        for (std::uint32_t k = 0; k < (long_names ? 20 : i % 3); ++k)
            device.gsis.push_back(static_cast<std::uint32_t>(i) + k);
        plan.devices.push_back(device);
    }
    return plan;
}

plan::HostWiring wiring(const plan::MachinePlan& plan) {
    constexpr const char* kBackends[] = {"stdio", "pty", "none", "file"};
    plan::HostWiring out;
    for (std::size_t i = 0; i < plan.devices.size(); ++i) {
        if (i % 6 == 5) continue;
        out[plan.devices[i].name]["backend"] = std::string(kBackends[i % 4]);
        if (i % 4 == 3) out[plan.devices[i].name]["backend.path"] = std::string("logs/of/this/machine/serial.log");
    }
    return out;
}

Topology shape(std::size_t devices, std::uint32_t cpus, bool long_names) {
    plan::MachinePlan plan = machine(devices, cpus, long_names);
    return topology(plan, wiring(plan), long_names ? std::string(300, 'x') : "Front-end box. Boots in under a second.",
                    {{"kernel", "vmlinuz"}, {"initrd", "initrd.img"}});
}

bool overlap(const Area& a, const Area& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool inside(const Area& inner, const Area& outer) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width + 0.01 &&
           inner.y + inner.height <= outer.y + outer.height + 0.01;
}

// The first thing that is wrong; empty: nothing.
std::string broken(const Picture& picture) {
    Area view{0, 0, picture.width, picture.height};
    for (std::size_t i = 0; i < picture.texts.size(); ++i) {
        const Text& text = picture.texts[i];
        Area area = text.area();
        if (!inside(area, view)) return "outside: " + text.text;
        for (std::size_t j = i + 1; j < picture.texts.size(); ++j)
            if (overlap(area, picture.texts[j].area())) return text.text + " over " + picture.texts[j].text;
        // A text that begins in a box ends in it.
        for (const Box& box : picture.boxes)
            if (inside({area.x, area.y, 1, area.height}, box.area) && !inside(area, box.area))
                return "leaves: " + text.text;
    }
    // Cards are side by side; only what belongs into one is in one.
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        const Area& a = picture.boxes[i].area;
        if (!inside(a, view)) return "a box is outside";
        for (std::size_t j = i + 1; j < picture.boxes.size(); ++j) {
            const Area& b = picture.boxes[j].area;
            if (overlap(a, b) && !inside(a, b) && !inside(b, a)) return "two boxes cross";
        }
    }
    return "";
}

void keep(const std::string& name, const std::string& svg) {
    if (const char* folder = std::getenv("NYX_GRAPH_OUT")) std::ofstream(std::string(folder) + "/" + name) << svg;
}

}  // namespace

TEST_CASE("no text overlaps another or leaves its box or the picture") {
    for (std::size_t devices : {0u, 1u, 2u, 7u, 14u, 15u, 40u, 48u, 49u, 60u}) {
        for (std::uint32_t cpus : {1u, 8u, 9u, 16u, 17u, 255u}) {
            for (bool long_names : {false, true}) {
                CAPTURE(devices);
                CAPTURE(cpus);
                CAPTURE(long_names);
                Picture drawn = picture(shape(devices, cpus, long_names));
                CHECK(broken(drawn) == "");
                keep(fmt::format("{}_{}_{}.svg", devices, cpus, long_names ? "long" : "short"), as_svg(drawn));
            }
        }
    }
}

TEST_CASE("every device, image and host side is in the picture") {
    Topology known = shape(40, 4, false);
    Picture drawn = picture(known);
    auto shows = [&](const std::string& text) {
        return std::any_of(drawn.texts.begin(), drawn.texts.end(),
                           [&](const Text& t) { return t.text == text || t.full == text; });
    };
    for (const DevicePart& device : known.devices) {
        CAPTURE(device.name);
        CHECK(shows(device.name));
        if (!device.host.empty()) CHECK(shows(device.host));
    }
    for (const Row& row : known.map) CHECK(shows(row.address));
    CHECK(shows("kernel: vmlinuz (7.3 MiB)"));
    CHECK(drawn.width <= 1600);
    CHECK(drawn.height <= 1300);
}

TEST_CASE("names are text, whatever is in them") {
    plan::MachinePlan plan = machine(1, 1, false);
    plan.boot.cmdline = "a<b & \"c\" > 'd'\x01";
    Topology known = topology(plan, {}, "<script>alert(1)</script>", {{"kernel", "a&b.elf"}, {"initrd", "x\"y"}});
    std::string svg = as_svg(picture(known));
    CHECK(svg.find("<script>") == std::string::npos);
    CHECK(svg.find("a&lt;b &amp; &quot;c&quot; &gt;") != std::string::npos);
    CHECK(svg.find('\x01') == std::string::npos);
    std::string dot = as_dot(known);
    CHECK(dot.find("label = \"x\\\"y\"") != std::string::npos);
}

TEST_CASE("the graph for programs has the same parts") {
    std::string json = as_json(shape(3, 2, false));
    CHECK(json.find("\"id\": \"device:com1\"") != std::string::npos);
    CHECK(json.find("\"label\": \"terminal of nyx\"") != std::string::npos);
    CHECK(json.find("\"from\": \"bus:ports\"") != std::string::npos);
    std::string dot = as_dot(shape(3, 2, false));
    CHECK(dot.find("\"bus:ports\" -> \"device:com1\" [label = \"0x1000–0x1007\"]") != std::string::npos);
}

TEST_CASE("what is too long is shortened between characters") {
    CHECK(shortened("abc", 10, 100) == "abc");
    CHECK(shortened("abcdefghij", 10, 5 * 6.1) == "abcd…");
    CHECK(shortened("ääääää", 10, 3 * 6.1) == "ää…");
    CHECK(text_width("ä", 10) == doctest::Approx(6.1));
}

TEST_CASE("the same holds for the machines of several hosts") {
    for (std::size_t machines : {0u, 1u, 2u, 3u, 4u, 11u}) {
        for (std::size_t hosts : {1u, 3u}) {
            for (bool long_names : {false, true}) {
                CAPTURE(machines);
                CAPTURE(hosts);
                CAPTURE(long_names);
                Fleet all;
                all.name = long_names ? std::string(300, 'f') : "fleet.ny";
                for (std::size_t h = 0; h < hosts; ++h) {
                    FleetHost host;
                    // The last is what no host runs; of the first the machines take more than it has.
                    if (h + 1 < hosts) host.name = long_names ? std::string(300, 'h') : fmt::format("host{}", h);
                    host.memory = {std::uint64_t{6} << 30, std::uint64_t{1} << (h == 0 ? 30 : 40)};
                    host.cpus = {0, h == 0 ? std::optional<std::uint64_t>(0) : std::nullopt};
                    for (std::size_t m = 0; m < machines; ++m)
                        host.machines.push_back(shape(m * 3, m == 0 ? 1 : 255, long_names));
                    all.hosts.push_back(std::move(host));
                }
                Picture drawn = picture(all);
                CHECK(broken(drawn) == "");
                keep(fmt::format("fleet_{}_{}_{}.svg", machines, hosts, long_names ? "long" : "short"), as_svg(drawn));
            }
        }
    }
}

}  // namespace nyx::graph
