#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <set>

#include "devices/ir/verify.h"
#include "devices/kit/register_table.h"
#include "devices/kit/saved_device.h"
#include "fixture.h"
#include "tests/unit/devices/catalog_bench.h"

using namespace nyx;
using namespace nyx::dev;

TEST_CASE("catalog: every type has a name of its own, and is a class or a program") {
    std::set<std::string_view> names;
    for (const std::string_view name : type_names()) {
        CAPTURE(name);
        CHECK(names.insert(name).second);
        CHECK((find_type(name) != nullptr) != (programs::find(name) != nullptr));
    }
    for (const DeviceType* type : types()) CHECK(!type->title.empty());
    CHECK(!find_type("toaster"));
    CHECK(!programs::find("toaster"));
}

TEST_CASE("catalog: every type's usual plan makes a device, no two usual plans share a port") {
    std::vector<Range> taken;
    for (const std::string_view type : type_names()) {
        CAPTURE(type);
        CatalogBench bench(type);
        CHECK(bench.device);
        if (programs::find(type) != nullptr) continue;
        for (Range range : bench.plan.pio) {
            for (Range other : taken) CHECK(!range.overlaps(other));
            taken.push_back(range);
        }
    }
}

TEST_CASE("catalog: every register table keeps the rules, and each register can be selected") {
    for (const std::string_view type : type_names()) {
        CatalogBench bench(type);
        REQUIRE(bench.device);
        // Those of a program are held by its check, and its guards have names of their own.
        if (programs::find(type) == nullptr)
            CHECK(check_registers(bench.device->registers(), bench.region_sizes()) == std::vector<std::string>{});
        for (const Register& reg : bench.device->registers()) {
            CAPTURE(reg.name);
            if (reg.when.starts_with("!") || reg.when.empty()) {
                bool is_write = reg.kind == RegisterKind::kWriteOnly;
                std::uint32_t selected = bench.device->select({reg.region, reg.offset, reg.width}, is_write);
                REQUIRE(selected != kNoRegister);
                CHECK(bench.device->registers()[selected].name == reg.name);
            }
        }
    }
}

TEST_CASE("catalog: what a register reads after reset is what its table says") {
    for (const std::string_view type : type_names()) {
        CatalogBench bench(type);
        REQUIRE(bench.device);
        for (const Register& reg : bench.device->registers()) {
            bench.device->reset();
            Access access{reg.region, reg.offset, reg.width};
            std::uint32_t selected = bench.device->select(access, false);
            if (selected == kNoRegister || &bench.device->registers()[selected] != &reg) continue;
            CAPTURE(type);
            CAPTURE(reg.name);
            CHECK(bench.device->read(access) == reg.reset);
        }
    }
}

TEST_CASE("catalog: hostile plans are refused with the device's name") {
    auto refused = [](const plan::DevicePlan& plan) {
        Status status = check(plan);
        return !status && status.error().code == ErrorCode::kInvalidArgument &&
               status.error().message.find("'it'") != std::string::npos;
    };
    for (const std::string_view name : type_names()) {
        CAPTURE(name);
        const plan::DevicePlan good = usual_plan(name);
        CHECK(check(good));
        auto bad = good;
        bad.type = "toaster";
        CHECK(refused(bad));
        bad = good;
        (bad.pio.empty() ? bad.mmio : bad.pio).pop_back();
        CHECK(refused(bad));
        bad = good;
        bad.pio.push_back({0x1000, 1});
        CHECK(refused(bad));
        bad = good;
        bad.mmio.push_back({0x1000, 0x1000});
        CHECK(refused(bad));
        bad = good;
        (bad.pio.empty() ? bad.mmio : bad.pio)[0].size = 0;
        CHECK(refused(bad));
        bad = good;
        (bad.pio.empty() ? bad.mmio : bad.pio)[0].size += 1;
        CHECK(refused(bad));
        bad = good;
        bad.gsis.push_back(3);
        CHECK(refused(bad));
        bad = good;
        bad.settings["colour"] = std::int64_t{1};
        CHECK(refused(bad));
        const DeviceType* type = find_type(name);
        if (type == nullptr) continue;
        for (const SettingSpec& spec : type->settings) {
            bad = good;
            bad.settings[std::string(spec.name)] = std::string("1");
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = spec.max + 1;
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = spec.min - 1;
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = spec.max;
            CHECK(check(bad));
        }
        for (const TextSpec& spec : type->texts) {
            bad = good;
            bad.settings[std::string(spec.name)] = std::int64_t{1};
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = std::string(spec.max_length + 1, 'x');
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = std::string("a\nb");
            CHECK(refused(bad));
            bad.settings[std::string(spec.name)] = std::string(spec.max_length, 'x');
            CHECK(check(bad));
        }
    }
    plan::DevicePlan pm = usual_plan("acpi_pm");
    pm.settings["timer_bits"] = std::int64_t{256};
    CHECK(refused(pm));
}

TEST_CASE("catalog: a saved unit goes back to its own device, type and version only") {
    CatalogBench bench("serial");
    const auto restored = [&](const StateUnit& unit) {
        return restore_device(bench.plan.name, bench.plan.type, *bench.device, unit).has_value();
    };
    StateUnit unit = save_device(bench.plan.name, bench.plan.type, *bench.device);
    CHECK(unit.path == "it");
    CHECK(unit.version == 2);
    CHECK(restored(unit));
    auto refused = [&](auto change) {
        StateUnit other = unit;
        change(other);
        return !restored(other);
    };
    CHECK(refused([](StateUnit& u) { u.path = "com2"; }));
    CHECK(refused([](StateUnit& u) { u.type = "rtc"; }));
    CHECK(refused([](StateUnit& u) { u.version += 1; }));
    CHECK(refused([](StateUnit& u) { u.fields.push_back({999, {}}); }));
    unit.fields.clear();
    CHECK(restored(unit));
}

TEST_CASE(
    "catalog: a generation id is the one that was given, else nobody's, that a reset keeps it and a saved one goes "
    "on") {
    const auto id = [](Device& device) { return std::array{device.read({0, 0, 8}), device.read({0, 8, 8})}; };
    CatalogBench given("vm_generation_id");
    Environment environment = given.environment(1);
    environment.generation = Guid{1, 2, 3, 4, 5, 6, 7, 8, 9};
    const auto device = create(given.plan, environment).value();
    CHECK(id(*device) == std::array<std::uint64_t, 2>{0x0807060504030201, 9});
    CHECK_FALSE(given.lines[0].asserted);  // the first is no change
    device->reset();
    CHECK(id(*device) == std::array<std::uint64_t, 2>{0x0807060504030201, 9});
    environment.generation.reset();
    const auto other = create(given.plan, environment).value();
    CHECK(id(*other) == std::array<std::uint64_t, 2>{0x5A5A5A5A5A5A5A5A, 0x5A5A5A5A5A5A5A5A});
    REQUIRE(restore_device("it", "vm_generation_id", *other, save_device("it", "vm_generation_id", *device)));
    CHECK(id(*other) == id(*device));
}

TEST_CASE("catalog: an hpet tells of the lines that it has replaced, and of a saved state that has") {
    CatalogBench bench("hpet");
    std::vector<std::array<bool, 3>> told;
    Environment environment = bench.environment(1);
    environment.replace_timers = [&](const TimerLines& lines) {
        told.push_back({lines.are_replaced, lines.timer, lines.clock});
    };
    const auto device = create(bench.plan, environment).value();
    device->write({0, 0x108, 8}, 100);  // the first comparator; its interrupt is an edge
    device->write({0, 0x100, 8}, 4);
    device->write({0, 0x10, 8}, 3);
    bench.timers.advance(10'000);
    const StateUnit saved = save_device("it", "hpet", *device);
    device->reset();
    using Told = std::vector<std::array<bool, 3>>;
    CHECK(told == Told{{true, false, false}, {true, true, false}, {true, false, false}, {false, false, false}});
    told.clear();
    const auto other = create(bench.plan, environment).value();
    REQUIRE(restore_device("it", "hpet", *other, saved));
    CHECK(told == Told{{true, false, false}});
}

TEST_CASE("catalog: a program without the ports that its companion knows is refused") {
    ir::Program program = *programs::find("vm_generation_id");
    program.sources[0].name = "toaster";
    const CatalogBench bench("vm_generation_id");
    dev::Surroundings around;
    CHECK(create(bench.plan, around.environment(1), std::span(&program, 1)).error().code ==
          ErrorCode::kInvalidArgument);
}

TEST_CASE("catalog: a type that a program describes is the program's, with the plan's settings") {
    ir::Program program;
    program.name = "speedy";
    program.banks = {{"regs", ir::Space::kPio, 1}};
    program.settings = {{"speed", 8, 7}};
    program.functions = {{"speed", 1, 2, true, {{ir::Op::kSetting, 8, 1}, {ir::Op::kReturn, 64, 0, 1}}}};
    program.registers.push_back({});
    program.registers[0].name = "speed";
    program.registers[0].writable = false;
    program.registers[0].on_read = 0;
    REQUIRE(ir::verify(program));
    dev::Surroundings around;
    plan::DevicePlan plan{"fast", "speedy", {{0x100, 1}}, {}, {}, {}};
    auto speed = [&]() -> std::optional<std::uint64_t> {
        auto made = create(plan, around.environment(0), std::span(&program, 1));
        if (!made) return std::nullopt;
        return (*made)->read({0, 0, 1});
    };
    CHECK(speed() == 7);
    plan.settings["speed"] = std::int64_t{200};
    CHECK(speed() == 200);
    plan.settings["speed"] = std::int64_t{256};
    CHECK(!speed());
    plan.settings["speed"] = std::string("fast");
    CHECK(!speed());
    plan.settings = {{"colour", std::int64_t{1}}};
    CHECK(!speed());
    CHECK(!create(plan, around.environment(0)));
}
