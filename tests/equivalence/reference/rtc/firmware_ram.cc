#include <algorithm>

#include "runtime/base/bytes.h"
#include "tests/equivalence/reference/rtc/clock_chip.h"

namespace nyx::dev::rtc {

static constexpr std::uint64_t kKiB = 1024;
static constexpr std::uint64_t kMiB = 1024 * kKiB;

// What lies above `from`, in units, or the greatest number that `bytes` bytes hold.
static std::uint64_t units_above(std::uint64_t size, std::uint64_t from, std::uint64_t unit, unsigned bytes) {
    std::uint64_t units = size > from ? (size - from) / unit : 0;
    return std::min(units, (std::uint64_t{1} << (8 * bytes)) - 1);
}

std::array<std::uint8_t, kRamSize> firmware_ram(const Config& config) {
    std::array<std::uint8_t, kRamSize> ram{};
    auto put = [&](std::uint8_t index, std::uint64_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) ram[index + i] = static_cast<std::uint8_t>(value >> (8 * i));
    };
    std::uint64_t below = config.memory_below_4g;
    ram[kRegisterA] = kResetRegisterA;
    ram[kRegisterB] = k24Hours;
    ram[kEquipment] = kEquipmentCoprocessor;
    put(kBaseMemory, std::min<std::uint64_t>(below / kKiB, 640), 2);
    put(kExtendedMemory, units_above(below, kMiB, kKiB, 2), 2);
    put(kExtendedMemory2, units_above(below, kMiB, kKiB, 2), 2);
    put(kMemoryAbove16M, units_above(below, 16 * kMiB, 64 * kKiB, 2), 2);
    put(kMemoryAbove4G, units_above(config.memory_above_4g, 0, 64 * kKiB, 3), 3);
    ram[kProcessorsLessOne] = static_cast<std::uint8_t>(config.cpus - 1);
    unsigned sum = 0;
    for (std::size_t i = kChecksumFirst; i <= kChecksumLast; ++i) sum += ram[i];
    ram[kChecksum] = static_cast<std::uint8_t>(sum >> 8);
    ram[kChecksum + 1] = static_cast<std::uint8_t>(sum);
    return ram;
}

}  // namespace nyx::dev::rtc
