#include "devices/ir/effects.h"

namespace nyx::dev::ir {

namespace {

void add(Effects& effects, const Program& program, std::uint32_t function) {
    if (function != kNone) effects |= effects_of(program.functions[function]);
}

}  // namespace

void note_effects(Effects& effects, const Instruction& one) {
    const auto field = static_cast<std::uint32_t>(one.imm);
    switch (one.op) {
        case Op::kLoad:
        case Op::kLoadAt:
        case Op::kFifoLength:
        case Op::kFifoAt:
            effects.reads.insert(field);
            break;
        case Op::kStore:
        case Op::kStoreAt:
        case Op::kFifoClear:
            effects.writes.insert(field);
            break;
        case Op::kFifoPush:
        case Op::kFifoPop:
            effects.reads.insert(field);
            effects.writes.insert(field);
            break;
        case Op::kEmit:
            effects.sinks.insert(field);
            break;
        case Op::kTimerArm:
        case Op::kTimerCancel:
            effects.sets_timers = true;
            break;
        case Op::kTimerRunning:
        case Op::kTimerElapsed:
        case Op::kWallTime:
            effects.reads_timers = true;
            break;
        case Op::kQuery:
            effects.asks_host = true;
            break;
        case Op::kControl:
            effects.asks_machine = true;
            break;
        default:
            break;
    }
}

Effects& Effects::operator|=(const Effects& more) {
    reads.insert(more.reads.begin(), more.reads.end());
    writes.insert(more.writes.begin(), more.writes.end());
    sinks.insert(more.sinks.begin(), more.sinks.end());
    sets_timers |= more.sets_timers;
    reads_timers |= more.reads_timers;
    asks_machine |= more.asks_machine;
    asks_host |= more.asks_host;
    return *this;
}

Effects effects_of(const Function& function) {
    Effects effects;
    for (const Instruction& one : function.code) note_effects(effects, one);
    return effects;
}

Effects effects_of_read(const Program& program, const Register& reg) {
    Effects effects;
    add(effects, program, reg.guard);
    add(effects, program, reg.computed);
    add(effects, program, reg.on_read);
    if (reg.storage != kNone && reg.on_read == kNone) effects.reads.insert(reg.storage);
    if (reg.storage != kNone && reg.read_clears != 0) effects.writes.insert(reg.storage);
    return effects;
}

Effects effects_of_write(const Program& program, const Register& reg) {
    Effects effects;
    add(effects, program, reg.guard);
    add(effects, program, reg.phase);
    add(effects, program, reg.on_write);
    if (reg.storage != kNone && reg.write != WriteMasks{}) effects.writes.insert(reg.storage);
    return effects;
}

}  // namespace nyx::dev::ir
