// Every rule of rules.def, by a difference that it decides.
#include "compiler/diff/rules.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace nyx::diff {

namespace {

using Plan = plan::MachinePlan;

struct Sample {
    Plan plan;
    plan::HostWiring wiring;
    plan::RunPreferences preferences;
};

Sample sample() {
    Sample made;
    Plan& plan = made.plan;
    plan.name = "web";
    plan.memory_size = 64 << 20;
    plan.cpu = {2, "host", {{7, 0, 'b', 0xF0, 0x0F}}, {{"kvm_pvm", {{1, 0, 'c', 1, 0}}}}};
    plan.ram = {{{0, 64 << 20}, 0}};
    plan.boot.protocol = plan::BootProtocol::kFlat;
    plan.boot.image = "kernel";
    plan.boot.initrd = "initrd";
    plan.boot.cmdline = "quiet";
    plan.boot.addresses.stack = 0x8000;
    plan.images = {{"fw_cfg", {}, 5}, {"initrd", {}, 10}, {"kernel", {}, 20}};
    plan.programs = {{"serial", {}}};
    plan.tables = {{"acpi", 0xE0000, 10, {}}};
    plan.devices = {{"com1", "serial", {{0x3F8, 8}}, {{0xFE000000, 8}}, {4}, {{"speed", std::int64_t{9600}}}},
                    {"debugcon", "debugcon", {}, {}, {}, {{"readback", std::int64_t{0xE9}}}},
                    {"files", "fw_cfg", {}, {}, {}, {}},
                    {"pm", "acpi_pm", {}, {}, {}, {{"timer_bits", std::int64_t{32}}}},
                    {"pvpanic", "pvpanic", {}, {}, {}, {{"events", std::int64_t{3}}}}};
    made.wiring["com1"]["backend"] = std::string("stdio");
    return made;
}

// A difference, the rule that decides it, and the path of the change.
struct Row {
    const char* kind;
    ChangeKind change;
    const char* path;
    std::function<void(Sample&)> change_it;  // from the sample to the other machine
    bool backwards = false;                  // from the other machine to the sample
};

void set_setting(Sample& sample, std::size_t device, const char* name) {
    sample.plan.devices[device].settings[name] = std::int64_t{1};
}

const std::vector<Row>& rows() {
    using enum ChangeKind;
    static const std::vector<Row> kRows = {
        {"name", kAny, "web.name", [](Sample& s) { s.plan.name = "db"; }},
        {"memory", kMore, "web.memory", [](Sample& s) { s.plan.memory_size *= 2; }},
        {"memory", kLess, "web.memory", [](Sample& s) { s.plan.memory_size /= 2; }},
        {"cpus", kMore, "web.cpus", [](Sample& s) { s.plan.cpu.count = 3; }},
        {"cpus", kLess, "web.cpus", [](Sample& s) { s.plan.cpu.count = 1; }},
        {"cpu.profile", kAny, "web.cpu.profile", [](Sample& s) { s.plan.cpu.profile = "v2"; }},
        {"cpu.hidden", kMore, "web.cpu.hidden", [](Sample& s) { s.plan.cpu.bits[0].clear = 0x1F0; }},
        {"cpu.hidden", kMore, "web.cpu.hidden", [](Sample& s) { s.plan.cpu.bits[0].clear = 0x100; }},
        {"cpu.hidden", kAny, "web.cpu.hidden", [](Sample& s) { s.plan.cpu.bits[0].clear = 0x70; }},
        {"cpu.required", kMore, "web.cpu.required", [](Sample& s) { s.plan.cpu.bits[0].require = 0x20F; }},
        {"cpu.required", kAny, "web.cpu.required", [](Sample& s) { s.plan.cpu.bits[0].require = 0x01; }},
        {"cpu.quirks", kAny, "web.cpu.quirks", [](Sample& s) { s.plan.cpu.quirks.clear(); }},
        {"pit", kLess, "web.pit", [](Sample& s) { s.plan.pit = false; }},
        {"pit", kAny, "web.pit", [](Sample& s) { s.plan.pit = false; }, true},
        {"acpi", kLess, "web.acpi", [](Sample& s) { s.plan.acpi = false; }},
        {"acpi", kAny, "web.acpi", [](Sample& s) { s.plan.acpi = false; }, true},
        {"sci", kAny, "web.acpi.sci", [](Sample& s) { s.plan.sci_gsi = 10; }},
        {"boot.protocol", kAny, "web.boot.protocol",
         [](Sample& s) { s.plan.boot.protocol = plan::BootProtocol::kPvh; }},
        {"boot.image", kAny, "web.boot.image", [](Sample& s) { s.plan.images[2].digest[0] = 1; }},
        {"boot.initrd", kAny, "web.boot.initrd", [](Sample& s) { s.plan.boot.initrd.reset(); }},
        {"boot.cmdline", kAny, "web.boot.cmdline", [](Sample& s) { s.plan.boot.cmdline = ""; }},
        {"boot.load", kAny, "web.boot.load", [](Sample& s) { s.plan.boot.load = 1; }},
        {"boot.entry", kAny, "web.boot.entry", [](Sample& s) { s.plan.boot.entry = 1; }},
        {"boot.mode", kAny, "web.boot.mode", [](Sample& s) { s.plan.boot.mode = plan::EntryMode::kReal16; }},
        {"boot.address", kAny, "web.boot.addresses.stack", [](Sample& s) { s.plan.boot.addresses.stack = 1; }},
        {"device", kRemoved, "web.serial.com1", [](Sample& s) { s.plan.devices.erase(s.plan.devices.begin()); }},
        {"device", kAdded, "web.serial.com1", [](Sample& s) { s.plan.devices.erase(s.plan.devices.begin()); }, true},
        {"ports", kAny, "web.serial.com1.ports[0]", [](Sample& s) { s.plan.devices[0].pio[0].base = 0x2F8; }},
        {"ports", kAdded, "web.serial.com1.ports[1]", [](Sample& s) { s.plan.devices[0].pio.push_back({1, 1}); }},
        {"mmio", kAny, "web.serial.com1.mmio[0]", [](Sample& s) { s.plan.devices[0].mmio.clear(); }},
        {"mmio", kAdded, "web.serial.com1.mmio[0]", [](Sample& s) { s.plan.devices[0].mmio.clear(); }, true},
        {"line", kAny, "web.serial.com1.line[0]", [](Sample& s) { s.plan.devices[0].gsis[0] = 3; }},
        {"line", kAdded, "web.serial.com1.line[1]", [](Sample& s) { s.plan.devices[0].gsis.push_back(3); }},
        {"program", kAny, "web.serial.com1.program", [](Sample& s) { s.plan.programs["serial"][0] = 1; }},
        {"files", kAny, "web.fw_cfg.files.files", [](Sample& s) { s.plan.images[0].digest[0] = 1; }},
        {"setting pvpanic.events", kAny, "web.pvpanic.pvpanic.events", [](Sample& s) { set_setting(s, 4, "events"); }},
        {"setting debugcon.readback", kAny, "web.debugcon.debugcon.readback",
         [](Sample& s) { set_setting(s, 1, "readback"); }},
        {"setting acpi_pm.timer_bits", kAny, "web.acpi_pm.pm.timer_bits",
         [](Sample& s) { set_setting(s, 3, "timer_bits"); }},
        {"setting", kAny, "web.serial.com1.speed", [](Sample& s) { set_setting(s, 0, "speed"); }},
        {"host", kAny, "web.serial.com1.backend", [](Sample& s) { s.wiring["com1"]["backend"] = std::string("pty"); }},
        {"host", kAny, "web.serial.com1.backend", [](Sample& s) { s.wiring.clear(); }},
        {"run", kAny, "web.accelerator", [](Sample& s) { s.preferences.accelerator = "soft"; }},
        {"run", kAny, "web.irqchip", [](Sample& s) { s.preferences.irqchip = "user"; }, true},
        {"memory-map", kAny, "web.memory-map.ram", [](Sample& s) { s.plan.ram[0].range.size = 4096; }},
        {"table", kAny, "web.tables.acpi", [](Sample& s) { s.plan.tables[0].digest[0] = 1; }},
    };
    return kRows;
}

Side side(const Sample& sample) {
    return {"a.nyxb", &sample.plan, &sample.wiring, &sample.preferences, nullptr, nullptr};
}

const Rule* rule_of(const Row& row) {
    for (const Rule& rule : rules())
        if (rule.kind == row.kind && rule.change == row.change) return &rule;
    return nullptr;
}

}  // namespace

TEST_CASE("equal machines have no difference") {
    Sample one = sample(), two = sample();
    CHECK(compare(side(one), side(two)).empty());
    CHECK(as_text(side(one), side(two), {}, false) == "a.nyxb and a.nyxb are the same machine\n");
}

TEST_CASE("each rule decides its difference") {
    for (const Row& row : rows()) {
        CAPTURE(row.kind);
        CAPTURE(row.path);
        Sample one = sample(), two = sample();
        row.change_it(row.backwards ? one : two);
        std::vector<Change> changes = compare(side(one), side(two));
        // A flat program's load address, entry and mode are facts of that protocol alone.
        bool protocol = std::string_view(row.kind) == "boot.protocol";
        REQUIRE(changes.size() == (protocol ? 4 : 1));
        const Rule* rule = rule_of(row);
        REQUIRE(rule);
        if (std::string_view(row.kind) != "name") CHECK(changes[0].path == row.path);
        CHECK(changes[0].strength == rule->strength);
        CHECK(changes[0].reason == rule->reason);
    }
}

TEST_CASE("each rule has a difference") {
    for (const Rule& rule : rules()) {
        CAPTURE(rule.kind);
        CAPTURE(static_cast<int>(rule.change));
        bool last = rule.kind.empty();
        bool tested = std::any_of(rows().begin(), rows().end(), [&](const Row& row) { return rule_of(row) == &rule; });
        CHECK((tested || last));
    }
    CHECK(judge("something new", ChangeKind::kAny).strength == Class::kRebuild);
}

TEST_CASE("a device that comes is one change, whatever it has") {
    Sample one = sample(), two = sample();
    two.plan.devices.push_back({"com2", "serial", {{0x2F8, 8}}, {}, {3}, {{"speed", std::int64_t{1}}}});
    two.wiring["com2"]["backend"] = std::string("pty");
    auto changes = compare(side(one), side(two));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].path == "web.serial.com2");
    CHECK(changes[0].before.empty());
    CHECK(changes[0].after == "serial");
}

TEST_CASE("what follows comes last, and the strongest class counts") {
    Sample one = sample(), two = sample();
    two.plan.memory_size = 32 << 20;
    two.plan.ram[0].range.size = 32 << 20;
    two.wiring.clear();
    auto changes = compare(side(one), side(two));
    REQUIRE(changes.size() == 3);
    CHECK(changes[2].follows);
    CHECK(strongest(changes) == Class::kBreaksView);
    std::string text = as_text(side(one), side(two), changes, false);
    CHECK(text.find("breaks the guest's view  web.memory               64 MiB → 32 MiB\n") != std::string::npos);
    CHECK(text.find("live                     web.serial.com1.backend  - stdio\n") != std::string::npos);
    CHECK(text.find('\033') == std::string::npos);
    CHECK(as_text(side(one), side(two), changes, true).find("\033[1;31mbreaks") != std::string::npos);
    std::string json = as_json(side(one), side(two), changes);
    CHECK(json.find("\"class\": \"breaks the guest's view\"") != std::string::npos);
    CHECK(json.find("\"after\": null") != std::string::npos);
}

}  // namespace nyx::diff
