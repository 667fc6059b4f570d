#include "devices/ir/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "devices/ir/effects.h"

namespace nyx::dev::ir {

namespace {

constexpr std::uint32_t kPage = 4096;  // what a read-only slot covers

// Where the written value itself goes: nowhere, or into comparisons with constants only.
bool ignores_value(const Function& handler) {
    for (const Instruction& one : handler.code) {
        const bool reads_a = one.op != Op::kConstant && one.op != Op::kLoop && one.op != Op::kJump &&
                             one.op != Op::kLoad && one.op != Op::kFifoLength && one.op != Op::kFifoClear &&
                             one.op != Op::kTimerCancel && one.op != Op::kTimerRunning && one.op != Op::kTimerElapsed &&
                             one.op != Op::kReturn && one.op != Op::kWallTime && one.op != Op::kSetting;
        const bool reads_b = one.op <= Op::kLess && one.op > Op::kCopy && one.op != Op::kNot;
        const bool takes = (reads_a && one.a == 0) || ((reads_b || one.op == Op::kStoreAt) && one.b == 0);
        if (takes && one.op != Op::kEqual) return false;
    }
    return true;
}

bool meet(const std::set<std::uint32_t>& a, const std::set<std::uint32_t>& b) {
    return std::ranges::any_of(a, [&](std::uint32_t field) { return b.contains(field); });
}

std::set<std::uint32_t> reads_of(const Program& program, std::uint32_t function) {
    return function == kNone ? std::set<std::uint32_t>{} : effects_of(program.functions[function]).reads;
}

// What would not happen in time if a write waited; empty: nothing.
std::string depends_on(const Program& program, const std::set<std::uint32_t>& written) {
    for (const Line& line : program.lines)
        if (meet(reads_of(program, line.level), written))
            return fmt::format("line {} depends on what it writes", line.name);
    for (const Timer& timer : program.timers)
        if (meet(reads_of(program, timer.handler), written))
            return fmt::format("timer {} depends on what it writes", timer.name);
    for (const Source& source : program.sources) {
        if (meet(reads_of(program, source.handler), written) || meet(reads_of(program, source.accepts), written))
            return fmt::format("input {} depends on what it writes", source.name);
    }
    return {};
}

}  // namespace

Verdict served_write(const Program& program, const Register& reg) {
    const Effects effects = effects_of_write(program, reg);
    if (effects.asks_machine) return {Service::kNative, "a write asks the machine for something"};
    if (effects.sets_timers || effects.reads_timers) return {Service::kNative, "a write has to do with timers"};
    const bool is_bell = !effects.sinks.empty() && effects.writes.empty() && effects.reads.empty();
    if (is_bell && ignores_value(program.functions[reg.on_write])) return {Service::kDoorbell, {}};
    if (!effects.sinks.empty())
        return {Service::kNative, fmt::format("a write goes to {}", program.sinks[*effects.sinks.begin()].name)};
    const std::string waits = depends_on(program, effects.writes);
    if (!waits.empty()) return {Service::kNative, waits};
    return {Service::kCoalesced, "it writes state, so it is no doorbell"};
}

Verdict served_read(const Program& program, const Register& reg) {
    const Bank& bank = program.banks[reg.bank];
    if (bank.space == Space::kPio) return {Service::kNative, "reads of ports always exit"};
    if (bank.size < kPage)
        return {Service::kNative, fmt::format("its bank has {} bytes, and a page {}", bank.size, kPage)};
    const std::uint32_t page = reg.offset / kPage;
    for (const Register& other : program.registers) {
        const std::uint32_t last = other.offset + other.stride * (other.count - 1) + other.width - 1;
        if (other.bank != reg.bank || other.offset / kPage > page || last / kPage < page) continue;
        const Effects effects = effects_of_read(program, other);
        if (other.writable) return {Service::kNative, fmt::format("{} on the same page is written", other.name)};
        if (!effects.is_pure())
            return {Service::kNative, fmt::format("a read of {} on the same page changes something", other.name)};
        if (effects.reads_timers)
            return {Service::kNative, fmt::format("{} on the same page changes with time", other.name)};
        if (other.guard != kNone)
            return {Service::kNative, fmt::format("{} on the same page is not always there", other.name)};
    }
    return {Service::kConstRead, {}};
}

}  // namespace nyx::dev::ir
