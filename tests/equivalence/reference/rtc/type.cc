#include "tests/equivalence/reference/rtc/clock_chip.h"

namespace nyx::dev::rtc {

static constexpr RegionSpec kRegions[] = {{"cmos", Space::kPio, 2, 0x70}};
static constexpr std::string_view kLines[] = {"irq"};
static constexpr SettingSpec kSettings[] = {
    {"memory_below_4g", 0, 0, std::int64_t{1} << 32},
    {"memory_above_4g", 0, 0, std::int64_t{1} << 52},
    {"cpus", 1, 1, 256},
};

static std::unique_ptr<Device> create(SettingValues settings, const Environment& environment) {
    Config config{static_cast<std::uint64_t>(settings[0]), static_cast<std::uint64_t>(settings[1]),
                  static_cast<std::uint16_t>(settings[2])};
    return std::make_unique<ClockChip>(config, environment);
}

constinit const DeviceType kType = {
    .name = "rtc",
    .title = "real-time clock and battery RAM (Motorola MC146818A)",
    .regions = kRegions,
    .lines = kLines,
    .settings = kSettings,
    .create = create,
};

}  // namespace nyx::dev::rtc
