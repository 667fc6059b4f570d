// A small guest that goes through all modes, assembled when this is built (guest/modes.S).
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "fixture.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kStart = 0x7C00, kNext = 0x500, kAsk = 0x508, kLog = 0x510;

struct Guest : Fixture {
    Guest() : Fixture(16) {
        std::ifstream file(NYX_SOFT_MODES_GUEST, std::ios::binary);
        std::vector<char> image{std::istreambuf_iterator<char>(file), {}};
        REQUIRE_FALSE(image.empty());
        std::ranges::copy(image, ram + kStart);
        cpu->segments[kCs].selector = 0;
        cpu->rip = kStart;
    }
    // Runs in slices of `slice` instructions, and gives the interrupts that the guest asks for.
    std::string log(std::uint64_t slice) {
        for (unsigned i = 0; i < 100'000; ++i) {
            cpu->run(slice);
            bool is_asking = at<std::uint8_t>(kAsk) != 0;
            around.interrupts.assign(is_asking ? 1 : 0, 0x40);
            if (is_asking)
                cpu->attention(kWantInterrupt);
            else
                cpu->no_attention(kWantInterrupt);
            bool can_wake = (cpu->other_flags & kIf) != 0;
            if (cpu->activity != Activity::kRunning && !can_wake) break;
        }
        std::uint16_t end = at<std::uint16_t>(kNext);
        return {ram + kLog, ram + std::max<std::uint64_t>(end, kLog)};
    }
};

}  // namespace

TEST_CASE("a guest goes from real mode to level 3 of long mode and back, however it is sliced") {
    for (std::uint64_t slice : {1u, 7u, 100'000u}) {
        CAPTURE(slice);
        Guest guest;
        CHECK(guest.log(slice) == "RPLTFUSITKGE");
        CHECK(guest.cpu->activity == Activity::kHalted);
        CHECK(guest.cpu->is_64());
        CHECK(guest.cpu->cpl == 0);
    }
}

}  // namespace nyx::soft
