#include "compiler/acpi/power.h"

#include "runtime/base/check.h"

namespace nyx::acpi {

static const plan::DevicePlan* event_device(const plan::MachinePlan& plan) {
    const plan::DevicePlan* device = plan.find_type("acpi_ged");
    return device != nullptr && device->mmio.size() == 2 ? device : nullptr;
}

bool is_hardware_reduced(const plan::MachinePlan& plan) {
    return plan.find_type("acpi_pm") == nullptr && event_device(plan) != nullptr;
}

SleepRegisters sleep_registers(const plan::MachinePlan& plan) {
    if (!is_hardware_reduced(plan)) return {};
    const std::uint64_t base = event_device(plan)->mmio[1].base;
    return {.control = base, .status = base + 1, .reset = base + 2};
}

PowerPorts power_ports(const plan::MachinePlan& plan) {
    if (is_hardware_reduced(plan)) return {};
    const plan::DevicePlan* device = plan.find_type("acpi_pm");
    NYX_CHECK(device != nullptr && device->pio.size() == 2, "no acpi_pm device with two regions");
    std::uint64_t base = device->pio[kPmRegion].base;
    PowerPorts ports{
        {base + kPm1Status, 4}, {base + kPm1Control, 2}, {base + kPmTimer, 4}, {device->pio[kResetRegion].base, 1}};
    if (auto bits = device->settings.find("timer_bits"); bits != device->settings.end()) {
        ports.timer_is_32_bits = bits->second == plan::Setting{std::int64_t{32}};
    }
    return ports;
}

}  // namespace nyx::acpi
