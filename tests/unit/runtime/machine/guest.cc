#include "tests/unit/runtime/machine/guest.h"

#include <cstdio>

namespace nyx::vm {

constexpr std::uint64_t kEntry = 0x1000;

const kvm::System* host_kvm() {
    static auto system = kvm::System::open();
    if (system) return &*system;
    std::printf("SKIPPED: no KVM here: %s\n", system.error().message.c_str());
    return nullptr;
}

static plan::DevicePlan device(const char* name, const char* type, std::vector<Range> pio,
                               std::vector<std::uint32_t> gsis = {}) {
    plan::DevicePlan device;
    device.name = name;
    device.type = type;
    device.pio = std::move(pio);
    device.gsis = std::move(gsis);
    return device;
}

Guest::Guest(Bytes code, std::uint32_t cpus) : code_(std::move(code)) {
    plan.name = "test";
    plan.cpu.count = cpus;
    plan.memory_size = 2 << 20;
    plan.ram = {{{0, 0xA0000}, 0}, {{0x100000, 0x100000}, 0x100000}};
    plan.boot.protocol = plan::BootProtocol::kFlat;
    plan.devices = {device("com1", "serial", {{0x3F8, 8}}, {4}), device("debug", "debugcon", {{0xE9, 1}}),
                    device("exit", "exit", {{0xF4, 4}}),
                    device("kbd", "i8042", {{0x60, 1}, {0x64, 1}, {0x92, 1}}, {1, 12}),
                    device("panic", "pvpanic", {{0x505, 1}})};
}

Result<std::unique_ptr<Machine>> Guest::make() {
    NYX_ASSIGN(loop_, EventLoop::create());
    Blueprint blueprint;
    blueprint.plan = &plan;
    blueprint.create_device = [this](const plan::DevicePlan& device, const dev::Environment& environment) {
        return dev::create(device, environment, programs);
    };
    blueprint.output = [this](const std::string&) -> dev::ByteSink& { return output; };
    blueprint.load = [this](dev::GuestMemory& memory) -> Result<hv::CpuState> {
        ++loads;
        NYX_TRY(memory.write(kEntry, code_));
        for (const auto& [address, bytes] : more_code) NYX_TRY(memory.write(address, bytes));
        hv::CpuState state;
        hv::Segment data{0, 0xFFFF, 0, 3, 0, true, true, false, false, false};
        state.system.ds = state.system.es = state.system.fs = state.system.gs = state.system.ss = data;
        state.system.cs = data;
        state.system.cs.type = 0xB;
        state.system.tr = {0, 0xFFFF, 0, 0xB, 0, true, false, false, false, false};
        state.system.ldt = {0, 0xFFFF, 0, 2, 0, true, false, false, false, false};
        state.system.idt = {0, 0x3FF};
        state.system.gdt = {0, 0xFFFF};
        state.system.cr0 = 0x10;  // ET
        state.general.rip = kEntry;
        state.general.rsp = kEntry;
        if (adjust) adjust(state);
        return state;
    };
    return Machine::create(*host_kvm(), *loop_, std::move(blueprint), options);
}

Outcome Guest::run() {
    constexpr std::uint64_t kLimit = 60'000'000'000;
    auto made = make();
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
    machine_ = std::move(*made);
    return machine_->run(kLimit);
}

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace nyx::vm
