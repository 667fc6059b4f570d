// What a comparison with user mode does not show of repeated string instructions.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"

namespace nyx::soft {

TEST_CASE("a repetition that is asked to pause goes on where it was") {
    Fixture f;
    f.cpu->attention(kWantInterrupt);  // which cannot be taken: IF is clear
    f.cpu->gpr[kRdi] = Fixture::kData + 3;
    f.cpu->gpr[kRcx] = 0x3000;
    f.cpu->gpr[kRax] = 0x5A;
    f.run({0xF3, 0xAA});  // rep stosb
    CHECK(f.cpu->gpr[kRcx] == 0);
    CHECK(f.cpu->gpr[kRdi] == Fixture::kData + 0x3003);
    CHECK(f.cpu->rip == Fixture::kCode + 2);
    CHECK(f.cpu->instructions == 1);
    CHECK(std::count(f.ram + Fixture::kData, f.ram + Fixture::kData + 0x4000, 0x5A) == 0x3000);
}

TEST_CASE("a repetition that writes over the code behind it is seen") {
    Fixture f;
    f.cpu->gpr[kRdi] = Fixture::kCode + 2;
    f.cpu->gpr[kRcx] = 8;
    f.cpu->gpr[kRax] = 0x90;
    f.run({0xF3, 0xAA, 0x0F, 0x0B, 0x0F, 0x0B}, 6);  // rep stosb; ud2; ud2, which become nop
    CHECK(f.cpu->rip == Fixture::kCode + 2 + 5);
    CHECK(f.cpu->activity == Activity::kRunning);
}

// SDM volume 3, §17.3.1.4.
TEST_CASE("single stepping stops between the elements of a repetition") {
    Fixture f;
    std::vector<std::uint64_t> places, left;
    f.cpu->intercept = [&](const Exception& exception) {
        CHECK(exception.vector == kDebug);
        places.push_back(f.cpu->rip - Fixture::kCode);
        left.push_back(f.cpu->gpr[kRcx]);
        return true;
    };
    f.cpu->set_rflags(kTf);
    f.cpu->gpr[kRsi] = Fixture::kData;
    f.cpu->gpr[kRdi] = Fixture::kData + 16;
    f.cpu->gpr[kRcx] = 3;
    f.run({0xF3, 0xA4}, 3);  // rep movsb; each trap counts
    CHECK(places == std::vector<std::uint64_t>{0, 0, 2});
    CHECK(left == std::vector<std::uint64_t>{2, 1, 0});
}

TEST_CASE("a destination that runs after its source repeats it") {
    Fixture f;
    f.set_at<std::uint32_t>(Fixture::kData, 0x04030201);
    f.cpu->gpr[kRsi] = Fixture::kData;
    f.cpu->gpr[kRdi] = Fixture::kData + 3;
    f.cpu->gpr[kRcx] = 9;
    f.run({0xF3, 0xA4});  // rep movsb
    const std::array<std::uint8_t, 12> expected = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
    CHECK(std::equal(expected.begin(), expected.end(), f.ram + Fixture::kData));
}

}  // namespace nyx::soft
