#include "made_programs.h"

#include <optional>
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

namespace {

enum Mailbox : std::uint32_t { kMode, kScratch, kNote, kCount };
enum MailboxBank : std::uint32_t { kMailboxPorts, kMailboxPage, kMailboxRegs };

Register mailbox_register(std::string name, std::uint32_t bank, std::uint32_t offset, std::uint8_t width) {
    Register reg = byte_register(std::move(name), offset);
    reg.bank = bank;
    reg.width = width;
    reg.stride = width;
    return reg;
}

void add_stored(Program& program, Register reg, std::uint32_t field) {
    reg.storage = field;
    reg.write.plain = low_bits(reg.width * 8u);
    program.registers.push_back(std::move(reg));
}

// A write emits `letter`; of this value only, where there is one.
void add_bell(Program& program, Register reg, char letter, std::optional<std::uint64_t> value = std::nullopt) {
    std::vector<Instruction> code;
    if (value) {
        code = {{Op::kConstant, 32, 3, 0, 0, *value}, {Op::kEqual, 1, 3, 0, 3}, {Op::kJumpIfNot, 64, 0, 3, 0, 5}};
    }
    code.push_back({Op::kConstant, 8, 4, 0, 0, static_cast<std::uint64_t>(letter)});
    code.push_back({Op::kEmit, 64, 0, 4, 0, 0});
    reg.readable = false;
    reg.on_write = add(program, reg.name + ".write", 3, false, std::move(code));
    program.registers.push_back(std::move(reg));
}

void add_mailbox_page(Program& program) {
    Register id = mailbox_register("id", kMailboxPage, 0, 4);
    id.writable = false;
    id.fixed_mask = 0xFFFFFFFF;
    id.fixed = id.reset = 0x4E595821;
    program.registers.push_back(id);
    Register now = mailbox_register("mode_now", kMailboxPage, 4, 1);
    now.writable = false;
    now.computed_mask = 0xFF;
    now.computed = add(program, "mode_now", 1, true, {{Op::kLoad, 8, 1, 0, 0, kMode}, {Op::kReturn, 64, 0, 1}});
    program.registers.push_back(now);
}

}  // namespace

Program mailbox() {
    Program program;
    program.name = "mailbox";
    program.state = {{1, "mode", {}}, {2, "scratch", {TypeKind::kScalar, 32}}, {3, "note", {}}, {4, "count", {}}};
    program.banks = {{"ports", Space::kPio, 8},
                     {"page", Space::kMmio, 4096, Gap::kOnes, Narrow::kWiden},
                     {"regs", Space::kMmio, 32}};
    program.sinks = {{"tx", 8}};
    add_mailbox_page(program);
    add_bell(program, mailbox_register("notify", kMailboxRegs, 0, 4), 'n');
    add_bell(program, mailbox_register("start", kMailboxRegs, 4, 4), 's', 7);
    add_stored(program, mailbox_register("scratch", kMailboxRegs, 8, 4), kScratch);
    add_stored(program, mailbox_register("mode", kMailboxRegs, 12, 1), kMode);
    Register count = mailbox_register("count", kMailboxRegs, 16, 1);
    count.writable = false;
    count.on_read = add(program, "count.read", 1, true,
                        {{Op::kLoad, 8, 1, 0, 0, kCount},
                         {Op::kConstant, 8, 2, 0, 0, 1},
                         {Op::kAdd, 8, 1, 1, 2},
                         {Op::kStore, 8, 0, 1, 0, kCount},
                         {Op::kReturn, 64, 0, 1}});
    program.registers.push_back(count);
    add_stored(program, mailbox_register("note", kMailboxPorts, 0, 1), kNote);
    add_bell(program, mailbox_register("kick", kMailboxPorts, 4, 1), 'k');
    const std::uint32_t level =
        add(program, "irq", 0, true,
            {{Op::kLoad, 8, 0, 0, 0, kMode}, {Op::kConstant, 8, 1, 0, 0, 1}, {Op::kAnd, 1, 0, 0, 1}, {Op::kReturn}});
    program.lines = {{"irq", level}};
    return program;
}

}  // namespace nyx::dev::ir
