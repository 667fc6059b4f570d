#include "devices/described/interpreter.h"

#include <algorithm>

#include "devices/ir/arithmetic.h"

namespace nyx::dev::described {

using ir::Op;

Interpreter::Interpreter(const ir::Program& program, State& state, Surroundings& surroundings)
    : program_(program), state_(state), surroundings_(surroundings) {
    std::size_t most = 0;
    for (const ir::Function& function : program.functions) most = std::max<std::size_t>(most, function.temporaries);
    temporaries_.resize(most);
}

std::uint64_t Interpreter::call(std::uint32_t number, std::span<const std::uint64_t> arguments) {
    const ir::Function& function = program_.functions[number];
    auto rest = std::copy(arguments.begin(), arguments.end(), temporaries_.begin());
    std::fill(rest, temporaries_.begin() + function.temporaries, 0);
    result_ = 0;
    run(function.code, 0, function.code.size());
    return result_;
}

bool Interpreter::run(std::span<const ir::Instruction> code, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
        const ir::Instruction& one = code[at];
        switch (one.op) {
            case Op::kJump:
                at = one.imm - 1;
                break;
            case Op::kJumpIfNot:
                if (temporaries_[one.a] == 0) at = one.imm - 1;
                break;
            case Op::kLoop:
                for (std::uint64_t i = 0; i < one.imm; ++i) {
                    temporaries_[one.dst] = i;
                    if (run(code, at + 1, at + 1 + one.b)) return true;
                }
                at += one.b;
                break;
            case Op::kReturn:
                if (!temporaries_.empty()) result_ = temporaries_[one.a];
                return true;
            default:
                step(one);
        }
    }
    return false;
}

void Interpreter::step(const ir::Instruction& one) {
    const auto named = static_cast<std::uint32_t>(one.imm);
    const auto value = [&](std::uint16_t temporary) { return temporaries_[temporary]; };
    const auto give = [&](std::uint64_t result) { temporaries_[one.dst] = result & ir::low_bits(one.bits); };
    switch (one.op) {
        case Op::kConstant:
            return give(one.imm);
        case Op::kLoad:
            return give(state_.get(named));
        case Op::kStore:
            return state_.set(named, value(one.a));
        case Op::kLoadAt:
            return give(state_.get(named, value(one.a)));
        case Op::kStoreAt:
            return state_.set(named, value(one.b), value(one.a));
        case Op::kFifoLength:
            return give(state_.length(named));
        case Op::kFifoPush:
            return state_.push(named, value(one.a));
        case Op::kFifoPop:
            return give(state_.pop(named, value(one.a)));
        case Op::kFifoAt:
            return give(state_.at(named, value(one.a)));
        case Op::kFifoClear:
            return state_.clear(named);
        case Op::kEmit:
            return surroundings_.emit(named, value(one.a));
        case Op::kQuery:
            return give(surroundings_.answer(named, value(one.a)));
        case Op::kTimerArm:
            return surroundings_.arm(named, value(one.a));
        case Op::kTimerCancel:
            return surroundings_.cancel(named);
        case Op::kTimerRunning:
            return give(surroundings_.is_running(named) ? 1 : 0);
        case Op::kTimerElapsed:
            return give(surroundings_.elapsed(named));
        case Op::kWallTime:
            return give(surroundings_.wall_time());
        case Op::kSetting:
            return give(program_.settings[named].value);
        case Op::kControl:
            return surroundings_.ask(static_cast<ir::Control>(one.imm), value(one.a));
        default:
            return give(ir::result_of(one.op, one.bits, value(one.a), value(one.b)));
    }
}

}  // namespace nyx::dev::described
