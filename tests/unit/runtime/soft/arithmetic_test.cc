#include <doctest/doctest.h>

#include "fixture.h"

namespace nyx::soft {

TEST_CASE("a loop over registers and memory") {
    Fixture f;
    f.cpu->gpr[kRcx] = 10;
    f.cpu->gpr[kRsi] = Fixture::kData;
    // again: add rax, rcx; mov [rsi], rax; sub rcx, 1; jnz again
    f.run({0x48, 0x01, 0xC8, 0x48, 0x89, 0x06, 0x48, 0x83, 0xE9, 0x01, 0x75, 0xF4}, 40);
    CHECK(f.cpu->gpr[kRax] == 55);
    CHECK(f.at<std::uint64_t>(Fixture::kData) == 55);
    CHECK(f.cpu->flags.zf());
    CHECK(f.cpu->rip == Fixture::kCode + 12);
    CHECK(f.cpu->instructions == 40);
}

TEST_CASE("code that changes the instruction after it sees the change") {
    Fixture f;
    // mov byte [rip], 4 turns the instruction behind it from add al, [rdx] into add al, 2.
    f.run({0xC6, 0x05, 0x00, 0x00, 0x00, 0x00, 0x04, 0x02, 0x02}, 2);
    CHECK(f.cpu->gpr[kRax] == 2);
    CHECK(f.at<std::uint8_t>(Fixture::kCode + 7) == 0x04);
}

}  // namespace nyx::soft
