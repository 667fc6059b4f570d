// A bit for each of the 256 interrupt vectors, as ISR, TMR and IRR have them: eight words of 32 (SDM volume 3 §12.8.4).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace nyx::dev::irqchip {

struct VectorSet {
    std::array<std::uint32_t, 8> words{};

    bool test(std::uint8_t vector) const { return words[vector / 32] >> (vector % 32) & 1; }
    void set(std::uint8_t vector) { words[vector / 32] |= 1U << (vector % 32); }
    void clear(std::uint8_t vector) { words[vector / 32] &= ~(1U << (vector % 32)); }
    void assign(std::uint8_t vector, bool value) { value ? set(vector) : clear(vector); }

    // 0: none. Vector 0 itself is never in a set of ours.
    std::uint8_t highest() const {
        for (unsigned i = 8; i-- > 0;)
            if (words[i] != 0)
                return static_cast<std::uint8_t>(32 * i + 31 - static_cast<unsigned>(std::countl_zero(words[i])));
        return 0;
    }
    bool operator==(const VectorSet&) const = default;
};

}  // namespace nyx::dev::irqchip
