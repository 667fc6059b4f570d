#include "devices/ir/verify.h"

#include <doctest/doctest.h>

#include <random>

#include "../fixture.h"
#include "devices/described/device.h"
#include "devices/ir/effects.h"
#include "made_programs.h"

namespace nyx::dev::ir {

namespace {

std::string complaint(const Program& program) {
    Status status = verify(program);
    return status ? "" : status.error().message;
}

Program with_code(std::vector<Instruction> code, bool returns = false) {
    Program program = small_uart();
    program.functions.push_back({"made", 0, 4, returns, std::move(code)});
    return program;
}

}  // namespace

TEST_CASE("code that might not end, or go elsewhere, is refused") {
    CHECK(complaint(small_uart()).empty());
    CHECK(complaint(all_kinds()).empty());
    CHECK(complaint(with_code({{Op::kJump, 64, 0, 0, 0, 0}})).find("jumps back") != std::string::npos);
    CHECK(complaint(with_code({{Op::kJump, 64, 0, 0, 0, 2}})).find("out of a loop") != std::string::npos);
    CHECK(complaint(with_code({{Op::kLoop, 64, 0, 0, 2, 3}, {Op::kCopy, 64, 1, 0, 0, 0}})).find("without end") !=
          std::string::npos);
    CHECK(complaint(with_code({{Op::kJump, 64, 0, 0, 0, 2}, {Op::kLoop, 64, 0, 0, 2, 3}, {Op::kCopy}, {Op::kCopy}}))
              .find("into a loop") != std::string::npos);
    CHECK(complaint(with_code({{Op::kLoop, 64, 0, 0, 2, 5000}, {Op::kLoop, 64, 1, 0, 1, 5000}, {Op::kCopy}}))
              .find("steps") != std::string::npos);
    CHECK(complaint(with_code({{Op::kCopy}}, true)).find("without a value") != std::string::npos);
    CHECK(complaint(with_code({{Op::kJumpIfNot, 64, 0, 0, 0, 2}, {Op::kReturn}}, true)).find("without a value") !=
          std::string::npos);
    CHECK(complaint(with_code({{Op::kLoop, 64, 0, 0, 1, 3}, {Op::kCopy}, {Op::kReturn}}, true)).empty());
}

TEST_CASE("what an instruction names must be there, and of the kind it wants") {
    CHECK_FALSE(complaint(with_code({{Op::kCopy, 64, 4}})).empty());
    CHECK_FALSE(complaint(with_code({{Op::kConstant, 64, 0, 9}})).empty());
    CHECK_FALSE(complaint(with_code({{Op::kConstant, 0}})).empty());
    CHECK_FALSE(complaint(with_code({{Op::kLoad, 8, 0, 0, 0, 99}})).empty());
    CHECK_FALSE(complaint(with_code({{Op::kLoad, 8, 0, 0, 0, 0}})).empty());   // a fifo
    CHECK_FALSE(complaint(with_code({{Op::kLoad, 16, 0, 0, 0, 1}})).empty());  // 8 bits wide
    CHECK_FALSE(complaint(with_code({{Op::kEmit, 64, 0, 0, 0, 1}})).empty());
    CHECK_FALSE(complaint(with_code({{Op::kControl, 64, 0, 0, 0, 4}})).empty());
}

TEST_CASE("registers, state and surroundings are refused when they cannot be") {
    const auto refuses = [](auto change) {
        Program program = small_uart();
        change(program);
        return !complaint(program).empty();
    };
    CHECK(refuses([](Program& p) { p.registers[0].offset = 8; }));
    CHECK(refuses([](Program& p) { p.registers[0].width = 3; }));
    CHECK(refuses([](Program& p) { p.registers[0].write.one_sets = 1; }));
    CHECK(refuses([](Program& p) { p.registers[0].storage = 0; }));
    CHECK(refuses([](Program& p) { p.registers[0].storage = kNone; }));
    CHECK(refuses([](Program& p) { p.registers[0].guard = p.registers[1].on_read; }));
    CHECK(refuses([](Program& p) { p.registers[0].reset = 256; }));
    CHECK(refuses([](Program& p) { p.registers[1].name = p.registers[0].name; }));
    CHECK(refuses([](Program& p) { p.state[1].id = 1; }));
    CHECK(refuses([](Program& p) { p.state[1].type.bits = 65; }));
    CHECK(refuses([](Program& p) { p.state[1].since = 2; }));
    CHECK(refuses([](Program& p) { p.banks[0].size = 0; }));
    CHECK(refuses([](Program& p) { p.lines[0].level = kNone; }));
    CHECK(refuses([](Program& p) { p.timers[0].hertz = 0; }));
    CHECK(refuses([](Program& p) { p.invariants[0] = kNone; }));
    CHECK(refuses([](Program& p) { p.on_reset = 999; }));
    CHECK(refuses([](Program& p) {  // a guard that changes the state
        p.functions[p.registers[0].guard].code[0] = {Op::kStore, 8, 0, 0, 0, 1};
    }));
}

TEST_CASE("effects say what an access may do") {
    const Program uart = small_uart();
    CHECK(effects_of_read(uart, uart.registers[0]).is_pure());
    CHECK_FALSE(effects_of_read(uart, uart.registers[1]).is_pure());  // RBR takes a byte off
    const Effects thr = effects_of_write(uart, uart.registers[2]);
    CHECK(thr.sinks == std::set<std::uint32_t>{0});
    CHECK(thr.sets_timers);
    CHECK(thr.writes.empty());
    CHECK(effects_of_write(uart, uart.registers[4]).writes == std::set<std::uint32_t>{2});
}

TEST_CASE("a program changed at random is refused or harmless") {
    std::mt19937_64 random(7);
    int ran = 0;
    for (int round = 0; round < 3000; ++round) {
        Program program = round % 2 == 0 ? small_uart() : all_kinds();
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            Function& function = program.functions[random() % program.functions.size()];
            Instruction& one = function.code[random() % function.code.size()];
            switch (random() % 5) {
                case 0:
                    one.op = static_cast<Op>(random() % 40);
                    break;
                case 1:
                    one.imm = random() % 3 == 0 ? random() : random() % 8;
                    break;
                case 2:
                    one.a = static_cast<std::uint16_t>(random() % 10);
                    break;
                case 3:
                    one.b = static_cast<std::uint16_t>(random() % 10);
                    break;
                default:
                    one.bits = static_cast<std::uint8_t>(random() % 70);
            }
        }
        if (!verify(program)) continue;
        ++ran;
        dev::Surroundings around;
        auto device = described::Described::create(program, around.environment(program.lines.size()));
        REQUIRE(device);
        for (int access = 0; access < 20; ++access) {
            const auto width = static_cast<std::uint8_t>(1u << (random() % 3));
            const std::uint64_t offset = random() % (program.banks[0].size - width + 1);
            if (random() % 2 == 0) {
                CHECK(((*device)->read({0, offset, width}) & ~low_bits(8u * width)) == 0);
            } else {
                (*device)->write({0, offset, width}, random() & low_bits(8u * width));
            }
            around.timers.advance(random() % 1'000'000);
        }
    }
    CHECK(ran > 300);
}

}  // namespace nyx::dev::ir
