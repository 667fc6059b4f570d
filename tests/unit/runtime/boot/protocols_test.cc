#include "fake_machine.h"

using namespace nyx;
using namespace nyx::boot;
using plan::BootProtocol;
using plan::EntryMode;

namespace {

void check_long_mode(const FakeMachine& machine, const InitialState& state) {
    CHECK(state.cs.selector == 0x10);
    CHECK(state.cs.l);
    CHECK(!state.cs.db);
    CHECK(state.ds.selector == 0x18);
    CHECK(state.efer == 0x500);
    CHECK(state.cr0 == 0x80000011);
    CHECK(state.cr4 == 0x20);
    CHECK(state.cr3 == 0x8000);
    CHECK(state.tr.type == 0xB);
    CHECK(state.rflags == 2);
    // The identity map: the first and the last 2 MiB of 4 GiB.
    CHECK(machine.at<std::uint64_t>(0x8000) == 0x9003);
    CHECK(machine.at<std::uint64_t>(0x9000 + 3 * 8) == 0xD003);
    CHECK(machine.at<std::uint64_t>(0x9000 + 4 * 8) == 0);
    CHECK(machine.at<std::uint64_t>(0xA000) == 0x83);
    CHECK(machine.at<std::uint64_t>(0xD000 + 511 * 8) == 0xFFE00083);
}

void check_protected_mode(const FakeMachine& machine, const InitialState& state) {
    CHECK(state.cr0 == 0x11);
    CHECK(state.efer == 0);
    CHECK(state.cs.db);
    CHECK(!state.cs.l);
    CHECK(state.cs.limit == 0xFFFFFFFF);
    CHECK(state.gdt == TableState{.base = 0x1000, .limit = 39});
    CHECK(machine.at<std::uint64_t>(0x1010) == 0x00AF9B000000FFFF);
    CHECK(machine.at<std::uint64_t>(0x1018) == 0x00CF93000000FFFF);
    CHECK(machine.at<std::uint64_t>(0x1020) == 0x00CF9B000000FFFF);
}

}  // namespace

TEST_CASE("flat, real mode: a boot sector finds itself at 0000:7C00") {
    FakeMachine machine(BootProtocol::kFlat);
    machine.plan.boot.mode = EntryMode::kReal16;
    machine.plan.boot.load = machine.plan.boot.entry = 0x7C00;
    auto state = machine.load(Bytes(512, 0xF4));
    REQUIRE(state);
    CHECK(state->cs == SegmentState{.limit = 0xFFFF, .type = 0xB, .present = true, .s = true});
    CHECK(state->rip == 0x7C00);
    CHECK(state->rsp == 0x3000);
    CHECK(state->cr0 == 0x10);
    CHECK(state->idt.limit == 0x3FF);
    CHECK(machine.at<std::uint8_t>(0x7DFF) == 0xF4);
}

TEST_CASE("flat, real mode above 64 KiB goes through the segment") {
    FakeMachine machine(BootProtocol::kFlat);
    machine.plan.boot.mode = EntryMode::kReal16;
    machine.plan.boot.load = 0x30000;
    machine.plan.boot.entry = 0x30018;
    auto state = machine.load(Bytes(512, 0xF4));
    REQUIRE(state);
    CHECK(state->cs.selector == 0x3001);
    CHECK(state->cs.base == 0x30010);
    CHECK(state->rip == 8);
}

TEST_CASE("flat, 32 and 64 bits") {
    FakeMachine machine(BootProtocol::kFlat);
    machine.plan.boot.load = 0x100000;
    machine.plan.boot.entry = 0x100010;
    machine.plan.boot.mode = EntryMode::kProtected32;
    auto state = machine.load(Bytes(512, 0xF4));
    REQUIRE(state);
    check_protected_mode(machine, *state);
    CHECK(state->rip == 0x100010);
    machine.plan.boot.mode = EntryMode::kLong64;
    state = machine.load(Bytes(512, 0xF4));
    REQUIRE(state);
    check_long_mode(machine, *state);
    CHECK(state->rsp == 0x3000);
}

TEST_CASE("elf64: segments copied, bss zeroed, entered in long mode") {
    FakeMachine machine(BootProtocol::kElf64);
    auto state = machine.load(made::elf({.segments = {{.contents = Bytes(16, 7), .memsz = 0x100}}}));
    REQUIRE(state);
    check_long_mode(machine, *state);
    CHECK(state->rip == 0x100000);
    CHECK(state->rsi == 0);
    CHECK(machine.at<std::uint8_t>(0x10000F) == 7);
    CHECK(machine.at<std::uint8_t>(0x100010) == 0);
    CHECK(machine.at<std::uint8_t>(0x1000FF) == 0);
    CHECK(machine.at<std::uint8_t>(0x100100) == 0xCC);
    auto narrow = machine.load(made::elf({.is_64 = false}));
    REQUIRE(!narrow);
    CHECK(says(narrow.error(), "not an ELF64"));
}

TEST_CASE("pvh: start info, module, memory map, command line") {
    FakeMachine machine(BootProtocol::kPvh);
    machine.add_initrd(0x1F00000, Bytes(100, 9));
    auto state = machine.load(made::elf({.pvh_entry = 0x100010}));
    REQUIRE(state);
    check_protected_mode(machine, *state);
    CHECK(state->rip == 0x100010);
    CHECK(state->rbx == 0x7000);
    CHECK(machine.at<std::uint32_t>(0x7000) == 0x336EC578);
    CHECK(machine.at<std::uint32_t>(0x7004) == 1);
    CHECK(machine.at<std::uint32_t>(0x700C) == 1);
    const auto module = machine.at<std::uint64_t>(0x7010);
    CHECK(machine.at<std::uint64_t>(module) == 0x1F00000);
    CHECK(machine.at<std::uint64_t>(module + 8) == 100);
    CHECK(machine.at<std::uint8_t>(0x1F00063) == 9);
    CHECK(machine.text(machine.at<std::uint64_t>(0x7018)) == "console=ttyS0");
    CHECK(machine.at<std::uint64_t>(0x7020) == 0xE0000);
    const auto map = machine.at<std::uint64_t>(0x7028);
    CHECK(machine.at<std::uint32_t>(0x7030) == 2);
    CHECK(machine.at<std::uint64_t>(map + 24) == 0x100000);
    CHECK(machine.at<std::uint64_t>(map + 32) == 0x1F00000);
    CHECK(machine.at<std::uint32_t>(map + 40) == 1);
}

TEST_CASE("linux64, bzImage: zero page, setup header, initrd") {
    FakeMachine machine(BootProtocol::kLinux64);
    machine.plan.boot.load = 0x1000000;
    machine.add_initrd(0x1F00000, Bytes(100, 9));
    auto state = machine.load(made::bzimage({.kernel = Bytes(0x1000, 0x42)}));
    REQUIRE(state);
    check_long_mode(machine, *state);
    CHECK(state->rip == 0x1000200);
    CHECK(state->rsi == 0x7000);
    CHECK(machine.at<std::uint8_t>(0x1000FFF) == 0x42);
    CHECK(machine.at<std::uint32_t>(0x7202) == 0x53726448);  // "HdrS"
    CHECK(machine.at<std::uint16_t>(0x7206) == 0x20F);
    CHECK(machine.at<std::uint8_t>(0x7210) == 0xFF);
    CHECK(machine.at<std::uint32_t>(0x7218) == 0x1F00000);
    CHECK(machine.at<std::uint32_t>(0x721C) == 100);
    CHECK(machine.text(machine.at<std::uint32_t>(0x7228)) == "console=ttyS0");
    CHECK(machine.at<std::uint64_t>(0x7070) == 0xE0000);
    CHECK(machine.at<std::uint8_t>(0x71E8) == 2);
    CHECK(machine.at<std::uint64_t>(0x72D0 + 20) == 0x100000);
    CHECK(machine.at<std::uint32_t>(0x72D0 + 36) == 1);
    CHECK(machine.at<std::uint32_t>(0x70C0) == 0);  // high halves
}

TEST_CASE("linux64, vmlinux: the same zero page, entered at e_entry") {
    FakeMachine machine(BootProtocol::kLinux64);
    auto state = machine.load(made::elf());
    REQUIRE(state);
    check_long_mode(machine, *state);
    CHECK(state->rip == 0x100000);
    CHECK(state->rsi == 0x7000);
    CHECK(machine.at<std::uint32_t>(0x7202) == 0x53726448);
}

TEST_CASE("linux64: what the kernel cannot take is said before it starts") {
    FakeMachine machine(BootProtocol::kLinux64);
    machine.plan.boot.load = 0x1000000;
    auto error_of = [&](const made::BzImageOptions& options) {
        auto state = machine.load(made::bzimage(options));
        REQUIRE(!state);
        return state.error();
    };
    CHECK(says(error_of({.xloadflags = 0}), "no 64-bit entry"));
    CHECK(says(error_of({.cmdline_size = 4}), "the image reads 4"));
    CHECK(says(error_of({.init_size = 0x1800000}), "room for the kernel to unpack"));
    CHECK(says(error_of({.pref_address = 0x200000, .relocatable = false}), "runs only at 0x200000"));
    machine.plan.boot.load = 0x1001000;
    CHECK(says(error_of({}), "not a multiple"));
    machine.plan.boot.load = 0x1000000;
    machine.add_initrd(0x1F00000, Bytes(100, 9));
    CHECK(says(error_of({.initrd_addr_max = 0x1EFFFFF}), "reads it up to 0x1efffff"));
    machine.plan.boot.addresses.initrd = 0x1080000;
    CHECK(says(error_of({}), "the initrd at 0x1080000"));
}

TEST_CASE("multiboot1: magic, information, module, memory map") {
    FakeMachine machine(BootProtocol::kMultiboot1);
    machine.add_initrd(0x1F00000, Bytes(100, 9));
    auto state = machine.load(made::multiboot());
    REQUIRE(state);
    check_protected_mode(machine, *state);
    CHECK(state->rax == 0x2BADB002);
    CHECK(state->rbx == 0x7000);
    CHECK(state->rip == 0x100020);
    CHECK(machine.at<std::uint32_t>(0x7000) == 0x24D);
    CHECK(machine.at<std::uint32_t>(0x7004) == 640);
    CHECK(machine.at<std::uint32_t>(0x7008) == 31 * 1024);
    CHECK(machine.text(machine.at<std::uint32_t>(0x7010)) == "console=ttyS0");
    CHECK(machine.at<std::uint32_t>(0x7014) == 1);
    const auto module = machine.at<std::uint32_t>(0x7018);
    CHECK(machine.at<std::uint32_t>(module) == 0x1F00000);
    CHECK(machine.at<std::uint32_t>(module + 4) == 0x1F00064);
    const auto map = machine.at<std::uint32_t>(0x7030);
    CHECK(machine.at<std::uint32_t>(0x702C) == 48);
    CHECK(machine.at<std::uint32_t>(map) == 20);
    CHECK(machine.at<std::uint64_t>(map + 28) == 0x100000);
    CHECK(machine.text(machine.at<std::uint32_t>(0x7040)) == "nyx");
    CHECK(machine.at<std::uint8_t>(0x100040 + 0xFF) == 0);  // bss
}

TEST_CASE("firmware: shadow below 1 MiB, ROM below 4 GiB, the reset vector") {
    FakeMachine machine(BootProtocol::kFirmware);
    Bytes image(0x40000, 1);
    image[0x20000] = 2;
    image.back() = 3;
    auto state = machine.load(image);
    REQUIRE(state);
    CHECK(state->cs.base + state->rip == 0xFFFFFFF0);
    CHECK(state->cs.selector == 0xF000);
    CHECK(state->cr0 == 0x60000010);
    CHECK(machine.at<std::uint8_t>(0xE0000) == 2);
    CHECK(machine.at<std::uint8_t>(0xFFFFF) == 3);
    auto rom = roms(machine.plan, {.image = image});
    REQUIRE(rom);
    REQUIRE(rom->size() == 1);
    CHECK(rom->front().address == 0xFFFC0000);
    CHECK(rom->front().bytes.size() == 0x40000);
    image.pop_back();
    CHECK(!roms(machine.plan, {.image = image}));
    machine.plan.boot.protocol = BootProtocol::kPvh;
    CHECK(roms(machine.plan, {.image = image})->empty());
}
