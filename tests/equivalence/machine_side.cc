#include "tests/equivalence/machine_side.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "compiler/codegen/exit_code.h"
#include "devices/companions/companion.h"
#include "devices/kit/pci.h"
#include "devices/programs/programs.h"
#include "runtime/plan/bundle_format.h"
#include "runtime/plan/programs.h"
#include "tests/unit/runtime/plan/sample_plan.h"

namespace nyx::vm {

using dev::ir::Program;

namespace {

constexpr std::uint64_t kPorts = 0x100, kMemory = 0xD0000000;

// What asks gets an answer that follows from the question and how many were asked, and what is sent is output.
class Answering final : public dev::described::Outlets {
  public:
    Answering(const Program& program, dev::ByteSink& output) : bits_(program.sinks[0].bits), output_(output) {}
    void take(std::uint32_t, std::uint64_t value) override {
        std::array<std::uint8_t, 8> bytes{};
        store_le(bytes.data(), value);
        output_.write({bytes.data(), bits_ / 8u});
    }
    std::uint64_t reply(std::uint32_t, std::uint64_t about) override {
        return (about + ++asked_) * 0x9E3779B97F4A7C15ull;
    }

  private:
    unsigned bits_;
    dev::ByteSink& output_;
    std::uint64_t asked_ = 0;
};

Result<std::unique_ptr<dev::Device>> create(const Described& machine, const plan::DevicePlan& plan,
                                            const dev::Environment& environment) {
    const auto program = std::ranges::find(machine.programs, plan.type, &Program::name);
    REQUIRE(program != machine.programs.end());
    NYX_ASSIGN(Program own, plan::configured(plan, *program));
    auto companion = dev::companions::make(plan.type, environment);
    dev::companions::Companion* beside = companion.get();
    std::unique_ptr<dev::described::Outlets> outlets = std::move(companion);
    if (outlets == nullptr && !own.queries.empty()) outlets = std::make_unique<Answering>(own, environment.output);
    NYX_ASSIGN(auto created, dev::described::Described::create(std::make_unique<const Program>(std::move(own)),
                                                               environment, std::move(outlets)));
    if (beside != nullptr) NYX_TRY(beside->join(*created));
    return std::unique_ptr<dev::Device>(std::move(created));
}

}  // namespace

Described machine_of(const Program& program, std::uint32_t vcpus) {
    Described machine{plan::sample_plan(), {program}};
    plan::DevicePlan device{"d", program.name, {}, {}, {}, {}};
    std::uint64_t port = kPorts, address = kMemory;
    for (const dev::ir::Bank& bank : program.banks) {
        const bool is_pio = bank.space == dev::ir::Space::kPio;
        // One port alone is PCI's CONFIG_ADDRESS in the catalog, which is whole at its own address only.
        const bool is_alone = is_pio && bank.size == 1 && program.name == "pci";
        const std::uint64_t base = is_pio ? port : address;
        (is_pio ? device.pio : device.mmio).push_back({is_alone ? dev::kPciConfigAddress : base, bank.size});
        (is_pio ? port : address) += (bank.size + 0xFFFu) & ~std::uint64_t{0xFFF};
    }
    for (std::uint32_t i = 0; i < program.lines.size(); ++i) device.gsis.push_back(5 + i);
    machine.plan.devices = {device};
    machine.plan.cpu.count = vcpus;
    plan::name_programs(machine.plan, machine.programs);
    return machine;
}

Described machine_of_pc(std::uint32_t vcpus) {
    Described machine{plan::sample_plan(), {}};
    for (const char* name : {"acpi_pm", "i8042", "serial"}) machine.programs.push_back(*dev::programs::find(name));
    machine.plan.devices = {
        {"acpi_pm", "acpi_pm", {{0x600, 16}, {0xCF9, 1}}, {}, {9}, {{"timer_bits", std::int64_t{32}}}},
        {"com1", "serial", {{0x3F8, 8}}, {}, {4}, {}},
        {"i8042", "i8042", {{0x60, 1}, {0x64, 1}, {0x92, 1}}, {}, {1, 12}, {}}};
    machine.plan.cpu.count = vcpus;
    plan::name_programs(machine.plan, machine.programs);
    return machine;
}

NativeBundle::NativeBundle(const Described& machine, const char* level) {
    plan::BundleContents contents = plan::sample_contents();
    contents.plan = machine.plan;
    contents.wiring = {};
    contents.programs = machine.programs;
    auto object = codegen::exit_object({machine.plan, machine.programs}, level);
    REQUIRE_MESSAGE(object, object.error().text());
    contents.code[level] = std::move(*object);
    auto written = plan::write_bundle(contents);
    REQUIRE_MESSAGE(written, written.error().text());
    bytes_ = std::move(*written);
    auto bundle = plan::Bundle::read(bytes_, "test.nyxb");
    REQUIRE_MESSAGE(bundle, bundle.error().text());
    auto linked = jit::ExitCode::link(*bundle->section(plan::code_section(level)));
    REQUIRE_MESSAGE(linked, linked.error().text());
    code_ = std::move(*linked);
}

Side::Side(const Described& described, const Paths& paths) : machine(described), is_exit_free(paths.exit_free) {
    Blueprint blueprint;
    blueprint.plan = &machine.plan;
    blueprint.native = paths.native;
    blueprint.create_device = [this](const plan::DevicePlan& plan, const dev::Environment& environment) {
        return create(machine, plan, environment);
    };
    blueprint.output = [this, &paths](const std::string&) -> dev::ByteSink& {
        return paths.output != nullptr ? *paths.output : output;
    };
    auto created =
        DeviceSet::create(blueprint, {irqs_, [](const auto&) {}, clock, timers, control, dma_, *loop, messages_, {}});
    REQUIRE_MESSAGE(created, created.error().message);
    devices_ = std::move(*created);
    counters.emplace(devices_->counters());
    accessor_.emplace(AddressSpace::Accessor{*counters, &vcpu});
    server_ = std::make_unique<ExitFreeServer>(*devices_, *loop, 1);
    if (paths.exit_free) REQUIRE(server_->attach(vm));
    for (const DeviceSlot& slot : devices_->slots())
        has_doorbells |= !slot.device->exit_free_paths()->exit_free().doorbells.empty();
}

std::uint64_t Side::read(Space space, std::uint64_t address, std::uint8_t width) {
    std::array<std::uint8_t, 8> data{};
    std::span<std::uint8_t> part(data.data(), width);
    if (!vm.read(space, address, part)) {
        ++exits;
        server_->apply_queued(&vcpu);
        devices_->space().read(space, address, part, *accessor_);
    }
    return load_le<std::uint64_t>(data.data());
}

void Side::write(Space space, std::uint64_t address, std::uint8_t width, std::uint64_t value) {
    std::array<std::uint8_t, 8> data{};
    store_le(data.data(), value);
    const std::span<const std::uint8_t> part(data.data(), width);
    if (vm.write(space, address, part)) return;
    ++exits;
    server_->apply_queued(&vcpu);
    devices_->space().write(space, address, part, *accessor_);
    server_->wrote(space, {address, width}, &vcpu);
}

void Side::advance(std::uint64_t ns) {
    server_->settle();
    server_->look(clock.now_ns);
    clock.now_ns += ns;
    timers.run_due(clock.now_ns);
}

// By every device that takes input.
std::size_t Side::receive(std::uint8_t byte) {
    server_->settle();
    std::size_t taken = 0;
    for (DeviceSlot& slot : devices_->slots()) {
        DeviceGuard guard(slot);
        dev::ByteReceiver* receiver = slot.device->byte_receiver();
        if (receiver != nullptr) taken += receiver->receive({&byte, 1});
    }
    return taken;
}

void Side::reset() {
    server_->settle();
    devices_->reset();
    server_->devices_changed();
}

std::vector<dev::StateUnit> Side::saved() {
    server_->settle();
    std::vector<dev::StateUnit> units;
    for (DeviceSlot& slot : devices_->slots()) {
        DeviceGuard guard(slot);
        dev::StateWriter writer;
        slot.device->save(writer);
        units.push_back({slot.name, slot.type, 1, writer.take()});
    }
    return units;
}

bool Side::restore(const std::vector<dev::StateUnit>& units) {
    server_->settle();
    bool all = true;
    for (std::size_t i = 0; i < units.size(); ++i) {
        DeviceSlot& slot = devices_->slots()[i];
        DeviceGuard guard(slot);
        dev::StateReader reader(units[i].fields);
        all &= slot.device->restore(reader).has_value();
    }
    server_->devices_changed();
    return all;
}

std::vector<std::uint8_t> Side::state_bytes() const {
    std::vector<std::uint8_t> all;
    for (const DeviceSlot& slot : devices_->slots()) {
        const auto bytes = dynamic_cast<const dev::described::Described&>(*slot.device).state_bytes();
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all;
}

}  // namespace nyx::vm
