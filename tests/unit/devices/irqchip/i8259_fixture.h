// Two 8259As as software programs them. Section titles in quotes in the tests are those of the data sheet.
#pragma once

#include <tuple>

#include "devices/irqchip/i8259_pair.h"

namespace nyx::dev::irqchip {

inline constexpr std::uint64_t kMaster = I8259Pair::kMasterPort;
inline constexpr std::uint64_t kSlave = I8259Pair::kSlavePort;
inline constexpr std::uint8_t kEoi = 0x20;
inline constexpr std::uint8_t kReadIrr = 0x0A;
inline constexpr std::uint8_t kReadIsr = 0x0B;
inline constexpr std::uint8_t kPollCommand = 0x0C;

struct Pics : I8259Pair {
    void init(std::uint8_t icw4 = 1) {
        for (auto [port, base, icw3] : {std::tuple{kMaster, 0x30, 0x04}, {kSlave, 0x38, 0x02}}) {
            write(port, 0x11);
            write(port + 1, static_cast<std::uint8_t>(base));
            write(port + 1, static_cast<std::uint8_t>(icw3));
            write(port + 1, icw4);
        }
    }
    std::uint8_t irr(std::uint64_t port = kMaster) {
        write(port, kReadIrr);
        return read(port);
    }
    std::uint8_t isr(std::uint64_t port = kMaster) {
        write(port, kReadIsr);
        return read(port);
    }
    void pulse(unsigned line) {
        set_irq(line, false);
        set_irq(line, true);
    }
};

struct Ready : Pics {
    explicit Ready(std::uint8_t icw4 = 1) { init(icw4); }
};

}  // namespace nyx::dev::irqchip
