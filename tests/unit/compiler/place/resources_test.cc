#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compiler/place/facts.h"
#include "devices/ir/facts.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/plan_json.h"
#include "tests/unit/compiler/place/sample_machine.h"

using namespace nyx;
using namespace nyx::place;
using diagnostics::Code;

TEST_CASE("the ordinary machine has its serial port where a PC has it") {
    Folder folder;
    Placed placed = placed_of(sample_machine(folder));
    REQUIRE(placed.machine);
    CHECK(placed.findings.empty());
    const plan::DevicePlan* com1 = placed.machine->plan.find_device("com1");
    REQUIRE(com1);
    CHECK(com1->pio == std::vector<Range>{{0x3F8, 8}});
    CHECK(com1->gsis == std::vector<std::uint32_t>{4});
    CHECK(plan::plan_hash(placed.machine->plan) == plan::plan_hash(placed_of(sample_machine(folder)).machine->plan));
}

TEST_CASE("why a device is where it is") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(serial("com2", 40));
    machine.devices.push_back(serial("com3", 50));
    machine.devices[2].resources[0].fixed = at<std::uint64_t>(0x2E8, 51);
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    std::vector<std::string> reasons;
    for (const Placement& one : placed.machine->placements) {
        reasons.push_back(fmt::format("{}.{} {:#x} {}", one.device, one.field, one.range.base, one.reason));
        CHECK(one.is_fixed == (one.device == "com3" && one.field == "base"));
    }
    CHECK(reasons == std::vector<std::string>{
                         "com1.base 0x3f8 the first of 0x3f8, 0x2f8, 0x3e8, 0x2e8", "com1.irq 0x4 goes with its `base`",
                         "com2.base 0x2f8 the first of 0x3f8, 0x2f8, 0x3e8, 0x2e8 that is free: com1 has 0x3f8",
                         "com2.irq 0x3 goes with its `base`", "com3.base 0x2e8 fixed by the author",
                         "com3.irq 0x7 goes with its `base`"});
}

TEST_CASE("NY0412 shows both places and the next free range") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(port_device("gpio", 0x3FC, 4, 40));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(diagnostics::code_text(finding.code) == "NY0412");
    CHECK(finding.message == "two devices claim the same I/O ports");
    CHECK(finding.primary.span == span(41));
    CHECK(finding.primary.text == "gpio would take 0x3fc–0x3ff");
    REQUIRE(finding.labels.size() == 1);
    CHECK(finding.labels[0].span == span(30));
    CHECK(finding.labels[0].text == "com1 has 0x3f8–0x3ff since here (the default for com1)");
    CHECK(finding.helps == std::vector<std::string>{"the next free range of this size is 0x400–0x403: `base = 0x400`"});
    REQUIRE(finding.fixes.size() == 1);
    CHECK(finding.fixes[0].edits[0].replacement == "0x400");
}

TEST_CASE("of two fixed claims the later is the mistake") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(port_device("a", 0x500, 4, 40));
    machine.devices.push_back(port_device("b", 0x502, 4, 50));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kPortOverlap);
    CHECK(finding.primary.span == span(51));
    CHECK(finding.labels[0].text == "a has 0x500–0x503 since here");
    CHECK(finding.helps[0].find("`base = 0x504`") != std::string::npos);
}

TEST_CASE("the board's own ports and lines are not for devices") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(port_device("gpio", 0x43, 1, 40));
    CHECK(only(machine).message.find("the timer (8254)") != std::string::npos);
    machine.devices.back() = line_device("gpio", 2, 40);
    CHECK(only(machine).code == Code::kLineConflict);
}

TEST_CASE("the ACPI interrupt is taken only while there is ACPI") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(line_device("gpio", 9, 40));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kSciConflict);
    CHECK(finding.helps[0] == "the next free line is 10: `line = 10`");
    machine.acpi.value = false;
    CHECK(placed_of(machine).machine);
}

TEST_CASE("a power management device brings its own line") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    model::Device pm = line_device("pm", 10, 40);
    pm.type = "acpi_pm";
    machine.devices.push_back(pm);
    machine.devices.push_back(line_device("gpio", 9, 50));
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    CHECK(placed.machine->plan.sci_gsi == 10);
    machine.devices.back() = line_device("gpio", 10, 50);
    CHECK(only(machine).code == Code::kSciConflict);
}

TEST_CASE("edge lines are not shared") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(line_device("gpio", 4, 40));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kLineConflict);
    CHECK(finding.primary.text == "gpio would take line 4");
    CHECK(finding.labels[0].text == "com1 has line 4 since here (the default for com1)");
}

TEST_CASE("four serial ports find room, the fifth does not") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    for (std::uint32_t i = 2; i <= 4; ++i) machine.devices.push_back(serial("com" + std::to_string(i), 30 + i));
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    CHECK(placed.machine->plan.find_device("com4")->pio[0].base == 0x2E8);
    machine.devices.push_back(serial("com5", 60));
    placed = placed_of(machine);
    REQUIRE(placed.findings.size() == 1);  // ports and line are one mistake
    CHECK(placed.findings[0].code == Code::kNoPlaceLeft);
    CHECK(placed.findings[0].primary.span == span(60));
    CHECK(placed.findings[0].labels.size() == 4);
    machine.devices.back().resources[0].fixed = at<std::uint64_t>(0x2C0, 61);
    machine.devices.back().resources[1].fixed = at<std::uint64_t>(10, 62);
    CHECK(placed_of(machine).machine);
}

TEST_CASE("a fixed port of the same type moves the others on, whatever the order") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(serial("other", 40));
    machine.devices.back().resources[0].fixed = at<std::uint64_t>(0x3F8, 41);
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    CHECK(placed.machine->plan.find_device("com1")->pio[0].base == 0x2F8);
    CHECK(placed.machine->plan.find_device("com1")->gsis[0] == 3);
    CHECK(placed.machine->plan.find_device("other")->gsis[0] == 4);
}

TEST_CASE("ranges that do not exist") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(port_device("gpio", 0xFFFE, 4, 40));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kPortRange);
    CHECK(finding.helps[0].find("0xfffc") != std::string::npos);
    machine.devices.back() = port_device("gpio", ~std::uint64_t{0}, 4, 40);
    CHECK(only(machine).code == Code::kPortRange);
    machine.devices.back() = line_device("gpio", 24, 40);
    CHECK(only(machine).code == Code::kLineRange);
    machine.devices.back() = mmio_device("gpio", ~std::uint64_t{0}, 4, 40);
    CHECK(only(machine).code == Code::kMmioReserved);
    machine.devices.back() = port_device("gpio", 0x503, 4, 40);
    machine.devices.back().resources[0].alignment = 4;
    CHECK(only(machine).code == Code::kAddressMisaligned);
}

TEST_CASE("memory addresses lie neither on RAM nor on the board nor on each other") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices.push_back(mmio_device("gpio", 0x1000000, 0x1000, 40));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kMmioReserved);
    CHECK(finding.message.find("RAM") != std::string::npos);
    CHECK(finding.helps[0].find("0xfe000000") != std::string::npos);
    machine.devices.back() = mmio_device("gpio", 0xFEE00800, 0x1000, 40);
    CHECK(only(machine).message.find("lapic") != std::string::npos);
    machine.devices.back() = mmio_device("a", 0xFE000000, 0x1000, 40);
    machine.devices.push_back(mmio_device("b", 0xFE000800, 0x1000, 50));
    finding = only(machine);
    CHECK(finding.code == Code::kMmioOverlap);
    CHECK(finding.helps[0].find("`base = 0xfe001000`") != std::string::npos);
}

TEST_CASE("requests without wishes get the lowest free range, after everything that is fixed") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    for (std::uint32_t i = 0; i < 3; ++i) {
        model::Device device = mmio_device("disk" + std::to_string(i), 0, 0x200, 40 + i * 10);
        device.resources[0].fixed.reset();
        device.resources.push_back({"irq", model::ResourceRequest::Kind::kGsi, 1, 1, std::nullopt, {}, {}});
        machine.devices.push_back(device);
    }
    machine.devices.push_back(mmio_device("fixed", 0xFE000200, 0x200, 90));
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    const plan::MachinePlan& plan = placed.machine->plan;
    CHECK(plan.find_device("disk0")->mmio[0].base == 0xFE000000);
    CHECK(plan.find_device("disk1")->mmio[0].base == 0xFE000400);
    CHECK(plan.find_device("disk2")->gsis[0] == 18);
    CHECK(plan::check_plan(plan));
}

TEST_CASE("a device that asks is told of memory and CPUs") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.memory.value = std::uint64_t{5} << 30;
    machine.cpus.value = 3;
    model::Device clock = port_device("rtc", 0x70, 2, 40);
    clock.type = "rtc";
    machine.devices.push_back(clock);
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    dev::ir::Program program;
    program.name = "rtc";
    for (const dev::ir::Fact& fact : dev::ir::kFacts)
        program.settings.push_back({std::string(fact.name), static_cast<std::uint8_t>(fact.bits), fact.usual, true});
    tell_facts(placed.machine->plan, std::span(&program, 1));
    auto settings = placed.machine->plan.find_device("rtc")->settings;
    CHECK(std::get<std::int64_t>(settings["memory_below_4g"]) == std::int64_t{3} << 30);
    CHECK(std::get<std::int64_t>(settings["memory_above_4g"]) == std::int64_t{2} << 30);
    CHECK(std::get<std::int64_t>(settings["cpus"]) == 3);
    CHECK(std::get<std::int64_t>(settings["line"]) == 0);  // it has none
    placed.machine->plan.devices.front().gsis = {21, 22};
    placed.machine->plan.devices.front().type = "rtc";
    tell_facts(placed.machine->plan, std::span(&program, 1));
    CHECK(std::get<std::int64_t>(placed.machine->plan.devices.front().settings["line"]) == 21);
}
