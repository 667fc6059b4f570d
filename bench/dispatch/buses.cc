#include "bench/dispatch/buses.h"

#include <algorithm>
#include <functional>

#include "devices/catalog.h"
#include "runtime/base/check.h"
#include "runtime/jit/exit_code.h"
#include "runtime/machine/access_value.h"
#include "tests/equivalence/reference/acpi_pm/power_management.h"
#include "tests/equivalence/reference/i8042/controller.h"
#include "tests/equivalence/reference/serial/uart.h"

namespace nyx::bench {

namespace {

// The device as a class, where there is one; else as nyx has it.
std::unique_ptr<dev::Device> as_class(const plan::Bundle& bundle, const plan::DevicePlan& plan,
                                      const dev::Environment& environment) {
    for (const dev::DeviceType* type : {&dev::serial::kType, &dev::i8042::kType, &dev::acpi_pm::kType}) {
        if (type->name != plan.type) continue;
        std::vector<std::int64_t> settings;
        for (const dev::SettingSpec& setting : type->settings) settings.push_back(setting.default_value);
        return type->create(settings, environment);
    }
    auto device = dev::create(plan, environment, bundle.programs());
    NYX_CHECK(device, "{}", device.error().message);
    return std::move(*device);
}

std::size_t index_of(Space space) {
    return space == Space::kPio ? 0 : 1;
}

dev::Access access_of(const Range& range, std::uint32_t region, std::uint64_t address, std::size_t size) {
    return {region, address - range.base, static_cast<std::uint8_t>(size)};
}

bool holds(const Range& range, std::uint64_t address, std::size_t size) {
    return address >= range.base && address + size <= range.end();
}

void read_from(LockedDevice& device, const dev::Access& access, std::span<std::uint8_t> data) {
    std::lock_guard guard(device.lock);
    vm::put_access_value(data, device.device->read(access));
}

void write_to(LockedDevice& device, const dev::Access& access, std::span<const std::uint8_t> data) {
    std::lock_guard guard(device.lock);
    device.device->write(access, vm::access_value(data));
}

void nobody(std::span<std::uint8_t> data) {
    std::ranges::fill(data, std::uint8_t{0xFF});
}

}  // namespace

struct NyxBus::Code {
    std::unique_ptr<jit::ExitCode> linked;
};

NyxBus::NyxBus(const plan::Bundle& bundle, Devices devices, std::uint32_t vcpus, const codegen::HotAccesses& hot)
    : plan_(bundle.plan()), code_(std::make_unique<Code>()) {
    plan_.cpu.count = vcpus;
    vm::Blueprint blueprint;
    blueprint.plan = &plan_;
    blueprint.output = [this](const std::string&) -> dev::ByteSink& { return around_.output; };
    blueprint.create_device = [&](const plan::DevicePlan& plan,
                                  const dev::Environment& environment) -> Result<std::unique_ptr<dev::Device>> {
        if (devices == Devices::kClasses) return as_class(bundle, plan, environment);
        return dev::create(plan, environment, bundle.programs());
    };
    if (devices == Devices::kCompiled) {
        auto object = codegen::exit_object({plan_, bundle.programs(), hot}, plan::kCodeLevels[jit::host_level()]);
        NYX_CHECK(object, "{}", object.error().message);
        auto linked = jit::ExitCode::link(*object);
        NYX_CHECK(linked, "{}", linked.error().message);
        code_->linked = std::move(*linked);
        blueprint.native = &code_->linked->functions();
    }
    auto made = vm::DeviceSet::create(blueprint, {around_.irqs,
                                                  [](const auto&) {},
                                                  around_.clock,
                                                  around_.timers,
                                                  around_.control,
                                                  around_.dma,
                                                  *around_.loop,
                                                  around_.messages,
                                                  {}});
    NYX_CHECK(made, "{}", made.error().message);
    devices_ = std::move(*made);
}

NyxBus::~NyxBus() = default;

codegen::HotAccesses NyxBus::hottest(const Caller& caller) const {
    constexpr std::size_t kMost = 6;
    std::multimap<std::uint64_t, codegen::HotAccess, std::greater<>> found;
    for (const vm::DeviceSlot& slot : devices_->slots()) {
        const auto registers = slot.device->registers();
        for (std::size_t i = 0; i < 2 * registers.size(); ++i)
            found.emplace(caller.counters.registers(slot.first_counter + i),
                          codegen::HotAccess{slot.name, std::string(registers[i / 2].name), i % 2 == 1});
    }
    codegen::HotAccesses hot;
    for (const auto& [count, access] : found)
        if (hot.size() < kMost && count != 0) hot.push_back(access);
    return hot;
}

ClassDevices::ClassDevices(const plan::Bundle& bundle) {
    for (const plan::DevicePlan& plan : bundle.plan().devices) {
        auto device = std::make_shared<LockedDevice>();
        timers_.push_back(around_.timers.for_device(device->lock));
        auto& lines = lines_.emplace_back(std::make_unique<std::vector<dev::IrqLine*>>());
        for (std::uint32_t gsi : plan.gsis) lines->push_back(&around_.irqs.line(gsi));
        dev::Environment environment{*lines, around_.clock, *timers_.back(), around_.control, around_.output};
        environment.memory = &around_.dma;
        environment.messages = &around_.messages;
        device->device = as_class(bundle, plan, environment);
        std::uint32_t region = 0;
        for (const Range& range : plan.pio) placed_.push_back({Space::kPio, range, region++, device});
        for (const Range& range : plan.mmio) placed_.push_back({Space::kMmio, range, region++, device});
    }
}

MapBus::MapBus(const plan::Bundle& bundle) : devices_(bundle) {
    for (const Placed& one : devices_.placed()) by_base_[index_of(one.space)].emplace(one.range.base, one);
}

const Placed* MapBus::find(Space space, std::uint64_t address, std::size_t size) const {
    const auto& map = by_base_[index_of(space)];
    auto after = map.upper_bound(address);
    if (after == map.begin()) return nullptr;
    const Placed& one = std::prev(after)->second;
    return holds(one.range, address, size) ? &one : nullptr;
}

void MapBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one == nullptr) return nobody(data);
    read_from(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

void MapBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one != nullptr) write_to(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

SharedMapBus::SharedMapBus(const plan::Bundle& bundle) : devices_(bundle) {
    for (const Placed& one : devices_.placed())
        by_base_[index_of(one.space)].emplace(one.range.base, Entry{one.range, one.region, one.device});
}

SharedMapBus::Found SharedMapBus::find(Space space, std::uint64_t address, std::size_t size) const {
    std::shared_lock guard(locks_[index_of(space)]);
    const auto& map = by_base_[index_of(space)];
    auto after = map.upper_bound(address);
    if (after == map.begin()) return {};
    const Entry& one = std::prev(after)->second;
    if (!holds(one.range, address, size)) return {};
    return {one.device.lock(), access_of(one.range, one.region, address, size)};
}

void SharedMapBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device == nullptr) return nobody(data);
    read_from(*found.device, found.access, data);
}

void SharedMapBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device != nullptr) write_to(*found.device, found.access, data);
}

const Placed* LinearBus::find(Space space, std::uint64_t address, std::size_t size) const {
    const auto found = std::ranges::find_if(
        devices_.placed(), [&](const Placed& one) { return one.space == space && holds(one.range, address, size); });
    return found == devices_.placed().end() ? nullptr : &*found;
}

void LinearBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one == nullptr) return nobody(data);
    read_from(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

void LinearBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one != nullptr) write_to(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

}  // namespace nyx::bench
