#include "tests/equivalence/reference/serial/uart.h"

namespace nyx::dev::serial {

static constexpr RegionSpec kRegions[] = {{"regs", Space::kPio, 8, 0x3F8}};
static constexpr std::string_view kLines[] = {"irq"};

static std::unique_ptr<Device> create(SettingValues, const Environment& environment) {
    return std::make_unique<Uart>(environment);
}

constinit const DeviceType kType = {
    .name = "serial",
    .title = "16550A serial port (National PC16550D)",
    .regions = kRegions,
    .lines = kLines,
    .settings = {},
    .create = create,
};

}  // namespace nyx::dev::serial
