#include "devices/ir/service.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "devices/described/exit_free.h"
#include "devices/ir/value_flow.h"
#include "devices/ir/verify.h"
#include "made_programs.h"

namespace nyx::dev::ir {

namespace {

RegisterService of(const Program& program, std::string_view name) {
    REQUIRE(verify(program));
    const auto found = std::ranges::find(program.registers, name, &Register::name);
    REQUIRE(found != program.registers.end());
    return services_of(program)[static_cast<std::size_t>(found - program.registers.begin())];
}

Register& named(Program& program, std::string_view name) {
    return *std::ranges::find(program.registers, name, &Register::name);
}

std::uint32_t add(Program& program, std::uint16_t parameters, bool returns, std::vector<Instruction> code) {
    program.functions.push_back({"added", parameters, 8, returns, std::move(code)});
    return static_cast<std::uint32_t>(program.functions.size() - 1);
}

Function writer(std::vector<Instruction> code) {
    return {"write", 3, 8, false, std::move(code)};
}

using Values = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("each register of the mailbox is served by its class") {
    const Program program = mailbox();
    CHECK(of(program, "id").read.service == Service::kConstRead);
    CHECK(of(program, "mode_now").read.service == Service::kConstRead);
    CHECK(of(program, "notify").write == Served{Service::kDoorbell, {}, {}});
    CHECK(of(program, "start").write == Served{Service::kDoorbell, {}, {7}});
    CHECK(of(program, "kick").write.service == Service::kDoorbell);
    CHECK(of(program, "scratch").write == Served{Service::kCoalesced, {}, {}});
    CHECK(of(program, "note").write.service == Service::kCoalesced);
    CHECK(of(program, "mode").write ==
          Served{Service::kNative, "a write changes mode, which is read without an exit", {}});
    CHECK(of(program, "note").read.reason == "port reads always exit");
    CHECK(of(program, "scratch").read.reason == "its page is not the device's alone");
    CHECK(served_write(program, program.registers[2]) == of(program, "notify").write);
    CHECK(served_read(program, program.registers[0]) == of(program, "id").read);
    CHECK(of(program, "id").write.reason == "it is not written");
    CHECK(of(program, "notify").read.reason == "it is not read");
}

TEST_CASE("what forbids a class is named") {
    const Program uart = small_uart();
    CHECK(of(uart, "dll").write.reason == "thr, on the same bytes: a write uses a timer");
    CHECK(of(uart, "ier").write.reason == "a write changes ier, on which the line irq depends");
    CHECK(of(uart, "lcr").write.service == Service::kCoalesced);
    const Program kinds = all_kinds();
    CHECK(of(kinds, "status").read.reason == "its page is not the device's alone");
    Program program = mailbox();
    named(program, "mode_now").on_read =
        add(program, 1, true, {{Op::kLoad, 8, 1, 0, 0, 3}, {Op::kStore, 8, 0, 0, 0, 3}, {Op::kReturn, 64, 0, 1}});
    CHECK(of(program, "id").read.reason == "mode_now, on the same page: a read of it changes something");
    CHECK(of(program, "mode_now").read.reason == "a read of it changes something");
    program = mailbox();
    program.banks[1].narrow = Narrow::kReject;
    CHECK(of(program, "id").read.reason == "a read of a part of it gives something else");
    program = mailbox();
    program.timers = {{1, "alarm", 1000, add(program, 0, false, {{Op::kLoad, 32, 0, 0, 0, 1}})}};
    CHECK(of(program, "scratch").write.reason == "a write changes scratch, on which the timer alarm depends");
    program = mailbox();
    program.sources = {{"rx", 8, kNone, add(program, 1, false, {{Op::kStore, 32, 0, 0, 0, 1}})}};
    CHECK(of(program, "scratch").write.reason == "a write changes scratch, on which input from rx depends");
    program = mailbox();
    named(program, "scratch").on_write = add(program, 3, false, {{Op::kControl, 64, 0, 0, 0, 0}});
    CHECK(of(program, "scratch").write.reason == "a write asks the machine");
    program = mailbox();
    named(program, "notify").on_write = add(program, 3, false, {{Op::kEmit, 64, 0, 0, 0, 0}});
    CHECK(of(program, "notify").write.reason == "it is no doorbell: the value that is written goes on to the host");
    program = mailbox();
    named(program, "notify").on_write =
        add(program, 3, false, {{Op::kLoad, 32, 3, 0, 0, 1}, {Op::kEmit, 64, 0, 3, 0, 0}});
    CHECK(of(program, "notify").write.service == Service::kDoorbell);
    CHECK(of(program, "scratch").write.reason == "a write changes scratch, on which a doorbell depends");
}

TEST_CASE("two values that reach the same sink are no doorbells, because their order would be lost") {
    Program program = mailbox();
    std::vector<Instruction> code;
    for (std::uint64_t value : {1u, 2u}) {
        const std::uint64_t end = code.size() + 5;
        code.push_back({Op::kConstant, 32, 3, 0, 0, value});
        code.push_back({Op::kEqual, 1, 3, 0, 3});
        code.push_back({Op::kJumpIfNot, 64, 0, 3, 0, end});
        code.push_back({Op::kConstant, 8, 4, 0, 0, value});
        code.push_back({Op::kEmit, 64, 0, 4, 0, 0});
    }
    named(program, "notify").on_write = add(program, 3, false, code);
    CHECK(of(program, "notify").write.reason ==
          "it is no doorbell: the order of writes of different values would be lost");
    program.sinks.push_back({"other", 8});
    program.functions.back().code.back().imm = 1;
    CHECK(of(program, "notify").write.values == Values{1, 2});
}

TEST_CASE("a promise is kept by its class or a better one") {
    const Program program = mailbox();
    CHECK(!broken_promise(of(program, "id"), Service::kConstRead));
    CHECK(!broken_promise(of(program, "notify"), Service::kDoorbell));
    CHECK(!broken_promise(of(program, "notify"), Service::kCoalesced));
    CHECK(!broken_promise(of(program, "mode"), Service::kNative));
    CHECK(broken_promise(of(program, "scratch"), Service::kDoorbell).has_value());
    CHECK(broken_promise(of(program, "mode"), Service::kCoalesced) ==
          "a write changes mode, which is read without an exit");
    CHECK(broken_promise(of(program, "note"), Service::kConstRead) == "port reads always exit");
}

TEST_CASE("the flow of the written value") {
    CHECK(compared_constants(writer({{Op::kConstant, 8, 3}, {Op::kEmit, 64, 0, 3}}), 8) == Values{});
    CHECK(!compared_constants(writer({{Op::kEmit, 64, 0, 0}}), 8));
    CHECK(!compared_constants(writer({{Op::kJumpIfNot, 64, 0, 0, 0, 1}}), 8));
    // A copy is the value, a part of it is not.
    CHECK(compared_constants(writer({{Op::kCopy, 8, 3, 0}, {Op::kConstant, 8, 4, 0, 0, 5}, {Op::kEqual, 1, 5, 3, 4}}),
                             8) == Values{5});
    CHECK(!compared_constants(writer({{Op::kCopy, 4, 3, 0}}), 8));
    // A constant that no value has is none.
    CHECK(compared_constants(writer({{Op::kConstant, 16, 4, 0, 0, 500}, {Op::kEqual, 1, 5, 0, 4}}), 8) == Values{});
    // The value by one way and a constant by the other.
    CHECK(!compared_constants(writer({{Op::kLoad, 8, 3, 0, 0, 0},
                                      {Op::kJumpIfNot, 64, 0, 3, 0, 3},
                                      {Op::kCopy, 8, 4, 0},
                                      {Op::kEmit, 64, 0, 4}}),
                              8));
    CHECK(!compared_constants(writer({{Op::kLoop, 64, 3, 0, 1, 2}, {Op::kEmit, 64, 0, 0}}), 8));
}

TEST_CASE("what needs no exit follows from the classes") {
    const ExitFree all = described::exit_free_of(mailbox(), true).all;
    CHECK(all.pages == std::vector<ReadPage>{{1, 0}});
    CHECK(all.queued == std::vector<QueuedWrites>{{2, 8, 4}, {0, 0, 1}});
    REQUIRE(all.doorbells.size() == 3);
    CHECK(all.doorbells[0].access.region == 2);
    CHECK(all.doorbells[1].value == 7);
    CHECK(all.doorbells[2].access.offset == 4);
}

}  // namespace nyx::dev::ir
