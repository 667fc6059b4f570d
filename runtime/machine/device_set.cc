#include "runtime/machine/device_set.h"

#include "devices/kit/pci.h"

namespace nyx::vm {

Result<std::unique_ptr<DeviceSet>> DeviceSet::create(const Blueprint& blueprint, const Services& services) {
    auto set = std::make_unique<DeviceSet>();
    for (const plan::DevicePlan& plan : blueprint.plan->devices) NYX_TRY(set->add(plan, blueprint, services));
    NYX_TRY(set->attach_functions(*blueprint.plan));
    std::vector<AddressSpace::Region> ports;
    std::vector<AddressSpace::Region> memory;
    for (DeviceSlot& slot : set->slots_) {
        std::uint32_t index = 0;
        for (const auto& [space, range] : slot.regions)
            (space == Space::kPio ? ports : memory).push_back({range, &slot, index++});
    }
    NYX_ASSIGN(set->space_, AddressSpace::create(std::move(ports), std::move(memory)));
    if (blueprint.native != nullptr) {
        NYX_ASSIGN(set->native_, NativeAccess::create(*blueprint.native, *blueprint.plan, set->slots_, set->space_));
        set->space_.use(set->native_.get());
    }
    return set;
}

Status DeviceSet::add(const plan::DevicePlan& plan, const Blueprint& blueprint, const Services& services) {
    DeviceSlot& slot = slots_.emplace_back();
    slot.name = plan.name;
    slot.type = plan.type;
    for (Range range : plan.pio) slot.regions.push_back({Space::kPio, range});
    for (Range range : plan.mmio) slot.regions.push_back({Space::kMmio, range});
    timers_.push_back(services.timers.for_device(slot.lock, [&slot] { slot.gate.enter(nullptr); }));
    std::vector<dev::IrqLine*>& lines = lines_.emplace_back();
    for (std::uint32_t gsi : plan.gsis) lines.push_back(&services.irqs.line(gsi));
    dev::Environment environment{lines, services.clock, *timers_.back(), services.control, blueprint.output(plan.name)};
    if (blueprint.input_room) environment.input_room = [room = blueprint.input_room, name = plan.name] { room(name); };
    environment.memory = &services.dma;
    environment.events = &events_.emplace_back(services.loop, slot);
    environment.messages = &services.messages;
    environment.random = services.random;
    environment.replace_timers = services.replace_timers;
    if (blueprint.host_sides) {
        Blueprint::HostSides host = blueprint.host_sides(plan.name);
        environment.block = host.block;
        environment.network = host.network;
        environment.generation = host.generation;
        environment.files = host.files;
    }
    NYX_ASSIGN(slot.device, blueprint.create_device(plan, environment));
    slot.first_counter = counters_;
    counters_ += 2 * (slot.device->registers().size() + 1);
    return {};
}

// A slot that no function or two functions have is a plan's mistake.
Status DeviceSet::attach_functions(const plan::MachinePlan& plan) {
    dev::PciHost* host = nullptr;
    for (DeviceSlot& slot : slots_)
        if (slot.device->pci_host() != nullptr) host = slot.device->pci_host();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        dev::PciFunction* function = slots_[i].device->pci_function();
        if (function == nullptr) continue;
        auto setting = plan.devices[i].settings.find("slot");
        const auto* number =
            setting == plan.devices[i].settings.end() ? nullptr : std::get_if<std::int64_t>(&setting->second);
        if (host == nullptr || number == nullptr ||
            !host->attach(static_cast<std::uint32_t>(*number), *function, function_locks_.emplace_back(slots_[i])))
            return fail(ErrorCode::kInvalidArgument, "device '{}' has no slot of its own on a PCI bus", slots_[i].name);
    }
    return {};
}

DeviceSlot* DeviceSet::find(std::string_view name) {
    for (DeviceSlot& slot : slots_)
        if (slot.name == name) return &slot;
    return nullptr;
}

void DeviceSet::reset() {
    for (DeviceSlot& slot : slots_) {
        DeviceGuard guard(slot);
        slot.device->reset();
    }
}

bool DeviceSet::press_power_button() {
    for (DeviceSlot& slot : slots_) {
        DeviceGuard guard(slot);
        if (dev::PowerButton* button = slot.device->power_button()) {
            button->press_power_button();
            return true;
        }
    }
    return false;
}

}  // namespace nyx::vm
