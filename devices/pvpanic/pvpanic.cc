#include "devices/pvpanic/pvpanic.h"

#include "devices/pvpanic/spec.h"

namespace nyx::dev::pvpanic {

PvPanic::PvPanic(std::uint8_t events, MachineControl& control)
    : port_{"EVENTS", 0, 0, 1, RegisterKind::kReadWrite, events}, control_(control) {}

// Events that the host does not listen to, and bits that mean nothing, are ignored.
void PvPanic::write_byte(std::uint32_t, std::uint64_t, std::uint8_t value) {
    std::uint64_t heard = value & port_.reset;
    if (heard & kPanicked) return control_.guest_panicked(false);
    if (heard & kCrashLoaded) control_.guest_panicked(true);
}

static constexpr RegionSpec kRegions[] = {{"port", Space::kPio, 1, kUsualPort}};
static constexpr SettingSpec kSettings[] = {{"events", kEvents, kPanicked, kEvents}};

static std::unique_ptr<Device> create(SettingValues settings, const Environment& environment) {
    return std::make_unique<PvPanic>(static_cast<std::uint8_t>(settings[0]), environment.control);
}

constinit const DeviceType kType = {
    .name = "pvpanic",
    .title = "panic notifier",
    .state_version = 1,
    .regions = kRegions,
    .lines = {},
    .settings = kSettings,
    .create = create,
};

}  // namespace nyx::dev::pvpanic
