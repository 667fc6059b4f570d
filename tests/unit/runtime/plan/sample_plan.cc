#include "tests/unit/runtime/plan/sample_plan.h"

namespace nyx::plan {

static const std::string kTables = "tables of a sample machine, padded to the size of a pointer....";

Bytes sample_kernel() {
    return Bytes(300, 0x90);
}
Bytes sample_initrd() {
    return Bytes(100, 0x55);
}

static MachinePlan bare_plan() {
    MachinePlan plan;
    plan.name = "sample";
    plan.cpu = {2, "baseline", {{1, 0, 'c', 1u << 13, 0}}, {{"pvm", {{7, 0, 'b', 1u << 20, 0}}}}};
    plan.memory_size = 64 << 20;
    plan.ram = {{{0, 0xA0000}, 0}, {{0xC0000, (64 << 20) - 0xC0000}, 0xC0000}};
    plan.windows = {
        {"vga", {0xA0000, 0x20000}}, {"pci-hole", {0xC0000000, 0x3EC00000}}, {"ioapic", {0xFEC00000, 0x1000}}};
    plan.e820 = {{{0, 0x9FC00}, 1}, {{0xE0000, 0x20000}, 2}, {{0x100000, (64 << 20) - 0x100000}, 1}};
    DevicePlan com1{"com1", "serial", {{0x3F8, 8}}, {}, {4}, {{"baud", std::int64_t{115200}}, {"fifo", true}}};
    DevicePlan disk{"disk", "virtio-blk",
                    {},     {{0xFEB00000, 0x1000}},
                    {5},    {{"scale", 0.5}, {"tags", std::vector<std::string>{"a", "b"}}}};
    plan.devices = {com1, disk};
    return plan;
}

MachinePlan sample_plan() {
    MachinePlan plan = bare_plan();
    plan.images = {{"initrd", sha256(sample_initrd()), sample_initrd().size()},
                   {"kernel", sha256(sample_kernel()), sample_kernel().size()}};
    plan.tables = {{"acpi", 0xE0000, kTables.size(), sha256(as_bytes(kTables))}};
    plan.rsdp = 0xE0000;
    plan.boot.protocol = BootProtocol::kPvh;
    plan.boot.image = "kernel";
    plan.boot.initrd = "initrd";
    plan.boot.cmdline = "console=ttyS0 \"quoted\"";
    plan.boot.addresses = {0x4000, 0x10000, 0x1000, 0x8000, 0x3000, 0x3000000};
    return plan;
}

BundleContents sample_contents() {
    static const Bytes kernel = sample_kernel();
    BundleContents contents;
    contents.plan = sample_plan();
    contents.wiring = {{"com1", {{"backend", std::string("stdio")}}}};
    contents.tables = {{"acpi", Bytes(kTables.begin(), kTables.end())}};
    contents.images = {{"kernel", kernel}};
    contents.references = {{"initrd", "initrd.img"}};
    contents.script = {1, 2, 3};
    return contents;
}

}  // namespace nyx::plan
