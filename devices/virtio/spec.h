// Numbers of "Virtual I/O Device (VIRTIO) Version 1.2", OASIS Committee Specification 01. § refers to it.
#pragma once

#include <cstdint>

namespace nyx::dev::virtio {

// §2.1 device status
inline constexpr std::uint8_t kAcknowledge = 1;
inline constexpr std::uint8_t kDriver = 2;
inline constexpr std::uint8_t kDriverOk = 4;
inline constexpr std::uint8_t kFeaturesOk = 8;
inline constexpr std::uint8_t kDeviceNeedsReset = 64;
inline constexpr std::uint8_t kFailed = 128;

// §5: device ids
enum class DeviceId : std::uint32_t { kNetwork = 1, kBlock = 2, kConsole = 3, kEntropy = 4 };

// §6 reserved feature bits
inline constexpr std::uint64_t kFIndirectDesc = 1ull << 28;
inline constexpr std::uint64_t kFEventIdx = 1ull << 29;
inline constexpr std::uint64_t kFVersion1 = 1ull << 32;

// §2.7 split virtqueues
inline constexpr std::uint16_t kMaxQueueSize = 32768;
inline constexpr std::uint64_t kDescriptorSize = 16;
inline constexpr std::uint16_t kDescNext = 1;
inline constexpr std::uint16_t kDescWrite = 2;
inline constexpr std::uint16_t kDescIndirect = 4;
inline constexpr std::uint16_t kAvailNoInterrupt = 1;
// Rings: flags, idx, then the elements; behind them the other side's event index (§2.7.6, §2.7.8).
inline constexpr std::uint64_t kRingHeader = 4;
inline constexpr std::uint64_t kAvailElement = 2;
inline constexpr std::uint64_t kUsedElement = 8;
inline constexpr std::uint64_t kEventSize = 2;

// §4.1.4.5 and §4.2.2: interrupt status
inline constexpr std::uint8_t kIsrQueue = 1;
inline constexpr std::uint8_t kIsrConfig = 2;

// §4.1.5.1.2: no message for this
inline constexpr std::uint16_t kNoVector = 0xFFFF;

// §4.2.2 registers of MMIO devices; each has 32 bits
namespace mmio {
inline constexpr std::uint32_t kMagic = 0x74726976;  // "virt"
inline constexpr std::uint32_t kVersion = 2;
inline constexpr std::uint32_t kVendor = 0x78794E;  // "Nyx"
inline constexpr std::uint64_t kConfig = 0x100;
inline constexpr std::uint64_t kWindow = 0x1000;  // a page of its own, so that its reads need no exit
inline constexpr std::uint64_t kNotify = 0x050;
}  // namespace mmio

}  // namespace nyx::dev::virtio
