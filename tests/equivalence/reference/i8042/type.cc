#include "tests/equivalence/reference/i8042/controller.h"

namespace nyx::dev::i8042 {

static constexpr RegionSpec kRegions[] = {
    {"data", Space::kPio, 1, 0x60},
    {"command", Space::kPio, 1, 0x64},
    {"port_a", Space::kPio, 1, 0x92},
};
static constexpr std::string_view kLines[] = {"keyboard", "mouse"};

static std::unique_ptr<Device> create(SettingValues, const Environment& environment) {
    return std::make_unique<Controller>(environment);
}

constinit const DeviceType kType = {
    .name = "i8042",
    .title = "keyboard controller without keyboard or mouse, and system control port A",
    .regions = kRegions,
    .lines = kLines,
    .settings = {},
    .create = create,
};

}  // namespace nyx::dev::i8042
