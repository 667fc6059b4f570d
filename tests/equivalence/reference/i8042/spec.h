// The keyboard controller of the PC/AT and PS/2: IBM Personal System/2 Hardware Interface Technical Reference (1990),
// "Keyboard and Auxiliary Device Controller" [KAC] and "System Control Port A".
#pragma once

#include <cstdint>

namespace nyx::dev::i8042 {

inline constexpr std::uint32_t kDataRegion = 0;     // port 0x60
inline constexpr std::uint32_t kCommandRegion = 1;  // port 0x64
inline constexpr std::uint32_t kPortARegion = 2;    // port 0x92

// [KAC] status register, read at 0x64. Bit 1 (input buffer full) is always 0: a byte is dealt with before the write
// returns.
inline constexpr std::uint8_t kStatusOutputFull = 0x01;
inline constexpr std::uint8_t kStatusSystem = 0x04;   // the self test has passed
inline constexpr std::uint8_t kStatusCommand = 0x08;  // the last byte came to 0x64
inline constexpr std::uint8_t kStatusNotInhibited = 0x10;
inline constexpr std::uint8_t kStatusAuxiliary = 0x20;  // the output buffer holds a byte of the auxiliary device
inline constexpr std::uint8_t kStatusTimeout = 0x40;

// [KAC] controller command byte: RAM location 0.
inline constexpr std::uint8_t kCommandByteKeyboardIrq = 0x01;
inline constexpr std::uint8_t kCommandByteAuxiliaryIrq = 0x02;
inline constexpr std::uint8_t kCommandByteSystem = 0x04;
inline constexpr std::uint8_t kCommandByteKeyboardOff = 0x10;
inline constexpr std::uint8_t kCommandByteAuxiliaryOff = 0x20;
inline constexpr std::uint8_t kCommandByteTranslate = 0x40;
inline constexpr std::uint8_t kResetCommandByte =
    kCommandByteKeyboardOff | kCommandByteAuxiliaryOff | kCommandByteTranslate;

// [KAC] commands, written to 0x64.
inline constexpr std::uint8_t kReadRam = 0x20;   // to 0x3F
inline constexpr std::uint8_t kWriteRam = 0x60;  // to 0x7F
inline constexpr std::uint8_t kRamSize = 32;
inline constexpr std::uint8_t kDisableAuxiliary = 0xA7;
inline constexpr std::uint8_t kEnableAuxiliary = 0xA8;
inline constexpr std::uint8_t kTestAuxiliary = 0xA9;
inline constexpr std::uint8_t kSelfTest = 0xAA;
inline constexpr std::uint8_t kTestKeyboard = 0xAB;
inline constexpr std::uint8_t kDisableKeyboard = 0xAD;
inline constexpr std::uint8_t kEnableKeyboard = 0xAE;
inline constexpr std::uint8_t kReadInputPort = 0xC0;
inline constexpr std::uint8_t kReadOutputPort = 0xD0;
inline constexpr std::uint8_t kWriteOutputPort = 0xD1;
inline constexpr std::uint8_t kWriteKeyboardBuffer = 0xD2;
inline constexpr std::uint8_t kWriteAuxiliaryBuffer = 0xD3;
inline constexpr std::uint8_t kWriteToAuxiliary = 0xD4;
inline constexpr std::uint8_t kReadTestInputs = 0xE0;
inline constexpr std::uint8_t kPulseOutput = 0xF0;  // to 0xFF: pulses the output port bits that are 0 in bits 0 to 3

inline constexpr std::uint8_t kSelfTestPassed = 0x55;
inline constexpr std::uint8_t kInterfaceTestPassed = 0x00;
inline constexpr std::uint8_t kInputPort = 0x80;   // the keyboard is not inhibited
inline constexpr std::uint8_t kTestInputs = 0x03;  // both keyboard lines idle
inline constexpr std::uint8_t kResend =
    0xFE;  // what the controller says, with the time-out bit, for a device that is silent

// [KAC] output port.
inline constexpr std::uint8_t kOutputNotReset = 0x01;  // also bit 0 of a pulse command
inline constexpr std::uint8_t kOutputA20 = 0x02;
inline constexpr std::uint8_t kOutputKeyboardIrq = 0x10;
inline constexpr std::uint8_t kOutputAuxiliaryIrq = 0x20;
inline constexpr std::uint8_t kOutputIdleLines = 0xCC;  // clock and data of both interfaces

// System control port A, 0x92.
inline constexpr std::uint8_t kPortAReset = 0x01;
inline constexpr std::uint8_t kPortAA20 = 0x02;

}  // namespace nyx::dev::i8042
