// National Semiconductor PC16550D, "Universal Asynchronous Receiver/Transmitter with FIFOs", June 1995. Section 8 has
// the registers.
#pragma once

#include <cstdint>

namespace nyx::dev::serial {

// Table II: registers by address; offset 0 and 1 depend on LCR.DLAB and on the direction.
inline constexpr std::uint64_t kRbrThrDll = 0;
inline constexpr std::uint64_t kIerDlm = 1;
inline constexpr std::uint64_t kIirFcr = 2;
inline constexpr std::uint64_t kLcr = 3;
inline constexpr std::uint64_t kMcr = 4;
inline constexpr std::uint64_t kLsr = 5;
inline constexpr std::uint64_t kMsr = 6;
inline constexpr std::uint64_t kScr = 7;

// §8.7 interrupt enable register; bits 4 to 7 are always 0.
inline constexpr std::uint8_t kIerErbfi = 0x01;  // received data available
inline constexpr std::uint8_t kIerEtbei = 0x02;  // transmitter holding register empty
inline constexpr std::uint8_t kIerElsi = 0x04;   // receiver line status
inline constexpr std::uint8_t kIerEdssi = 0x08;  // modem status
inline constexpr std::uint8_t kIerMask = 0x0F;

// §8.5 interrupt identification register, Table IV: highest priority first.
inline constexpr std::uint8_t kIirLineStatus = 0x06;
inline constexpr std::uint8_t kIirDataAvailable = 0x04;
inline constexpr std::uint8_t kIirTimeout = 0x0C;
inline constexpr std::uint8_t kIirThrEmpty = 0x02;
inline constexpr std::uint8_t kIirModemStatus = 0x00;
inline constexpr std::uint8_t kIirNone = 0x01;
inline constexpr std::uint8_t kIirFifosEnabled = 0xC0;

// §8.4 FIFO control register.
inline constexpr std::uint8_t kFcrEnable = 0x01;
inline constexpr std::uint8_t kFcrClearReceiver = 0x02;
inline constexpr std::uint8_t kFcrKept = 0xC9;  // enable, DMA mode and trigger; the clear bits clear themselves
inline constexpr std::uint8_t kFcrTriggerShift = 6;
inline constexpr std::uint8_t kTriggerLevels[4] = {1, 4, 8, 14};

// §8.1 line control register.
inline constexpr std::uint8_t kLcrWordLength = 0x03;  // 5 bits + this
inline constexpr std::uint8_t kLcrTwoStopBits = 0x04;
inline constexpr std::uint8_t kLcrParity = 0x08;
inline constexpr std::uint8_t kLcrDlab = 0x80;

// §8.6 modem control register; bits 5 to 7 are always 0.
inline constexpr std::uint8_t kMcrDtr = 0x01;
inline constexpr std::uint8_t kMcrRts = 0x02;
inline constexpr std::uint8_t kMcrOut1 = 0x04;
inline constexpr std::uint8_t kMcrOut2 = 0x08;  // on a PC: connects INTR to the interrupt line
inline constexpr std::uint8_t kMcrLoop = 0x10;
inline constexpr std::uint8_t kMcrMask = 0x1F;

// §8.3 line status register.
inline constexpr std::uint8_t kLsrDr = 0x01;
inline constexpr std::uint8_t kLsrOe = 0x02;
inline constexpr std::uint8_t kLsrPe = 0x04;
inline constexpr std::uint8_t kLsrFe = 0x08;
inline constexpr std::uint8_t kLsrBi = 0x10;
inline constexpr std::uint8_t kLsrThre = 0x20;
inline constexpr std::uint8_t kLsrTemt = 0x40;
inline constexpr std::uint8_t kLsrFifoError = 0x80;
inline constexpr std::uint8_t kLsrCharacterErrors = kLsrPe | kLsrFe | kLsrBi;
inline constexpr std::uint8_t kLsrErrors = kLsrOe | kLsrCharacterErrors;

// §8.8 modem status register: four lines, and below them whether each has changed.
inline constexpr std::uint8_t kMsrDeltas = 0x0F;
inline constexpr std::uint8_t kMsrTeri = 0x04;  // RI went from on to off; the others tell of any change
inline constexpr std::uint8_t kMsrCts = 0x10;
inline constexpr std::uint8_t kMsrDsr = 0x20;
inline constexpr std::uint8_t kMsrRi = 0x40;
inline constexpr std::uint8_t kMsrDcd = 0x80;

inline constexpr std::uint8_t kFifoSize = 16;
inline constexpr std::uint64_t kTimeoutCharacters = 4;         // §8.11 FIFO interrupt mode operation
inline constexpr std::uint64_t kBaudClockHz = 1'843'200 / 16;  // §8.2 with the PC's crystal: 115,200 at divisor 1
inline constexpr std::uint16_t kResetDivisor = 12;  // not defined by the chip; 9,600 baud as PC firmware leaves it

}  // namespace nyx::dev::serial
