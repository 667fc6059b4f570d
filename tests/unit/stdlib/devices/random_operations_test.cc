// Any sequence of accesses, inputs and times leaves every invariant of every device standing, and a device that was
// saved goes on like the one that was not. NYX_DEVICE_STEPS: how many operations each gets.
#include <doctest/doctest.h>

#include <array>
#include <cstdlib>

#include "rig.h"

using namespace nyx;
using stdlib::Random;
using stdlib::Rig;

namespace {

std::uint64_t steps() {
    const char* wanted = std::getenv("NYX_DEVICE_STEPS");
    return wanted == nullptr ? 1500 : std::strtoull(wanted, nullptr, 10);
}

// Values that handlers compare with, as well as any.
std::uint64_t value(Random& random) {
    constexpr std::array<std::uint64_t, 8> kUsual = {0, 1, 2, 3, 0x0F, 0x80, 0xFF, ~std::uint64_t{0}};
    const std::uint64_t any = random.next();
    switch (random.below(4)) {
        case 0:
            return kUsual[random.below(kUsual.size())];
        case 1:
            return std::uint64_t{1} << random.below(64);
        case 2:
            return any & 0xFF;
        default:
            return any;
    }
}

// One operation on both, which see the same.
void operate(const dev::ir::Program& program, Random& random, Rig& rig, Rig& other) {
    const std::uint64_t what = random.below(8);
    if (what < 6 && !program.banks.empty()) {
        const auto bank = static_cast<std::uint32_t>(random.below(program.banks.size()));
        const auto width = static_cast<std::uint8_t>(1U << random.below(4));
        const std::uint64_t size = program.banks[bank].size;
        if (width > size) return;
        // Mostly where a register is.
        const dev::ir::Register& reg = program.registers[random.below(program.registers.size())];
        std::uint64_t offset = random.below(size - width + 1);
        if (reg.bank == bank && random.below(8) != 0) offset = reg.offset + random.below(reg.count) * reg.stride;
        const std::uint8_t wide = random.below(4) == 0 ? width : reg.width;
        if (offset + wide > size) return;
        const dev::Access access{bank, offset, wide};
        if (what < 3) {
            REQUIRE(rig.device->read(access) == other.device->read(access));
        } else {
            const std::uint64_t written = value(random);
            rig.device->write(access, written);
            other.device->write(access, written);
        }
    } else if (what == 6 && !program.sources.empty()) {
        const auto source = static_cast<std::uint32_t>(random.below(program.sources.size()));
        const std::uint64_t brought = value(random) & dev::ir::low_bits(program.sources[source].bits);
        REQUIRE(rig.device->signal(source, brought) == other.device->signal(source, brought));
    } else {
        const std::uint64_t ns = random.below(std::uint64_t{1} << random.below(28));
        rig.advance(ns);
        other.advance(ns);
    }
}

void run(const dev::ir::Program& program, std::uint64_t seed) {
    Random random(seed);
    Rig rig(program), other(program);
    for (std::uint64_t step = 0; step < steps(); ++step) {
        CAPTURE(step);
        operate(program, random, rig, other);
        const std::string broken = rig.device->broken_invariant();
        REQUIRE(broken == "");
        if (random.below(40) == 0) other.replace();
        REQUIRE(rig.saved() == other.saved());
        if (random.below(500) != 0) continue;
        rig.device->reset();
        other.device->reset();
    }
}

}  // namespace

TEST_CASE("invariants hold whatever is done, and a restored device is the same one") {
    for (const std::filesystem::path& path : stdlib::device_files()) {
        const stdlib::DeviceFile file(path);
        for (const device::CompiledDevice& made : file.devices) {
            CAPTURE(made.program.name);
            for (std::uint64_t seed = 1; seed <= 3; ++seed) run(made.program, seed);
        }
    }
}
