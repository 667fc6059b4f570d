// Numbers of the PCI Local Bus Specification, revision 3.0 (chapter 6), and of the PCI Firmware Specification (MCFG).
#pragma once

#include <cstdint>

namespace nyx::dev::pci {

// §6.1: type 0 header
inline constexpr std::uint32_t kVendorId = 0x00;
inline constexpr std::uint32_t kDeviceId = 0x02;
inline constexpr std::uint32_t kCommand = 0x04;
inline constexpr std::uint32_t kStatus = 0x06;
inline constexpr std::uint32_t kRevision = 0x08;
inline constexpr std::uint32_t kClassCode = 0x09;
inline constexpr std::uint32_t kBar0 = 0x10;
inline constexpr std::uint32_t kSubsystemVendorId = 0x2C;
inline constexpr std::uint32_t kSubsystemId = 0x2E;
inline constexpr std::uint32_t kCapabilities = 0x34;
inline constexpr std::uint32_t kInterruptLine = 0x3C;
inline constexpr std::uint32_t kInterruptPin = 0x3D;
inline constexpr std::uint32_t kHeaderEnd = 0x40;

// §6.2.2, §6.2.3
inline constexpr std::uint16_t kCommandMemory = 1 << 1;
inline constexpr std::uint16_t kCommandBusMaster = 1 << 2;
inline constexpr std::uint16_t kCommandInterruptDisable = 1 << 10;
inline constexpr std::uint16_t kStatusCapabilities = 1 << 4;

// §6.7, appendix H
inline constexpr std::uint8_t kCapVendor = 0x09;
inline constexpr std::uint8_t kCapMsix = 0x11;

// §6.8.2: message control of MSI-X
inline constexpr std::uint16_t kMsixEnable = 1 << 15;
inline constexpr std::uint16_t kMsixFunctionMask = 1 << 14;
inline constexpr std::uint32_t kMsixEntry = 16;

// §3.2.2.3.2: configuration mechanism #1
inline constexpr std::uint32_t kConfigEnable = 1u << 31;

inline constexpr std::uint32_t kConfigSize = 256;     // of a PCI function
inline constexpr std::uint32_t kEcamFunction = 4096;  // bytes of ECAM for each (PCI Express Base 7.2.2)
inline constexpr std::uint64_t kEcamBus = 1 << 20;

}  // namespace nyx::dev::pci
