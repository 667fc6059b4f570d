#include <doctest/doctest.h>

#include <cstring>

#include "comparison.h"

namespace nyx::soft {
namespace {

std::vector<std::uint8_t> empty_data() {
    return std::vector<std::uint8_t>(HostRunner::kDataSize);
}

}  // namespace

TEST_CASE("the host runner runs code and hands back registers, flags and memory") {
    HostRunner host;
    host.set_code({{0x48, 0x01, 0x03}});  // add [rbx], rax
    UserState state;
    state.gpr[kRax] = 1;
    state.gpr[kRbx] = HostRunner::kData;
    std::memset(HostRunner::data().data(), 0xFF, 8);
    Outcome outcome = host.run(state);
    CHECK(!outcome.fault);
    CHECK(outcome.rip == HostRunner::kCode + 3);
    CHECK((outcome.state.rflags & kFlagsOfTests) == (kCf | kPf | kAf | kZf));
    CHECK(HostRunner::data()[0] == 0);
    CHECK(outcome.state.gpr[kRbx] == HostRunner::kData);
}

TEST_CASE("the host runner catches faults and says where") {
    HostRunner host;
    UserState state;
    state.gpr[kRsi] = HostRunner::kData - 8;
    host.set_code({{0x48, 0x8B, 0x06}});  // mov rax, [rsi]
    CHECK(host.run(state).fault == Fault{kPageFault, 4, HostRunner::kData - 8});
    host.set_code({{0x90, 0xF7, 0xF1}, 2});  // nop; div ecx
    Outcome outcome = host.run(state);
    CHECK(outcome.fault == Fault{kDivideError, 0, 0});
    CHECK(outcome.rip == HostRunner::kCode + 1);
    host.set_code({{0x0F, 0x0B}});  // ud2
    CHECK(host.run(state).fault == Fault{kInvalidOpcode, 0, 0});
}

TEST_CASE("a comparison finds agreement, and a difference where there is one") {
    Comparison comparison;
    UserState state;
    state.gpr[kRdx] = 0x8000'0000;
    state.gpr[kRsi] = HostRunner::kData - 8;
    comparison.set_code({{0x01, 0xD2}});  // add edx, edx
    CHECK_FALSE(comparison.difference(state, empty_data()));
    comparison.set_code({{0x48, 0x8B, 0x06}});  // mov rax, [rsi]
    CHECK_FALSE(comparison.difference(state, empty_data()));
    comparison.set_code({{0x74, 0x10}, 1, false, {0x12}});  // jz
    CHECK_FALSE(comparison.difference(state, empty_data()));
    comparison.set_code({{0x01, 0xD2}});
    comparison.soft().set_code({{0x29, 0xD2}});  // sub edx, edx
    CHECK(comparison.difference(state, empty_data()));
}

TEST_CASE("vector and x87 registers go in and out") {
    Comparison comparison;
    UserState state;
    state.reset_fpu();
    for (std::size_t i = 0; i < 16; ++i) state.ymm[i].fill(static_cast<std::uint8_t>(i + 1));
    TestCode code{{0x90}, 1, true};
    comparison.set_code(code);
    auto apart = comparison.difference(state, empty_data());
    CHECK_MESSAGE(!apart, apart.value_or(""));
    CHECK(comparison.host_outcome().state.ymm[15] == state.ymm[15]);
    CHECK(comparison.host_outcome().state.mxcsr() == 0x1F80);
}

}  // namespace nyx::soft
