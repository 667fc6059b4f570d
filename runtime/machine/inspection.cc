#include "runtime/machine/inspection.h"

#include <algorithm>

namespace nyx::vm {

namespace {

RegisterView view_of(const dev::Device& device, std::uint32_t number) {
    RegisterView view{device.registers()[number], device.fields_of(number), {}};
    const std::uint32_t shown = std::min(view.reg.count, RegisterView::kMostElements);
    for (std::uint32_t i = 0; i < shown; ++i)
        view.values.push_back(view.reg.kind == dev::RegisterKind::kWriteOnly ? std::nullopt
                                                                             : device.look_at(number, i));
    return view;
}

}  // namespace

DeviceView inspect(DeviceSlot& slot, const plan::DevicePlan& plan, const IrqInputs& irqs) {
    DeviceView view;
    view.slot = &slot;
    for (std::uint32_t gsi : plan.gsis) view.lines.push_back({gsi, irqs.is_asserted(gsi)});
    DeviceGuard guard(slot);
    for (std::uint32_t i = 0; i < slot.device->registers().size(); ++i)
        view.registers.push_back(view_of(*slot.device, i));
    dev::StateWriter writer;
    slot.device->save(writer);
    for (dev::StateField& field : writer.take()) {
        std::string text = slot.device->state_text(field);
        view.state.push_back({field.id, slot.device->state_name(field.id), std::move(field.value), std::move(text)});
    }
    return view;
}

}  // namespace nyx::vm
