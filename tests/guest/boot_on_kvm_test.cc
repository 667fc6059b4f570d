// Every boot protocol with a guest of ours, from a plan made by hand through runtime/boot and runtime/machine to real
// KVM: no compiler, no bundle, so that a failure here is the runtime's. NYX_GUEST_DIR is where the guests were built.
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>

#include "compiler/acpi/acpi.h"
#include "devices/catalog.h"
#include "devices/kit/fakes.h"
#include "runtime/base/file.h"
#include "runtime/boot/boot.h"
#include "runtime/kvm/system.h"
#include "runtime/machine/machine.h"

using namespace nyx;
using plan::BootProtocol;
using plan::EntryMode;
using Kind = vm::Outcome::Kind;

namespace {

constexpr std::uint64_t kMemory = 64 << 20;
constexpr std::uint64_t kLimitNs = 100'000'000'000;  // only a broken machine gets there

const kvm::System* host_kvm() {
    static auto system = kvm::System::open();
    if (system) return &*system;
    std::printf("SKIPPED: no KVM here: %s\n", system.error().message.c_str());
    return nullptr;
}

plan::DevicePlan device(const char* name, const char* type, std::vector<Range> pio,
                        std::vector<std::uint32_t> gsis = {}) {
    plan::DevicePlan device;
    device.name = name;
    device.type = type;
    device.pio = std::move(pio);
    device.gsis = std::move(gsis);
    return device;
}

hv::Segment segment(const boot::SegmentState& s) {
    return {s.base, s.limit, s.selector, s.type, s.dpl, s.present, s.s, s.l, s.db, s.g};
}

hv::CpuState cpu_state(const boot::InitialState& s) {
    hv::CpuState state;
    state.general = {s.rax, s.rbx, s.rcx, s.rdx, s.rsi, s.rdi, s.rbp, s.rsp, s.r8,
                     s.r9,  s.r10, s.r11, s.r12, s.r13, s.r14, s.r15, s.rip, s.rflags};
    state.system = {segment(s.cs),
                    segment(s.ds),
                    segment(s.es),
                    segment(s.fs),
                    segment(s.gs),
                    segment(s.ss),
                    segment(s.tr),
                    segment(s.ldt),
                    {s.gdt.base, s.gdt.limit},
                    {s.idt.base, s.idt.limit},
                    s.cr0,
                    0,
                    s.cr3,
                    s.cr4,
                    0,
                    s.efer};
    return state;
}

class BootedMachine {
  public:
    explicit BootedMachine(BootProtocol protocol) {
        plan.name = "booted";
        plan.memory_size = kMemory;
        plan.ram = {{{0, 0xA0000}, 0}, {{0xC0000, kMemory - 0xC0000}, 0xC0000}};
        plan.e820 = {
            {{0, 0x9FC00}, 1}, {{0x9FC00, 0x400}, 2}, {{0xE0000, 0x20000}, 2}, {{0x100000, kMemory - 0x100000}, 1}};
        plan.devices = {device("com1", "serial", {{0x3F8, 8}}, {4}),
                        device("debug", "debugcon", {{0x402, 1}}),
                        device("exit", "exit", {{0xF4, 4}}),
                        device("i8042", "i8042", {{0x60, 1}, {0x64, 1}, {0x92, 1}}, {1, 12}),
                        device("pm", "acpi_pm", {{0x600, 16}, {0xCF9, 1}}, {9}),
                        device("rtc", "rtc", {{0x70, 2}}, {8})};
        plan.devices.back().settings["memory_below_4g"] = static_cast<std::int64_t>(kMemory);
        plan.boot.protocol = protocol;
        plan.boot.cmdline = "one two";
        plan.boot.load = plan.boot.entry = 0x100000;
        plan.boot.addresses = {.boot_params = 0x7000,
                               .cmdline = 0x20000,
                               .gdt = 0x1000,
                               .page_tables = 0x8000,
                               .stack = 0x3000,
                               .initrd = 0};
    }

    // The guest's end; what it said is in text().
    vm::Outcome run(const std::filesystem::path& image_path) {
        auto image = read_file(image_path);
        REQUIRE_MESSAGE(image, image.error().text());
        if (plan.boot.protocol != BootProtocol::kFirmware) add_acpi();
        const boot::Images images{.image = *image};
        vm::Blueprint blueprint;
        blueprint.plan = &plan;
        blueprint.create_device = [](const plan::DevicePlan& device, const dev::Environment& environment) {
            return dev::create(device, environment);
        };
        blueprint.output = [this](const std::string&) -> dev::ByteSink& { return output_; };
        blueprint.load = [&](dev::GuestMemory& memory) { return load(images, memory); };
        auto roms = boot::roms(plan, images);
        REQUIRE(roms);
        for (const boot::Rom& rom : *roms) blueprint.roms.push_back({rom.address, rom.bytes});
        auto loop = vm::EventLoop::create();
        REQUIRE(loop);
        auto machine = vm::Machine::create(*host_kvm(), **loop, std::move(blueprint), {});
        REQUIRE_MESSAGE(machine, machine.error().text());
        output_.machine = machine->get();
        vm::Outcome outcome = (*machine)->run(kLimitNs);
        INFO(text());
        INFO(vm::outcome_report(outcome));
        CHECK(outcome.kind != Kind::kTimedOut);
        return outcome;
    }

    bool said(std::string_view part) const { return output_.bytes.text().find(part) != std::string::npos; }
    std::string text() const { return output_.bytes.text(); }
    void stop_at(std::string text) { output_.last_words = std::move(text); }

    plan::MachinePlan plan;

  private:
    // Collects, and ends the run of a guest that does not end by itself.
    struct Output : dev::ByteSink {
        void write(std::span<const std::uint8_t> part) override {
            bytes.write(part);
            if (!last_words.empty() && bytes.text().ends_with(last_words)) machine->request_stop("it has said it");
        }
        dev::VectorSink bytes;
        std::string last_words;
        vm::Machine* machine = nullptr;
    };

    void add_acpi() {
        auto tables = acpi::build_acpi(plan, {});
        REQUIRE_MESSAGE(tables, tables.error().text());
        acpi_ = std::move(tables->blob);
        plan.rsdp = tables->rsdp;
        plan.tables = {{.section = "acpi", .address = tables->base, .size = acpi_.size(), .digest = {}}};
    }

    Result<hv::CpuState> load(const boot::Images& images, dev::GuestMemory& memory) {
        NYX_TRY(boot::load_tables(plan, {{"acpi", acpi_}}, memory));
        NYX_ASSIGN(const boot::InitialState state, boot::load(plan, images, memory));
        return cpu_state(state);
    }

    Output output_;
    Bytes acpi_;
};

std::filesystem::path guest(const char* name) {
    return std::filesystem::path(NYX_GUEST_DIR) / name;
}

void check_hello(BootedMachine& machine, const char* image, std::string_view hello) {
    const vm::Outcome outcome = machine.run(guest(image));
    CAPTURE(machine.text());
    CAPTURE(vm::outcome_report(outcome));
    CHECK(outcome.kind == Kind::kExited);
    CHECK(outcome.exit_status == 0);
    CHECK(machine.said(hello));
}

void check_probe(BootProtocol protocol, std::string_view boot_line) {
    BootedMachine machine(protocol);
    machine.plan.cpu.count = 2;
    const vm::Outcome outcome = machine.run(guest("probe.elf"));
    CAPTURE(machine.text());
    CAPTURE(vm::outcome_report(outcome));
    CHECK(outcome.kind == Kind::kPoweredOff);
    CHECK(machine.said(boot_line));
    CHECK(machine.said("cpus online 2"));
    CHECK(machine.said(", 0 failed"));
}

}  // namespace

TEST_CASE("flat, 16, 32 and 64 bits") {
    if (host_kvm() == nullptr) return;
    BootedMachine real(BootProtocol::kFlat);
    real.plan.boot.mode = EntryMode::kReal16;
    real.plan.boot.load = real.plan.boot.entry = 0x7C00;
    check_hello(real, "hello16.bin", "hello from 16 bits");
    BootedMachine narrow(BootProtocol::kFlat);
    narrow.plan.boot.mode = EntryMode::kProtected32;
    check_hello(narrow, "hello32.bin", "hello from 32 bits");
    BootedMachine wide(BootProtocol::kFlat);
    check_hello(wide, "hello64.bin", "hello from 64 bits");
}

TEST_CASE("multiboot 1 by its address fields") {
    if (host_kvm() == nullptr) return;
    BootedMachine machine(BootProtocol::kMultiboot1);
    check_hello(machine, "multiboot.bin", "hello from multiboot: one two");
}

TEST_CASE("the probe by PVH") {
    if (host_kvm() != nullptr) check_probe(BootProtocol::kPvh, "boot pvh");
}
TEST_CASE("the probe by multiboot 1") {
    if (host_kvm() != nullptr) check_probe(BootProtocol::kMultiboot1, "boot multiboot1");
}
TEST_CASE("the probe as a 64-bit ELF") {
    if (host_kvm() != nullptr) check_probe(BootProtocol::kElf64, "boot elf64");
}
TEST_CASE("the probe with a zero page, as a vmlinux") {
    if (host_kvm() != nullptr) check_probe(BootProtocol::kLinux64, "boot linux64");
}

TEST_CASE("SeaBIOS comes to its boot prompt") {
    constexpr const char* kBios = "/usr/share/seabios/bios.bin";
    if (host_kvm() == nullptr) return;
    if (!std::filesystem::exists(kBios)) {
        std::printf("SKIPPED: no %s (Debian package seabios)\n", kBios);
        return;
    }
    BootedMachine machine(BootProtocol::kFirmware);
    machine.stop_at("No bootable device");
    const vm::Outcome outcome = machine.run(kBios);
    CAPTURE(machine.text());
    CAPTURE(vm::outcome_report(outcome));
    CHECK(outcome.kind == Kind::kStopped);
    CHECK(machine.said("No bootable device"));
    CHECK(machine.said("Found 1 serial ports"));
}
