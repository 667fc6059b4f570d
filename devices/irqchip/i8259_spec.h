// Intel 8259A, "Programmable Interrupt Controller", as a PC has two of them (82371AB/ICH "8259 interrupt controllers").
#pragma once

#include <cstdint>

namespace nyx::dev::irqchip {

// A0 of the chip's two ports.
inline constexpr unsigned kPicCommand = 0;
inline constexpr unsigned kPicData = 1;

// "Initialization Command Words". ICW1 is told from OCW2 and OCW3 by bit 4 at A0 = 0.
inline constexpr std::uint8_t kIcw1 = 0x10;
inline constexpr std::uint8_t kIcw1Single = 0x02;    // SNGL: no cascade, so no ICW3
inline constexpr std::uint8_t kIcw1NeedIcw4 = 0x01;  // IC4
inline constexpr std::uint8_t kIcw2BaseMask = 0xF8;
inline constexpr std::uint8_t kIcw4SpecialFullyNested = 0x10;
inline constexpr std::uint8_t kIcw4AutoEoi = 0x02;
inline constexpr std::uint8_t kIcw4Known = 0x1F;

// "Operation Command Words". OCW1 is the mask at A0 = 1; bit 3 tells OCW3 from OCW2.
inline constexpr std::uint8_t kOcw3 = 0x08;
inline constexpr std::uint8_t kOcw2LevelMask = 0x07;
inline constexpr unsigned kOcw2CommandShift = 5;  // R, SL, EOI
enum class Ocw2 : std::uint8_t {
    kRotateInAutoEoiClear = 0,
    kNonSpecificEoi = 1,
    kNoOperation = 2,
    kSpecificEoi = 3,
    kRotateInAutoEoiSet = 4,
    kRotateOnNonSpecificEoi = 5,
    kSetPriority = 6,
    kRotateOnSpecificEoi = 7,
};
inline constexpr std::uint8_t kOcw3ChangeSpecialMask = 0x40;  // ESMM
inline constexpr std::uint8_t kOcw3SpecialMask = 0x20;        // SMM
inline constexpr std::uint8_t kOcw3Poll = 0x04;
inline constexpr std::uint8_t kOcw3ReadRegister = 0x02;  // RR
inline constexpr std::uint8_t kOcw3ReadIsr = 0x01;       // RIS
inline constexpr std::uint8_t kPollInterrupt = 0x80;     // "Poll command": the byte that the next read gives

inline constexpr unsigned kPicLines = 8;
inline constexpr unsigned kCascadeLine = 2;  // of the master; the slave's INT drives it
inline constexpr unsigned kSpuriousLine = 7;

// "Edge/level control registers" (82371AB §4.2.6). System timer, keyboard, cascade, clock and coprocessor are edge
// only.
inline constexpr std::uint8_t kElcrMasterMask = 0xF8;
inline constexpr std::uint8_t kElcrSlaveMask = 0xDE;

}  // namespace nyx::dev::irqchip
