#include <doctest/doctest.h>

#include "compiler/place/tables.h"
#include "runtime/plan/plan_json.h"
#include "tests/unit/compiler/place/sample_machine.h"

using namespace nyx;
using namespace nyx::place;

TEST_CASE("the memory map and the wiring as text") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.devices[0].host["backend"] = {at<model::FieldValue>(std::string("stdio"), 31), {}};
    Placed placed = placed_of(machine);
    REQUIRE(placed.machine);
    std::string map = memory_map_text(placed.machine->plan);
    for (const char* line :
         {"memory map of sample (128 MiB)", "000000000000  00000009ffff       640 KiB  RAM",
          "000000020000  000000020fff         4 KiB    command line", "0000000a0000  0000000bffff       128 KiB  vga",
          "00000009fc00  00000009ffff         1 KiB  reserved"}) {
        CAPTURE(line);
        CHECK(map.find(line) != std::string::npos);
    }
    std::string wiring = wiring_text(placed.machine->plan, placed.machine->wiring, placed.machine->preferences);
    CHECK(wiring.find("preferred") == std::string::npos);
    for (const char* line : {"03f8  03ff       8 bytes  com1 (serial)", "   4  com1 (serial)",
                             "   9  system control interrupt (ACPI)", "com1          backend = stdio"}) {
        CAPTURE(line);
        CHECK(wiring.find(line) != std::string::npos);
    }
}

TEST_CASE("what a machine prefers is said beside its plan and does not change it") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    Placed without = placed_of(machine);
    machine.accelerator = at<std::string>("soft", 31);
    machine.irqchip = at<std::string>("user", 32);
    Placed with = placed_of(machine);
    REQUIRE(without.machine);
    REQUIRE(with.machine);
    CHECK(plan::plan_hash(with.machine->plan) == plan::plan_hash(without.machine->plan));
    CHECK(without.machine->preferences.empty());
    CHECK(with.machine->preferences == plan::RunPreferences{"soft", "user"});
    std::string wiring = wiring_text(with.machine->plan, with.machine->wiring, with.machine->preferences);
    CHECK(wiring.find("accelerator   soft\nirqchip       user\n") != std::string::npos);
}

TEST_CASE("a table is entered by name, address and digest") {
    Folder folder;
    Placed placed = placed_of(sample_machine(folder));
    REQUIRE(placed.machine);
    Bytes bytes(100, 7);
    add_table(placed.machine->plan, "smbios", kSmbiosRegion, bytes);
    add_table(placed.machine->plan, "acpi", kAcpiRegion, bytes);
    REQUIRE(placed.machine->plan.tables.size() == 2);
    CHECK(placed.machine->plan.tables[0].section == "acpi");
    CHECK(placed.machine->plan.tables[0].address == 0xE0000);
    CHECK(placed.machine->plan.tables[0].digest == sha256(bytes));
}
