#include <doctest/doctest.h>
#include <sys/stat.h>

#include "compiler/place/memory_map.h"
#include "tests/unit/compiler/place/sample_machine.h"
#include "tests/unit/runtime/image/made_images.h"

using namespace nyx;
using namespace nyx::place;
using diagnostics::Code;
using plan::BootAddresses;

namespace {

model::Machine booting(const Folder& folder, model::Boot boot) {
    model::Machine machine = sample_machine(folder);
    machine.boot = at(std::move(boot), 15);
    return machine;
}

model::BootLinux linux_boot(const Folder& folder, const std::string& kernel) {
    return {at(folder.image(kernel), 20), std::nullopt, at(std::string("console=ttyS0"), 21)};
}

model::BootFlat flat(const Folder& folder, std::uint64_t load, std::uint64_t entry, model::EntryMode mode) {
    return {at(folder.image("flat.bin"), 20), at(load, 22), at(entry, 23), at(mode, 24)};
}

plan::MachinePlan plan_of(const model::Machine& machine) {
    Placed placed = placed_of(machine);
    for (const auto& finding : placed.findings) MESSAGE(finding.message);
    REQUIRE(placed.machine);
    return placed.machine->plan;
}

}  // namespace

TEST_CASE("a PVH machine: RAM around the VGA hole, structures below 640 KiB, the image by digest") {
    Folder folder;
    Placed placed = placed_of(sample_machine(folder));
    REQUIRE(placed.machine);
    const plan::MachinePlan& plan = placed.machine->plan;
    CHECK(plan.ram.size() == 2);
    CHECK(plan.ram[1].range == Range{0xC0000, (128 << 20) - 0xC0000});
    CHECK(plan.boot.protocol == plan::BootProtocol::kPvh);
    CHECK(plan.boot.addresses.cmdline == 0x20000);
    CHECK(plan.boot.addresses.page_tables == 0);
    CHECK(plan.rsdp == 0xE0000);
    REQUIRE(plan.images.size() == 1);
    CHECK(plan.images[0].digest == sha256(made::elf({.pvh_entry = 0x100000})));
    CHECK(placed.machine->images[0].written == "probe.elf");
}

TEST_CASE("memory beyond 3 GiB continues at 4 GiB") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.memory.value = std::uint64_t{5} << 30;
    plan::MachinePlan plan = plan_of(machine);
    REQUIRE(plan.ram.size() == 3);
    CHECK(plan.ram[1].range.end() == kPciHole);
    CHECK(plan.ram[2].range == Range{kFourGiB, std::uint64_t{2} << 30});
    CHECK(plan.ram[2].offset == kPciHole);
    CHECK(plan.e820.back().range == plan.ram[2].range);
}

TEST_CASE("sizes of memory that cannot be") {
    Folder folder;
    model::Machine machine = sample_machine(folder);
    machine.memory.value = (128 << 20) + 100;
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kMemoryMisaligned);
    CHECK(finding.fixes[0].edits[0].replacement == "131076 KiB");
    machine.memory.value = ~std::uint64_t{0};
    CHECK(only(machine).code == Code::kMemoryMisaligned);
    machine.memory.value = 512 << 10;
    CHECK(only(machine).code == Code::kMemoryTooSmall);
    machine.memory.value = std::uint64_t{1} << 60;
    CHECK(only(machine).code == Code::kMemoryTooLarge);
}

TEST_CASE("linux() takes a bzImage, a vmlinux by its PVH entry, or a vmlinux by its own") {
    Folder folder;
    folder.write("vmlinuz", made::bzimage());
    folder.write("initrd.img", Bytes(5000, 1));
    model::BootLinux boot = linux_boot(folder, "vmlinuz");
    boot.initrd = at(folder.image("initrd.img"), 25);
    plan::MachinePlan plan = plan_of(booting(folder, boot));
    CHECK(plan.boot.protocol == plan::BootProtocol::kLinux64);
    CHECK(plan.boot.load == 0x1000000);
    CHECK(plan.boot.addresses.page_tables == 0x8000);
    CHECK(plan.boot.initrd == "initrd");
    CHECK(plan.boot.addresses.initrd == (128 << 20) - 0x2000);
    CHECK(plan.images.size() == 2);
    CHECK(plan_of(booting(folder, linux_boot(folder, "probe.elf"))).boot.protocol == plan::BootProtocol::kPvh);
    folder.write("plain.elf", made::elf());
    plan = plan_of(booting(folder, linux_boot(folder, "plain.elf")));
    CHECK(plan.boot.protocol == plan::BootProtocol::kLinux64);
    CHECK(plan.boot.addresses.page_tables != 0);
}

TEST_CASE("the initrd stays below what the kernel reads") {
    Folder folder;
    folder.write("vmlinuz", made::bzimage({.initrd_addr_max = 0x37FFFFFF}));
    folder.write("initrd.img", Bytes(4096, 1));
    model::BootLinux boot = linux_boot(folder, "vmlinuz");
    boot.initrd = at(folder.image("initrd.img"), 25);
    model::Machine machine = booting(folder, boot);
    machine.memory.value = std::uint64_t{2} << 30;
    CHECK(plan_of(machine).boot.addresses.initrd == 0x37FFF000);
}

TEST_CASE("images that are not there or not readable") {
    Folder folder;
    model::Machine machine = booting(folder, linux_boot(folder, "prob.elf"));
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kImageMissing);
    CHECK(finding.primary.span == span(20));
    CHECK(finding.helps[0] == "did you mean 'probe.elf'?");
    CHECK(only(booting(folder, linux_boot(folder, "sub/probe.elf"))).helps[0].find("no folder 'sub'") !=
          std::string::npos);
    CHECK(only(booting(folder, linux_boot(folder, ""))).code == Code::kImageUnreadable);
    folder.write("empty", {});
    CHECK(only(booting(folder, linux_boot(folder, "empty"))).message.find("empty") != std::string::npos);
    REQUIRE(::mkfifo((folder.path + "/fifo").c_str(), 0600) == 0);
    CHECK(only(booting(folder, linux_boot(folder, "fifo"))).code == Code::kImageUnreadable);
}

TEST_CASE("images of another kind") {
    Folder folder;
    folder.write("text", as_bytes("not a kernel, but long enough to look at"));
    folder.write("plain.elf", made::elf());
    folder.write("narrow.elf", made::elf({.is_64 = false}));
    folder.write("old", made::bzimage({.xloadflags = 0}));
    CHECK(only(booting(folder, linux_boot(folder, "text"))).code == Code::kImageFormat);
    CHECK(only(booting(folder, linux_boot(folder, "narrow.elf"))).helps[0].find("CONFIG_PVH") != std::string::npos);
    CHECK(only(booting(folder, linux_boot(folder, "old"))).code == Code::kImageFormat);
    CHECK(only(booting(folder, model::BootElf{at(folder.image("text"), 20)})).code == Code::kImageFormat);
    CHECK(only(booting(folder, model::BootFirmware{at(folder.image("text"), 20)})).code == Code::kImageFormat);
    model::BootMultiboot multiboot{at(folder.image("plain.elf"), 20), std::nullopt, at(std::string(), 21)};
    CHECK(only(booting(folder, multiboot)).code == Code::kImageFormat);
}

TEST_CASE("the other protocols") {
    Folder folder;
    folder.write("plain.elf", made::elf());
    folder.write("multi", made::multiboot());
    folder.write("bios", Bytes(0x40000, 0x90));
    plan::MachinePlan elf = plan_of(booting(folder, model::BootElf{at(folder.image("plain.elf"), 20)}));
    CHECK(elf.boot.protocol == plan::BootProtocol::kElf64);
    CHECK(elf.boot.addresses.page_tables != 0);
    model::BootMultiboot multiboot{at(folder.image("multi"), 20), std::nullopt, at(std::string("a b"), 21)};
    CHECK(plan_of(booting(folder, multiboot)).boot.cmdline == "a b");
    plan::MachinePlan firmware = plan_of(booting(folder, model::BootFirmware{at(folder.image("bios"), 20)}));
    CHECK(firmware.boot.load == kFourGiB - 0x40000);
    CHECK(firmware.find_window("firmware"));
    CHECK(firmware.rsdp == 0);
}

TEST_CASE("flat images: entry inside, real mode below 1 MiB, structures out of the way") {
    Folder folder;
    folder.write("flat.bin", Bytes(0x2000, 0xF4));
    plan::MachinePlan plan = plan_of(booting(folder, flat(folder, 0x1000, 0x1000, model::EntryMode::kLong64)));
    CHECK(plan.boot.addresses.gdt >= 0x3000);
    CHECK(plan.boot.addresses.page_tables != 0);
    plan = plan_of(booting(folder, flat(folder, 0x7C00, 0x7C00, model::EntryMode::kReal16)));
    CHECK(plan.boot.addresses.gdt == 0);
    diagnostics::Diagnostic finding = only(booting(folder, flat(folder, 0x10000, 0x12000, model::EntryMode::kLong64)));
    CHECK(finding.code == Code::kEntryOutside);
    CHECK(finding.primary.span == span(23));
    CHECK(finding.fixes[0].edits[0].replacement == "0x10000");
    CHECK(only(booting(folder, flat(folder, 0x200000, 0x200000, model::EntryMode::kReal16))).code ==
          Code::kEntryOutside);
    CHECK(only(booting(folder, flat(folder, 0x9F000, 0x9F000, model::EntryMode::kLong64))).code == Code::kImageOverlap);
    CHECK(only(booting(folder, flat(folder, 0xDF000, 0xDF000, model::EntryMode::kLong64))).message.find("tables") !=
          std::string::npos);
    CHECK(only(booting(folder, flat(folder, 128 << 20, 128 << 20, model::EntryMode::kLong64))).code ==
          Code::kMemoryTooSmall);
    CHECK(only(booting(folder, flat(folder, ~std::uint64_t{0}, 0, model::EntryMode::kLong64))).code ==
          Code::kMemoryTooSmall);
    folder.write("flat.bin", Bytes(0x9E000, 0xF4));
    CHECK(only(booting(folder, flat(folder, 0x1000, 0x1000, model::EntryMode::kLong64))).code == Code::kImageOverlap);
}

TEST_CASE("memory that is too small for what is booted") {
    Folder folder;
    folder.write("vmlinuz", made::bzimage({.relocatable = false}));
    folder.write("big", Bytes(20 << 20, 1));
    model::Machine machine = booting(folder, linux_boot(folder, "vmlinuz"));
    machine.memory.value = 16 << 20;
    diagnostics::Diagnostic finding = only(machine);
    CHECK(finding.code == Code::kMemoryTooSmall);
    CHECK(finding.primary.span == span(10));
    CHECK(finding.labels[0].span == span(20));
    CHECK(finding.helps[0] == "give the machine at least 17 MiB");
    model::BootLinux boot = linux_boot(folder, "vmlinuz");
    boot.initrd = at(folder.image("big"), 25);
    machine = booting(folder, boot);
    machine.memory.value = 32 << 20;
    CHECK(only(machine).labels[0].span == span(25));
}

TEST_CASE("command lines that would not arrive") {
    Folder folder;
    model::BootLinux boot = linux_boot(folder, "probe.elf");
    boot.cmdline.value = std::string(2048, 'x');
    CHECK(only(booting(folder, boot)).code == Code::kCommandLine);
    boot.cmdline.value = "a\nb";
    CHECK(only(booting(folder, boot)).code == Code::kCommandLine);
    boot.cmdline.value = std::string("a\0b", 3);
    CHECK(only(booting(folder, boot)).code == Code::kCommandLine);
}
