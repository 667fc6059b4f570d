#include "tests/equivalence/reference/acpi_pm/power_management.h"

namespace nyx::dev::acpi_pm {

static constexpr RegionSpec kRegions[] = {
    {"pm", Space::kPio, kPmPorts, 0x600},
    {"reset", Space::kPio, 1, 0xCF9},
};
static constexpr std::string_view kLines[] = {"sci"};
static constexpr SettingSpec kSettings[] = {{"timer_bits", 32, 24, 32, 8}};

static std::unique_ptr<Device> create(SettingValues settings, const Environment& environment) {
    return std::make_unique<PowerManagement>(static_cast<unsigned>(settings[0]), environment);
}

constinit const DeviceType kType = {
    .name = "acpi_pm",
    .title = "ACPI fixed hardware: PM1, timer, power button, reset register",
    .regions = kRegions,
    .lines = kLines,
    .settings = kSettings,
    .create = create,
};

}  // namespace nyx::dev::acpi_pm
