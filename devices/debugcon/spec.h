// The debug console port of Bochs and QEMU: a byte written appears on the host; reading gives a constant by which a
// guest finds it.
#pragma once

#include <cstdint>

namespace nyx::dev::debugcon {

inline constexpr std::uint16_t kUsualPort = 0xE9;
inline constexpr std::uint8_t kUsualReadback = 0xE9;

}  // namespace nyx::dev::debugcon
