// Motorola MC146818A, "Real-Time Clock plus RAM", and how a PC/AT uses its RAM.
#pragma once

#include <cstdint>

namespace nyx::dev::rtc {

// Ports: 0x70 index, bit 7 of which masks NMI on a PC and is not part of the index; 0x71 data.
inline constexpr std::uint64_t kIndexPort = 0;
inline constexpr std::uint64_t kDataPort = 1;
inline constexpr std::uint8_t kIndexMask = 0x7F;
inline constexpr std::uint8_t kRamSize = 128;

// Table 2 "Time, calendar and alarm data modes".
inline constexpr std::uint8_t kSeconds = 0x00;
inline constexpr std::uint8_t kSecondsAlarm = 0x01;
inline constexpr std::uint8_t kMinutes = 0x02;
inline constexpr std::uint8_t kMinutesAlarm = 0x03;
inline constexpr std::uint8_t kHours = 0x04;
inline constexpr std::uint8_t kHoursAlarm = 0x05;
inline constexpr std::uint8_t kDayOfWeek = 0x06;
inline constexpr std::uint8_t kDayOfMonth = 0x07;
inline constexpr std::uint8_t kMonth = 0x08;
inline constexpr std::uint8_t kYear = 0x09;
inline constexpr std::uint8_t kRegisterA = 0x0A;
inline constexpr std::uint8_t kRegisterB = 0x0B;
inline constexpr std::uint8_t kRegisterC = 0x0C;
inline constexpr std::uint8_t kRegisterD = 0x0D;
inline constexpr std::uint8_t kCentury = 0x32;  // FADT.CENTURY; always where the chip has plain RAM

inline constexpr std::uint8_t kHoursPm = 0x80;        // 12-hour mode
inline constexpr std::uint8_t kAlarmDontCare = 0xC0;  // "Alarm": 0xC0 to 0xFF match every value

// Register A.
inline constexpr std::uint8_t kUip = 0x80;  // an update is near or under way; read-only
inline constexpr std::uint8_t kDividerMask = 0x70;
inline constexpr std::uint8_t kDividerRun = 0x20;    // Table 4: 32.768 kHz crystal, running
inline constexpr std::uint8_t kDividerReset = 0x60;  // 110 and 111 hold the divider chain in reset
inline constexpr std::uint8_t kRateMask = 0x0F;
inline constexpr std::uint8_t kResetRegisterA =
    0x26;  // running, 1,024 Hz: not defined by the chip; as PC firmware leaves it

// Register B.
inline constexpr std::uint8_t kSet = 0x80;
inline constexpr std::uint8_t kPie = 0x40;
inline constexpr std::uint8_t kAie = 0x20;
inline constexpr std::uint8_t kUie = 0x10;
inline constexpr std::uint8_t kSqwe = 0x08;
inline constexpr std::uint8_t kDm = 0x04;  // 1: binary, 0: BCD
inline constexpr std::uint8_t k24Hours = 0x02;
inline constexpr std::uint8_t kEnables = kPie | kAie | kUie;

// Register C: the same bits as the enables of register B, and their sum. Reading clears all.
inline constexpr std::uint8_t kIrqf = 0x80;
inline constexpr std::uint8_t kPf = kPie;
inline constexpr std::uint8_t kAf = kAie;
inline constexpr std::uint8_t kUf = kUie;

// Register D.
inline constexpr std::uint8_t kVrt = 0x80;  // the battery was never empty

// "Update cycle", Table 6 for 32.768 kHz: UIP is 1 from 244 us before the cycle to its end 1,984 us later, when the
// time has changed.
inline constexpr std::int64_t kUpdateNs = std::int64_t{244 + 1984} * 1000;
inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kTicksPerSecond = 32'768;

// RAM as PC firmware uses it (IBM PC/AT Technical Reference; above 0x33 as SeaBIOS and its like read it).
inline constexpr std::uint8_t kEquipment = 0x14;
inline constexpr std::uint8_t kEquipmentCoprocessor = 0x02;
inline constexpr std::uint8_t kBaseMemory = 0x15;       // KiB below 640 KiB, 2 bytes
inline constexpr std::uint8_t kExtendedMemory = 0x17;   // KiB above 1 MiB, 2 bytes
inline constexpr std::uint8_t kExtendedMemory2 = 0x30;  // the same
inline constexpr std::uint8_t kMemoryAbove16M = 0x34;   // 64 KiB units above 16 MiB and below 4 GiB, 2 bytes
inline constexpr std::uint8_t kMemoryAbove4G = 0x5B;    // 64 KiB units above 4 GiB, 3 bytes
inline constexpr std::uint8_t kProcessorsLessOne = 0x5F;
inline constexpr std::uint8_t kChecksumFirst = 0x10;
inline constexpr std::uint8_t kChecksumLast = 0x2D;
inline constexpr std::uint8_t kChecksum = 0x2E;  // sum of 0x10 to 0x2D, high byte first

}  // namespace nyx::dev::rtc
