#include "made_programs.h"

#include <tuple>

namespace nyx::dev::ir {

namespace {

std::uint32_t add(Program& program, std::string name, std::uint16_t parameters, bool returns,
                  std::vector<Instruction> code) {
    program.functions.push_back({std::move(name), parameters, 8, returns, std::move(code)});
    return static_cast<std::uint32_t>(program.functions.size() - 1);
}

Register byte_register(std::string name, std::uint32_t offset) {
    Register reg;
    reg.name = std::move(name);
    reg.offset = offset;
    return reg;
}

enum Field : std::uint32_t { kReceived, kIer, kLcr, kDll, kAlarms };

void add_state(Program& program) {
    program.state = {{1, "rxq", {TypeKind::kFifo, 8, 4}},
                     {2, "ier", {}},
                     {3, "lcr", {}},
                     {4, "dll", {}, 12},
                     {6, "alarms", {TypeKind::kScalar, 16}}};
}

void add_divisor(Program& program, std::uint32_t dlab) {
    Register dll = byte_register("dll", 0);
    dll.guard = dlab;
    dll.storage = kDll;
    dll.write.plain = 0xFF;
    dll.reset = 12;
    program.registers.push_back(dll);
}

void add_data(Program& program, std::uint32_t no_dlab) {
    Register rbr = byte_register("rbr", 0);
    rbr.guard = no_dlab;
    rbr.writable = false;
    rbr.on_read = add(program, "rbr.read", 1, true, {{Op::kFifoPop, 8, 1, 2, 0, kReceived}, {Op::kReturn, 64, 0, 1}});
    program.registers.push_back(rbr);
    Register thr = byte_register("thr", 0);
    thr.guard = no_dlab;
    thr.readable = false;
    thr.on_write =
        add(program, "thr.write", 3, false,
            {{Op::kEmit, 64, 0, 0, 0, 0}, {Op::kConstant, 64, 3, 0, 0, 1000}, {Op::kTimerArm, 64, 0, 3, 0, 0}});
    program.registers.push_back(thr);
}

}  // namespace

Program small_uart() {
    Program program;
    program.name = "small_uart";
    add_state(program);
    program.banks = {{"regs", Space::kPio, 8}};
    const std::uint32_t dlab = add(
        program, "lcr.dlab", 0, true,
        {{Op::kLoad, 8, 0, 0, 0, kLcr}, {Op::kConstant, 8, 1, 0, 0, 7}, {Op::kShiftRight, 8, 0, 0, 1}, {Op::kReturn}});
    const std::uint32_t no_dlab =
        add(program, "!lcr.dlab", 0, true,
            {{Op::kLoad, 8, 0, 0, 0, kLcr}, {Op::kConstant, 8, 1, 0, 0, 0x80}, {Op::kLess, 1, 0, 0, 1}, {Op::kReturn}});
    add_divisor(program, dlab);
    add_data(program, no_dlab);
    for (auto [name, offset, field, mask] : {std::tuple{"ier", 1u, kIer, 0x0Fu}, std::tuple{"lcr", 3u, kLcr, 0xFFu}}) {
        Register reg = byte_register(name, offset);
        reg.storage = field;
        reg.write.plain = mask;
        program.registers.push_back(reg);
    }
    const std::uint32_t level = add(program, "irq", 0, true,
                                    {{Op::kFifoLength, 32, 0, 0, 0, kReceived},
                                     {Op::kConstant, 8, 1},
                                     {Op::kLess, 1, 0, 1, 0},
                                     {Op::kLoad, 8, 2, 0, 0, kIer},
                                     {Op::kAnd, 1, 0, 0, 2},
                                     {Op::kReturn}});
    program.lines = {{"irq", level}};
    program.sinks = {{"tx", 8}};
    const std::uint32_t accepts = add(program, "rx.accepts", 0, true,
                                      {{Op::kFifoLength, 32, 0, 0, 0, kReceived},
                                       {Op::kConstant, 8, 1, 0, 0, 4},
                                       {Op::kLess, 1, 0, 0, 1},
                                       {Op::kReturn}});
    const std::uint32_t receive = add(program, "rx", 1, false, {{Op::kFifoPush, 8, 0, 0, 0, kReceived}});
    program.sources = {{"rx", 8, accepts, receive}};
    const std::uint32_t alarm = add(program, "alarm", 0, false,
                                    {{Op::kLoad, 16, 0, 0, 0, kAlarms},
                                     {Op::kConstant, 16, 1, 0, 0, 1},
                                     {Op::kAdd, 16, 0, 0, 1},
                                     {Op::kStore, 16, 0, 0, 0, kAlarms}});
    program.timers = {{1, "alarm", 1'000'000, alarm}};
    program.invariants = {accepts};
    program.functions[accepts].name = "rxq has room";
    return program;
}

Program all_kinds() {
    Program program;
    program.name = "all_kinds";
    program.state = {{1, "status", {TypeKind::kScalar, 32}, 0x00FF00FF},
                     {2, "slots", {TypeKind::kArray, 16, 4}, 7},
                     {3, "reads", {TypeKind::kScalar, 8}}};
    program.banks = {{"regs", Space::kMmio, 64, Gap::kZeros, Narrow::kWiden}};
    Register status;
    status.name = "status";
    status.width = 4;
    status.stride = 4;
    status.storage = 0;
    status.write = {.plain = 0xF, .one_clears = 0xF0, .one_sets = 0xF00, .zero_clears = 0xF0000};
    status.read_clears = 0xF00000;
    status.fixed_mask = 0xFF000000;
    status.fixed = 0x5A000000;
    status.reset = 0x5AFF00FF;
    Register slot;
    slot.name = "slot";
    slot.offset = 16;
    slot.width = 2;
    slot.count = 4;
    slot.stride = 8;
    slot.storage = 1;
    slot.write.plain = 0xFFFF;
    slot.reset = 7;
    Register reads;
    reads.name = "reads";
    reads.offset = 8;
    reads.writable = false;
    reads.on_read = add(program, "reads.read", 1, true,
                        {{Op::kLoad, 8, 1, 0, 0, 2},
                         {Op::kConstant, 8, 2, 0, 0, 1},
                         {Op::kAdd, 8, 1, 1, 2},
                         {Op::kStore, 8, 0, 1, 0, 2},
                         {Op::kReturn, 64, 0, 1}});
    program.registers = {status, slot, reads};
    return program;
}

}  // namespace nyx::dev::ir
