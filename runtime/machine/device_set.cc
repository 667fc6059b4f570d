#include "runtime/machine/device_set.h"

namespace nyx::vm {

Result<std::unique_ptr<DeviceSet>> DeviceSet::create(const Blueprint& blueprint, const Services& services) {
    auto set = std::make_unique<DeviceSet>();
    for (const plan::DevicePlan& plan : blueprint.plan->devices) NYX_TRY(set->add(plan, blueprint, services));
    std::vector<AddressSpace::Region> ports;
    std::vector<AddressSpace::Region> memory;
    for (DeviceSlot& slot : set->slots_) {
        std::uint32_t index = 0;
        for (const auto& [space, range] : slot.regions)
            (space == Space::kPio ? ports : memory).push_back({range, &slot, index++});
    }
    NYX_ASSIGN(set->space_, AddressSpace::create(std::move(ports), std::move(memory)));
    return set;
}

Status DeviceSet::add(const plan::DevicePlan& plan, const Blueprint& blueprint, const Services& services) {
    DeviceSlot& slot = slots_.emplace_back();
    slot.name = plan.name;
    slot.type = plan.type;
    for (Range range : plan.pio) slot.regions.push_back({Space::kPio, range});
    for (Range range : plan.mmio) slot.regions.push_back({Space::kMmio, range});
    timers_.push_back(services.timers.for_device(slot.lock));
    std::vector<dev::IrqLine*>& lines = lines_.emplace_back();
    for (std::uint32_t gsi : plan.gsis) lines.push_back(&services.irqs.line(gsi));
    dev::Environment environment{lines, services.clock, *timers_.back(), services.control, blueprint.output(plan.name)};
    if (blueprint.input_room) environment.input_room = [room = blueprint.input_room, name = plan.name] { room(name); };
    NYX_ASSIGN(slot.device, blueprint.create_device(plan, environment));
    slot.first_counter = counters_;
    counters_ += 2 * (slot.device->registers().size() + 1);
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
