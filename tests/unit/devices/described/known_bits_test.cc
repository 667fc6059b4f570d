#include "devices/ir/known_bits.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "devices/described/interpreter.h"
#include "devices/ir/service.h"
#include "devices/ir/verify.h"
#include "made_programs.h"

namespace nyx::dev::ir {

namespace {

Function given(std::vector<Instruction> code) {
    return {"f", 0, 8, true, std::move(code)};
}
Instruction constant(std::uint16_t dst, std::uint64_t value) {
    return {Op::kConstant, 64, dst, 0, 0, value};
}
// Bit 1 of field 0 is known to be so.
std::vector<ModeBit> bit1(bool value) {
    return {{0, 1, value}};
}
bool is_never(std::vector<Instruction> code, bool value) {
    code.insert(code.begin(), {Op::kLoad, 8, 0, 0, 0, 0});
    code.push_back({Op::kReturn, 64, 0, 1});
    return outcome_while(given(std::move(code)), bit1(value)).never;
}

struct Nobody final : described::Surroundings {
    void emit(std::uint32_t, std::uint64_t) override {}
    void arm(std::uint32_t, std::uint64_t) override {}
    void cancel(std::uint32_t) override {}
    bool is_running(std::uint32_t) override { return false; }
    std::uint64_t elapsed(std::uint32_t) override { return 0; }
    std::uint64_t answer(std::uint32_t, std::uint64_t) override { return 0; }
    std::uint64_t wall_time() override { return 0; }
    void ask(Control, std::uint64_t) override {}
};

// A UART whose byte interrupts while bit 1 of ier is set, and comes back while bit 4 of lcr is.
Program sender() {
    Program program = small_uart();
    program.state.push_back({7, "sent", {TypeKind::kScalar, 1}});
    const std::uint32_t sent = 5, ier = 1, lcr = 2;
    std::vector<Instruction>& receive = program.functions[program.sources[0].handler].code;
    receive.insert(receive.begin(), {Op::kLoad, 8, 1, 0, 0, lcr});  // so that a write of lcr does not wait
    Register& thr = *std::ranges::find(program.registers, "thr", &Register::name);
    program.functions[thr.on_write].code = {
        {Op::kLoad, 8, 3, 0, 0, lcr},   constant(4, 4),
        {Op::kShiftRight, 8, 3, 3, 4},  constant(4, 1),
        {Op::kAnd, 8, 3, 3, 4},         {Op::kJumpIfNot, 64, 0, 3, 0, 8},
        {Op::kFifoPush, 8, 0, 0, 0, 0}, {Op::kJump, 64, 0, 0, 0, 9},
        {Op::kEmit, 8, 0, 0, 0, 0},     constant(4, 1),
        {Op::kStore, 1, 0, 4, 0, sent},
    };
    program.functions[program.lines[0].level].code = {
        {Op::kLoad, 8, 0, 0, 0, ier},
        constant(1, 2),
        {Op::kAnd, 8, 0, 0, 1},
        {Op::kJumpIfNot, 64, 0, 0, 0, 6},
        {Op::kLoad, 1, 2, 0, 0, sent},
        {Op::kReturn, 64, 0, 2},
        constant(2, 0),
        {Op::kReturn, 64, 0, 2},
    };
    return program;
}

Served write_of(const Program& program, std::string_view name) {
    REQUIRE(verify(program));
    return served_write(program, *std::ranges::find(program.registers, name, &Register::name));
}

}  // namespace

TEST_CASE("bits are followed through operations") {
    const Instruction mask{Op::kAnd, 8, 1, 0, 1};
    CHECK(is_never({constant(1, 2), mask}, false));
    CHECK(!is_never({constant(1, 2), mask}, true));
    CHECK(!is_never({constant(1, 6), mask}, false));
    CHECK(is_never({constant(1, 1), {Op::kShiftRight, 8, 1, 0, 1}, constant(2, 1), {Op::kAnd, 1, 1, 1, 2}}, false));
    CHECK(is_never({constant(1, 6), {Op::kShiftLeft, 8, 1, 0, 1}, constant(2, 0x80), {Op::kAnd, 8, 1, 1, 2}}, false));
    CHECK(is_never({{Op::kNot, 8, 0, 0}, constant(1, 2), mask}, true));
    CHECK(is_never({constant(2, 2), {Op::kXor, 8, 0, 0, 2}, constant(1, 2), mask}, true));
    CHECK(is_never({constant(2, 2), {Op::kOr, 8, 0, 0, 2}, constant(2, 0), {Op::kEqual, 1, 1, 0, 2}}, false));
    CHECK(is_never({constant(2, 2), {Op::kLess, 1, 1, 0, 2}}, true));
    CHECK(!is_never({constant(2, 2), {Op::kLess, 1, 1, 0, 2}}, false));
    CHECK(is_never({constant(2, 0xFD), {Op::kLess, 1, 1, 2, 0}}, false));
    CHECK(!is_never({constant(2, 1), {Op::kAdd, 8, 1, 0, 2}}, true));
}

TEST_CASE("only the ways that are left count") {
    const Function function = given({{Op::kLoad, 8, 0, 0, 0, 0},
                                     constant(1, 2),
                                     {Op::kAnd, 8, 0, 0, 1},
                                     {Op::kJumpIfNot, 64, 0, 0, 0, 5},
                                     {Op::kLoad, 8, 2, 0, 0, 1},
                                     {Op::kReturn, 64, 0, 2}});
    CHECK(outcome_while(function, bit1(false)).effects.reads == std::set<std::uint32_t>{0});
    CHECK(outcome_while(function, bit1(true)).effects.reads == std::set<std::uint32_t>{0, 1});
    CHECK(outcome_while(function, {}).reached == 6);
    CHECK(outcome_while(function, bit1(false)).reached == 5);
}

TEST_CASE("nothing is known of a field that the function changes, nor of what a loop sets") {
    CHECK(!is_never({constant(2, 2), {Op::kStore, 8, 0, 2, 0, 0}, {Op::kLoad, 8, 1, 0, 0, 0}}, false));
    CHECK(!is_never({constant(1, 0), constant(2, 1), {Op::kLoop, 64, 3, 0, 1, 2}, {Op::kCopy, 8, 1, 2}}, false));
}

TEST_CASE("what is said of a function holds for all that it does") {
    std::mt19937_64 random(23);
    Program program = small_uart();
    constexpr std::uint32_t kIer = 1;
    for (int round = 0; round < 3000; ++round) {
        std::vector<Instruction> code;
        for (std::uint16_t i = 0; i < 12; ++i) {
            const auto dst = static_cast<std::uint16_t>(random() % 8), a = static_cast<std::uint16_t>(random() % 8),
                       b = static_cast<std::uint16_t>(random() % 8);
            const auto bits = static_cast<std::uint8_t>(1 + random() % 16);
            const std::uint64_t kind = random() % 4;
            if (kind == 0) code.push_back({Op::kLoad, 8, dst, 0, 0, kIer});
            if (kind == 1) code.push_back({Op::kConstant, 8, dst, 0, 0, random() % 20});
            if (kind == 2) code.push_back({Op::kJumpIfNot, 64, 0, a, 0, code.size() + 1 + random() % (12 - i)});
            if (kind == 3)
                code.push_back({static_cast<Op>(static_cast<unsigned>(Op::kCopy) + random() % 14), bits, dst, a, b});
            if (code.back().op == Op::kCopy || code.back().op == Op::kNot) code.back().b = 0;
        }
        code.push_back({Op::kReturn, 64, 0, 1});
        program.functions[program.lines[0].level].code = code;
        const std::uint64_t known = random() % 8;
        const ModeBit bit{kIer, static_cast<std::uint8_t>(known), random() % 2 == 0};
        if (!outcome_while(program.functions[program.lines[0].level], {&bit, 1}).never) continue;
        for (std::uint64_t value = 0; value < 256; ++value) {
            if ((value >> known & 1) != (bit.value ? 1u : 0u)) continue;
            described::State state(program);
            state.set(kIer, value);
            Nobody nobody;
            REQUIRE(described::Interpreter(program, state, nobody).call(program.lines[0].level) == 0);
        }
    }
}

TEST_CASE("the bits under which a byte may wait are found, and named") {
    const Program program = sender();
    const Served thr = write_of(program, "thr");
    CHECK(thr.service == Service::kCoalescedWhile);
    CHECK(thr.reason == "a write changes sent, on which the line irq depends");
    CHECK(thr.sends);
    CHECK(text_of(program, thr.bits) == "ier[1] = 0, lcr[4] = 0");
    CHECK(write_of(program, "ier").service == Service::kNative);
    CHECK(!broken_promise({{}, thr}, Service::kCoalescedWhile));
    CHECK(broken_promise({{}, thr}, Service::kCoalesced) == thr.reason);
}

TEST_CASE("a bit that changes without an exit of its own is no condition") {
    Program program = sender();
    Register& reads = *std::ranges::find(program.registers, "rbr", &Register::name);
    program.functions[reads.on_read].code.insert(program.functions[reads.on_read].code.begin(),
                                                 {Op::kStore, 8, 0, 0, 0, 1});
    CHECK(write_of(program, "thr").service == Service::kNative);
    program = sender();
    program.functions[program.timers[0].handler].code.push_back({Op::kStore, 8, 0, 0, 0, 1});
    CHECK(write_of(program, "thr").service == Service::kNative);
    program = sender();
    program.functions[program.sources[0].handler].code.push_back({Op::kStore, 8, 0, 0, 0, 2});
    CHECK(write_of(program, "thr").service == Service::kNative);
}

TEST_CASE("what goes to a neighbour does not wait") {
    Program program = sender();
    program.sinks[0].name = "vector";
    CHECK(write_of(program, "thr").service == Service::kNative);
    program = sender();
    program.sinks[0].bits = 16;
    CHECK(write_of(program, "thr").service == Service::kNative);
}

}  // namespace nyx::dev::ir
