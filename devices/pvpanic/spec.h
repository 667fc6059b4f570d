// pvpanic, the paravirtual panic notifier: QEMU's docs/specs/pvpanic, Linux drivers/misc/pvpanic.
#pragma once

#include <cstdint>

namespace nyx::dev::pvpanic {

inline constexpr std::uint16_t kUsualPort = 0x505;
inline constexpr std::uint8_t kPanicked = 0x01;     // the guest has crashed
inline constexpr std::uint8_t kCrashLoaded = 0x02;  // it has crashed and its crash kernel takes over
inline constexpr std::uint8_t kEvents = kPanicked | kCrashLoaded;

}  // namespace nyx::dev::pvpanic
