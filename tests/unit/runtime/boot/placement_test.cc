#include "fake_machine.h"

using namespace nyx;
using namespace nyx::boot;
using plan::BootProtocol;

namespace {

Error error_of(FakeMachine& machine, const Bytes& image) {
    auto state = machine.load(image);
    REQUIRE(!state);
    CHECK(says(state.error(), "boot: "));
    return state.error();
}

Bytes elf_at(std::uint64_t address, std::uint64_t size = 64) {
    return made::elf({.entry = address,
                      .segments = {{.paddr = address, .vaddr = address, .contents = Bytes(16, 1), .memsz = size}}});
}

}  // namespace

TEST_CASE("an image that leaves RAM is refused, wherever it leaves it") {
    FakeMachine machine(BootProtocol::kElf64);
    CHECK(says(error_of(machine, elf_at(FakeMachine::kRamEnd - 32)), "not all RAM"));
    CHECK(says(error_of(machine, elf_at(0x9FFF0)), "not all RAM"));  // into the VGA hole
    CHECK(says(error_of(machine, elf_at(std::uint64_t{1} << 40)), "not all RAM"));
    CHECK(says(error_of(machine, elf_at(0x100000, std::uint64_t{1} << 50)), "not all RAM"));
}

TEST_CASE("nothing lies over anything else, and the message names both") {
    FakeMachine machine(BootProtocol::kElf64);
    const Error over_gdt = error_of(machine, elf_at(0x1000));
    CHECK(says(over_gdt, "the boot GDT at 0x1000"));
    CHECK(says(over_gdt, "over the image at 0x1000-0x103f"));
    machine.plan.tables = {{.section = "acpi", .address = 0xE0000, .size = 0x1000}};
    CHECK(says(error_of(machine, elf_at(0xE0800)), "over the acpi tables"));
    CHECK(says(error_of(machine, elf_at(0x2800)), "the boot stack"));
}

TEST_CASE("a plan without the addresses that its protocol needs is refused") {
    FakeMachine machine(BootProtocol::kPvh);
    machine.plan.boot.addresses.boot_params = 0;
    CHECK(says(error_of(machine, made::elf({.pvh_entry = 0x100000})), "no place for the PVH start info"));
    machine.plan.boot.addresses.cmdline = 0;
    CHECK(says(error_of(machine, made::elf({.pvh_entry = 0x100000})), "no place for the command line"));
    machine.plan.boot.addresses.boot_params = 0x7000;
    machine.plan.boot.addresses.cmdline = 0x20000;
    machine.plan.e820.resize(200, {.range = {0x100000, 0x1000}});
    CHECK(says(error_of(machine, made::elf({.pvh_entry = 0x100000})), "there is room for 4096"));
}

TEST_CASE("an initrd in the plan alone, or in the images alone") {
    FakeMachine machine(BootProtocol::kPvh);
    machine.plan.boot.initrd = "initrd";
    CHECK(error_of(machine, made::elf({.pvh_entry = 0x100000})).code == ErrorCode::kCorrupt);
}

TEST_CASE("the wrong image for the protocol") {
    FakeMachine pvh(BootProtocol::kPvh);
    CHECK(says(error_of(pvh, made::elf()), "no PVH entry"));
    FakeMachine linux64(BootProtocol::kLinux64);
    CHECK(says(error_of(linux64, Bytes(4096, 0)), "not a Linux bzImage: raw bytes"));
    FakeMachine multiboot(BootProtocol::kMultiboot1);
    CHECK(says(error_of(multiboot, made::elf()), "no multiboot header"));
    FakeMachine flat(BootProtocol::kFlat);
    flat.plan.boot.load = 0x100000;
    flat.plan.boot.entry = 0x200000;
    CHECK(says(error_of(flat, Bytes(64)), "outside the image"));
}

TEST_CASE("tables go where the plan says, whole or not at all") {
    FakeMachine machine(BootProtocol::kElf64);
    machine.plan.tables = {{.section = "acpi", .address = 0xE0000, .size = 4}};
    const Bytes acpi{'R', 'S', 'D', ' '};
    REQUIRE(load_tables(machine.plan, {{"acpi", acpi}}, machine.memory));
    CHECK(machine.at<std::uint32_t>(0xE0000) == 0x20445352);
    CHECK(says(load_tables(machine.plan, {}, machine.memory).error(), "no section 'acpi'"));
    const Bytes longer(5);
    CHECK(says(load_tables(machine.plan, {{"acpi", longer}}, machine.memory).error(), "the plan says 4"));
    machine.plan.tables[0].address = 0xA0000;
    CHECK(says(load_tables(machine.plan, {{"acpi", acpi}}, machine.memory).error(), "section 'acpi'"));
}
