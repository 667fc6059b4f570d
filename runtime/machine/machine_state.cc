// The machine as saved state: everything but memory.
#include <algorithm>

#include "devices/kit/saved_device.h"
#include "runtime/base/check.h"
#include "runtime/machine/diagnosis.h"
#include "runtime/machine/machine.h"

namespace nyx::vm {
namespace {

std::vector<dev::StateUnit> save_devices(DeviceSet& devices) {
    std::vector<dev::StateUnit> units;
    for (DeviceSlot& slot : devices.slots()) {
        DeviceGuard guard(slot);
        slot.device->settle();
        units.push_back(dev::save_device(slot.name, slot.type, *slot.device));
    }
    return units;
}

Status restore(DeviceSlot& slot, const dev::StateUnit& unit) {
    DeviceGuard guard(slot);
    return dev::restore_device(slot.name, slot.type, *slot.device, unit);
}

}  // namespace

Result<std::vector<dev::StateUnit>> Machine::save_parts() const {
    NYX_CHECK(turns_ != nullptr, "save_parts()");
    std::vector<dev::StateUnit> units;
    for (const auto& vcpu : processors_->vcpus) units.push_back(vcpu->counted()->save());
    std::ranges::move(save_devices(*devices_), std::back_inserter(units));
    NYX_ASSIGN(std::vector<dev::StateUnit> chips, processors_->vm->save_chips());
    std::ranges::move(chips, std::back_inserter(units));
    return units;
}

// Time comes first, because devices count from it; interrupt controllers last, because devices drive them.
Result<std::vector<dev::StateUnit>> Machine::save() const {
    NYX_ASSIGN(std::vector<dev::StateUnit> units, save_parts());
    units.insert(units.begin(), turns_->save());
    return units;
}

Status Machine::restore(std::span<const dev::StateUnit> units) {
    const std::size_t vcpus = processors_->vcpus.size(), devices = devices_->slots().size();
    if (units.size() < 1 + vcpus + devices)
        return fail(ErrorCode::kCorrupt, "saved state: {} units are too few for this machine", units.size());
    requests_.forget_guest();
    NYX_TRY(turns_->restore(units[0]));
    for (std::size_t i = 0; i < vcpus; ++i) NYX_TRY(processors_->vcpus[i]->counted()->restore(units[1 + i]));
    for (std::size_t i = 0; i < devices; ++i) NYX_TRY(vm::restore(devices_->slots()[i], units[1 + vcpus + i]));
    exit_free_->devices_changed();
    return processors_->vm->restore_chips(units.subspan(1 + vcpus + devices));
}

std::vector<DeviceView> Machine::inspect() {
    exit_free_->settle();
    std::vector<DeviceView> views;
    for (DeviceSlot& slot : devices_->slots()) views.push_back(vm::inspect(slot, plan().devices[views.size()], irqs_));
    return views;
}

std::vector<CpuSnapshot> Machine::look_at_cpus() const {
    return vm::look_at_cpus(*processors_, memory_.guest, turns_ ? turns_->current() : 0);
}

}  // namespace nyx::vm
