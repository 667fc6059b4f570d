#include "devices/exit/exit.h"

#include <algorithm>

#include "devices/exit/spec.h"
#include "devices/kit/register_table.h"
#include "runtime/base/bits.h"

namespace nyx::dev::exit {

static constexpr Register kRegisters[] = {{"STATUS", 0, 0, 4, RegisterKind::kReadWrite, 0}};

std::span<const Register> ExitPort::registers() const {
    return kRegisters;
}

std::uint32_t ExitPort::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write);
}

// A write that starts at a later port would be part of a status; it is dropped rather than guessed at.
void ExitPort::write(const Access& access, std::uint64_t value) {
    if (access.offset != 0) return;
    control_.request_exit(static_cast<int>(std::min(value & width_mask(access.width), kMaxStatus)));
}

static constexpr RegionSpec kRegions[] = {{"port", Space::kPio, kPorts, kUsualPort}};

static std::unique_ptr<Device> create(SettingValues, const Environment& environment) {
    return std::make_unique<ExitPort>(environment.control);
}

constinit const DeviceType kType = {
    .name = "exit",
    .title = "port that ends the run with a status",
    .state_version = 1,
    .regions = kRegions,
    .lines = {},
    .settings = {},
    .create = create,
};

}  // namespace nyx::dev::exit
