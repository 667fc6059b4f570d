// The exit device: one 32-bit port register by which a guest ends the run with a status. A convention of ours, modelled
// on the port that test kernels use on other machine monitors, but the status is the value itself.
#pragma once

#include <cstdint>

namespace nyx::dev::exit {

inline constexpr std::uint16_t kUsualPort = 0xF4;
inline constexpr std::uint64_t kPorts = 4;
inline constexpr std::uint64_t kMaxStatus = 255;  // what a process can return; greater values become this

}  // namespace nyx::dev::exit
