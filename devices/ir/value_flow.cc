#include "devices/ir/value_flow.h"

#include <algorithm>

namespace nyx::dev::ir {

bool writes_temporary(Op op) {
    constexpr Op kSilent[] = {Op::kStore, Op::kStoreAt,  Op::kFifoPush,    Op::kFifoClear, Op::kJump,  Op::kJumpIfNot,
                              Op::kEmit,  Op::kTimerArm, Op::kTimerCancel, Op::kControl,   Op::kReturn};
    return std::ranges::find(kSilent, op) == std::end(kSilent);
}

namespace {

// What is known of a temporary. kValue: it is the argument; kAnything: a number that the argument does not decide.
struct Known {
    enum class Kind : std::uint8_t { kConstant, kValue, kAnything };
    Kind kind = Kind::kConstant;
    std::uint64_t constant = 0;
    bool operator==(const Known&) const = default;
};
using Temporaries = std::vector<Known>;

constexpr std::size_t kMostKnown = 1 << 18;  // temporaries by instructions; handlers are far below

constexpr Known kAnything{Known::Kind::kAnything, 0};

Known either(const Known& a, const Known& b) {
    return a == b ? a : kAnything;
}

bool is_arithmetic(Op op) {
    return op >= Op::kAdd && op <= Op::kLess;
}
bool reads_a(Op op) {
    constexpr Op kReaders[] = {Op::kCopy,   Op::kStore, Op::kLoadAt, Op::kStoreAt,  Op::kFifoPush, Op::kFifoPop,
                               Op::kFifoAt, Op::kEmit,  Op::kQuery,  Op::kTimerArm, Op::kControl};
    return is_arithmetic(op) || std::ranges::find(kReaders, op) != std::end(kReaders);
}
bool reads_b(Op op) {
    return (is_arithmetic(op) && op != Op::kNot) || op == Op::kStoreAt;
}

// Follows every way through the function at once: jumps go forward, so what reaches an instruction is known before it.
class Flow {
  public:
    // argument: what the value is taken for. bits: of the value.
    Flow(const Function& function, Known argument, unsigned bits)
        : function_(function), bits_(bits), reach_(function.code.size() + 1) {
        Temporaries first(function.temporaries);
        for (std::uint16_t i = 0; i < function.parameters; ++i) first[i] = kAnything;
        if (function.parameters > 0) first[0] = argument;
        reach_[0] = std::move(first);
    }

    void run() {
        for (at_ = 0; at_ < function_.code.size(); ++at_) {
            if (!reach_[at_]) continue;
            Temporaries now = *reach_[at_];
            step(function_.code[at_], now);
        }
    }

    bool uses_value() const { return uses_value_; }
    const std::set<std::uint64_t>& constants() const { return constants_; }
    const std::set<std::uint32_t>& sinks() const { return sinks_; }

  private:
    void go(std::size_t to, const Temporaries& with) {
        if (!reach_[to]) {
            reach_[to] = with;
            return;
        }
        for (std::size_t i = 0; i < with.size(); ++i) (*reach_[to])[i] = merge((*reach_[to])[i], with[i]);
    }

    // A temporary that is the value by one way and not by another cannot be told from it.
    Known merge(const Known& a, const Known& b) {
        const bool hides = (a.kind == Known::Kind::kValue) != (b.kind == Known::Kind::kValue);
        if (hides) return {Known::Kind::kValue, 0};
        return either(a, b);
    }

    void step(const Instruction& one, Temporaries& now) {
        switch (one.op) {
            case Op::kReturn:
                return;
            case Op::kJump:
                return go(one.imm, now);
            case Op::kJumpIfNot:
                return branch(one, now);
            case Op::kLoop:
                return loop(one, now);
            case Op::kEmit:
                sinks_.insert(static_cast<std::uint32_t>(one.imm));
                break;
            default:
                break;
        }
        compute(one, now);
        go(at_ + 1, now);
    }

    void branch(const Instruction& one, const Temporaries& now) {
        const Known& condition = now[one.a];
        if (condition.kind == Known::Kind::kValue) uses_value_ = true;
        const bool is_known = condition.kind == Known::Kind::kConstant;
        if (!is_known || condition.constant == 0) go(one.imm, now);
        if (!is_known || condition.constant != 0) go(at_ + 1, now);
    }

    // What the body sets is unknown in it, whichever round it is.
    void loop(const Instruction& one, Temporaries& now) {
        now[one.dst] = kAnything;
        for (std::size_t i = at_ + 1; i <= at_ + one.b; ++i) {
            const Instruction& inside = function_.code[i];
            if (writes_temporary(inside.op)) now[inside.dst] = kAnything;
            if (moves_value(inside, now)) uses_value_ = true;
        }
        go(at_ + 1, now);
        go(at_ + 1 + one.b, now);
    }

    // A copy of the value that lives from one round to the next is not followed.
    static bool moves_value(const Instruction& one, const Temporaries& now) {
        return one.op == Op::kCopy && now[one.a].kind == Known::Kind::kValue;
    }

    void compute(const Instruction& one, Temporaries& now) {
        const Known a = reads_a(one.op) ? now[one.a] : kAnything;
        const Known b = reads_b(one.op) ? now[one.b] : kAnything;
        const bool touches = a.kind == Known::Kind::kValue || b.kind == Known::Kind::kValue;
        Known result = kAnything;
        if (one.op == Op::kConstant) {
            result = {Known::Kind::kConstant, one.imm & low_bits(one.bits)};
        } else if (one.op == Op::kCopy && a.kind == Known::Kind::kConstant) {
            result = {Known::Kind::kConstant, a.constant & low_bits(one.bits)};
        } else if (one.op == Op::kCopy && touches && one.bits >= bits_) {
            result = a;
        } else if (one.op == Op::kEqual && touches) {
            compare(a, b);
        } else if (one.op == Op::kEqual && a.kind == Known::Kind::kConstant && b.kind == a.kind) {
            result = {Known::Kind::kConstant, a.constant == b.constant ? 1u : 0u};
        } else if (touches) {
            uses_value_ = true;
        }
        if (writes_temporary(one.op)) now[one.dst] = result;
    }

    void compare(const Known& a, const Known& b) {
        const Known& other = a.kind == Known::Kind::kValue ? b : a;
        if (other.kind != Known::Kind::kConstant)
            uses_value_ = true;
        else if (other.constant <= low_bits(bits_))
            constants_.insert(other.constant);
    }

    const Function& function_;
    const unsigned bits_;
    std::vector<std::optional<Temporaries>> reach_;  // what is known in front of each instruction; nothing: not reached
    std::size_t at_ = 0;
    bool uses_value_ = false;
    std::set<std::uint64_t> constants_;
    std::set<std::uint32_t> sinks_;
};

}  // namespace

std::optional<std::vector<std::uint64_t>> compared_constants(const Function& on_write, unsigned bits) {
    if (on_write.code.size() * on_write.temporaries > kMostKnown) return std::nullopt;
    Flow flow(on_write, {Known::Kind::kValue, 0}, bits);
    flow.run();
    if (flow.uses_value()) return std::nullopt;
    return std::vector<std::uint64_t>(flow.constants().begin(), flow.constants().end());
}

std::set<std::uint32_t> sinks_reached(const Function& on_write, unsigned bits, std::uint64_t value) {
    Flow flow(on_write, {Known::Kind::kConstant, value}, bits);
    flow.run();
    return flow.sinks();
}

}  // namespace nyx::dev::ir
