// A CPU that pages, in any of the three formats (Intel SDM volume 3, chapter 4).
#pragma once

#include <optional>

#include "system_fixture.h"

namespace nyx::soft {

// Bits of the entries of tables.
inline constexpr std::uint64_t kP = 1, kW = 2, kU = 4, kA = 0x20, kD = 0x40, kPs = 0x80, kG = 0x100,
                               kNx = std::uint64_t{1} << 63;
inline constexpr std::uint64_t kAll = kP | kW | kU;

// A CPU with tables from 0x40000 on; the first 64 KiB or more are mapped to themselves for code, tables and handlers.
struct Paged : SystemFixture {
    static constexpr std::uint64_t kTop = 0x40000, kSecond = 0x41000, kThird = 0x42000, kLast = 0x43000;
    static constexpr std::uint64_t kPage = 0x50000;  // the physical page that tests map

    enum class Format : std::uint8_t { kTwoLevels, kPae, kFourLevels };
    const Format format;

    explicit Paged(Format which) : SystemFixture(which == Format::kFourLevels ? 64 : 32), format(which) {
        gate(kPageFault, kHandler, kInterrupt, 0, 0);
        gate(kGeneralProtection, kHandler + 8);
        gate(kStackFault, kHandler + 9);
        cpu->control.cr3 = kTop;
        if (which == Format::kTwoLevels) {
            set_at<std::uint32_t>(kTop, kLast | kAll);
            for (std::uint32_t i = 0; i < 64; ++i) set_at<std::uint32_t>(kLast + i * 4, i << 12 | kAll);
        } else {
            set_at<std::uint64_t>(kTop, kSecond | kAll);
            set_at<std::uint64_t>(kSecond, kThird | kAll);
            set_at<std::uint64_t>(kThird, kLast | kAll);
            for (std::uint64_t i = 0; i < 64; ++i) set_at<std::uint64_t>(kLast + i * 8, i << 12 | kAll);
            cpu->control.cr4 |= kCr4Pae;
            cpu->control.efer |= kEferNxe;
        }
        if (which == Format::kPae) {
            set_at<std::uint64_t>(kTop, kThird | kP);
        }
        cpu->control.cr0 |= kCr0Pg | kCr0Wp;
        cpu->state_replaced();
    }
    unsigned entry_size() const { return format == Format::kTwoLevels ? 4 : 8; }
    std::uint64_t entry_address(std::uint64_t linear) const { return kLast + (linear >> 12) * entry_size(); }
    std::uint64_t entry(std::uint64_t linear) const {
        return entry_size() == 4 ? at<std::uint32_t>(entry_address(linear)) : at<std::uint64_t>(entry_address(linear));
    }
    void set_entry(std::uint64_t linear, std::uint64_t value) {
        if (entry_size() == 4)
            set_at(entry_address(linear), static_cast<std::uint32_t>(value));
        else
            set_at(entry_address(linear), value);
        cpu->flush_tlb(true);
    }
    // The error code of an access; nothing: it succeeded.
    std::optional<std::uint64_t> access(std::uint64_t linear, Touch touch, unsigned level = 0) {
        cpu->gpr[kRsp] = kStack;
        set_level(level);
        cpu->rip = touch == Touch::kExecute ? linear : kCode;
        cpu->gpr[kRbx] = linear;
        put(kCode, {static_cast<std::uint8_t>(touch == Touch::kWrite ? 0x88 : 0x8A), 0x03});
        memory.wrote({kCode, 2});
        cpu->run(1);
        std::optional<std::uint64_t> error;
        if (cpu->rip == kHandler) error = stacked(0);
        if (error) CHECK(cpu->control.cr2 == linear);
        set_level(0);
        return error;
    }
};

}  // namespace nyx::soft
