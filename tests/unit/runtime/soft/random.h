// Random numbers that are the same everywhere (splitmix64).
#pragma once

#include <cstdint>

namespace nyx::soft {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    // A number of the kind that goes wrong: near powers of two, few bits, small, or anything.
    std::uint64_t operand() {
        std::uint64_t power = std::uint64_t{1} << below(64);
        switch (below(8)) {
            case 0:
                return below(4) - 1;
            case 1:
                return power - 1;
            case 2:
                return 0 - power;
            case 3:
                return power;
            case 4:
                return below(256) * 0x0101010101010101;
            case 5:
                return below(70);
            case 6:
                return (next() & 0xFFFFFFFF00000000) | (std::uint64_t{1} << below(32));
            default:
                return next();
        }
    }

  private:
    std::uint64_t state_;
};

}  // namespace nyx::soft
