#include "devices/debugcon/debugcon.h"

#include "devices/debugcon/spec.h"

namespace nyx::dev::debugcon {

DebugConsole::DebugConsole(std::uint8_t readback, ByteSink& output)
    : port_{"DEBUG", 0, 0, 1, RegisterKind::kReadWrite, readback}, output_(output) {}

static constexpr RegionSpec kRegions[] = {{"port", Space::kPio, 1, kUsualPort}};
static constexpr SettingSpec kSettings[] = {{"readback", kUsualReadback, 0, 0xFF}};

static std::unique_ptr<Device> create(SettingValues settings, const Environment& environment) {
    return std::make_unique<DebugConsole>(static_cast<std::uint8_t>(settings[0]), environment.output);
}

constinit const DeviceType kType = {
    .name = "debugcon",
    .title = "debug console port",
    .state_version = 1,
    .regions = kRegions,
    .lines = {},
    .settings = kSettings,
    .create = create,
};

}  // namespace nyx::dev::debugcon
