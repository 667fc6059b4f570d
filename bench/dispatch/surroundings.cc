#include "bench/dispatch/surroundings.h"

#include "devices/catalog.h"
#include "runtime/base/check.h"
#include "tests/equivalence/reference/acpi_pm/power_management.h"
#include "tests/equivalence/reference/i8042/controller.h"
#include "tests/equivalence/reference/serial/uart.h"

namespace nyx::bench {

std::unique_ptr<dev::Device> as_class(const Board& board, const plan::DevicePlan& plan,
                                      const dev::Environment& environment) {
    for (const dev::DeviceType* type : {&dev::serial::kType, &dev::i8042::kType, &dev::acpi_pm::kType}) {
        if (type->name != plan.type) continue;
        std::vector<std::int64_t> settings;
        for (const dev::SettingSpec& setting : type->settings) settings.push_back(setting.default_value);
        return type->create(settings, environment);
    }
    auto device = dev::create(plan, environment, *board.programs);
    NYX_CHECK(device, "{}", device.error().message);
    return std::move(*device);
}

}  // namespace nyx::bench
