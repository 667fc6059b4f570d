#include "devices/ir/known_bits.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "devices/ir/arithmetic.h"
#include "devices/ir/value_flow.h"

namespace nyx::dev::ir {

namespace {

// Of a number: which bits are known, and their values; the others are 0 in `value`.
struct Known {
    std::uint64_t mask = 0, value = 0;

    bool is_whole() const { return mask == ~std::uint64_t{0}; }
    std::uint64_t most() const { return value | ~mask; }
    bool operator==(const Known&) const = default;
};

constexpr Known number(std::uint64_t value) {
    return {~std::uint64_t{0}, value};
}
constexpr Known cut(Known known, unsigned bits) {
    return {known.mask | ~low_bits(bits), known.value & low_bits(bits)};
}
constexpr Known either(Known a, Known b) {
    const std::uint64_t mask = a.mask & b.mask & ~(a.value ^ b.value);
    return {mask, a.value & mask};
}

Known shifted(Op op, unsigned bits, Known a, std::uint64_t by) {
    if (by >= bits) return number(0);
    if (op == Op::kShiftLeft) return {(a.mask << by) | low_bits(static_cast<unsigned>(by)), a.value << by};
    return {(a.mask >> by) | ~(~std::uint64_t{0} >> by), a.value >> by};
}

Known compared(Op op, Known a, Known b) {
    if (op == Op::kEqual) return ((a.value ^ b.value) & a.mask & b.mask) != 0 ? number(0) : Known{~std::uint64_t{1}, 0};
    if (a.most() < b.value) return number(1);
    return a.value >= b.most() ? number(0) : Known{~std::uint64_t{1}, 0};
}

// Of an operation on numbers; cut to its width by the caller.
Known result_of_known(const Instruction& one, Known a, Known b) {
    if (a.is_whole() && (b.is_whole() || one.op == Op::kNot || one.op == Op::kCopy))
        return number(result_of(one.op, one.bits, a.value, b.value));
    switch (one.op) {
        case Op::kCopy:
            return a;
        case Op::kNot:
            return {a.mask, ~a.value & a.mask};
        case Op::kAnd:
            return {(a.mask & b.mask) | (a.mask & ~a.value) | (b.mask & ~b.value), a.value & b.value};
        case Op::kOr:
            return {(a.mask & b.mask) | a.value | b.value, a.value | b.value};
        case Op::kXor:
            return {a.mask & b.mask, (a.value ^ b.value) & a.mask & b.mask};
        case Op::kShiftLeft:
        case Op::kShiftRight:
            return b.is_whole() ? shifted(one.op, one.bits, a, b.value) : Known{};
        case Op::kEqual:
        case Op::kLess:
            return compared(one.op, a, b);
        default:
            return {};
    }
}

// Every way at once, as jumps go forward: what is known in front of an instruction is known before it is looked at.
class Walk {
  public:
    Walk(const Function& function, std::span<const ModeBit> bits)
        : function_(function), reach_(function.code.size() + 1) {
        const Effects all = effects_of(function);
        for (const ModeBit& bit : bits)
            if (!all.writes.contains(bit.field)) bits_.push_back(bit);
        std::vector<Known> first(function.temporaries, number(0));
        std::fill_n(first.begin(), function.parameters, Known{});
        reach_[0] = std::move(first);
    }

    Outcome run() {
        for (at_ = 0; at_ < function_.code.size(); ++at_) {
            if (!reach_[at_]) continue;
            ++outcome_.reached;
            const Instruction& one = function_.code[at_];
            note_effects(outcome_.effects, one);
            step(one, *std::exchange(reach_[at_], std::nullopt));
        }
        outcome_.never = result_ == number(0);
        return std::move(outcome_);
    }

  private:
    void go(std::size_t to, const std::vector<Known>& with) {
        if (!reach_[to]) {
            reach_[to] = with;
            return;
        }
        for (std::size_t i = 0; i < with.size(); ++i) (*reach_[to])[i] = either((*reach_[to])[i], with[i]);
    }

    void step(const Instruction& one, std::vector<Known> now) {
        switch (one.op) {
            case Op::kReturn:
                if (function_.returns) result_ = result_ ? either(*result_, now[one.a]) : now[one.a];
                return;
            case Op::kJump:
                return go(one.imm, now);
            case Op::kJumpIfNot:
                if (now[one.a].value == 0) go(one.imm, now);
                if (now[one.a] != number(0)) go(at_ + 1, now);
                return;
            case Op::kLoop:
                return loop(one, now);
            default:
                if (writes_temporary(one.op)) now[one.dst] = cut(computed(one, now), one.bits);
                return go(at_ + 1, now);
        }
    }

    // What the body sets is unknown in it, whichever round it is.
    void loop(const Instruction& one, std::vector<Known>& now) {
        now[one.dst] = {};
        for (std::size_t i = at_ + 1; i <= at_ + one.b; ++i)
            if (writes_temporary(function_.code[i].op)) now[function_.code[i].dst] = {};
        go(at_ + 1, now);
        go(at_ + 1 + one.b, now);
    }

    Known computed(const Instruction& one, const std::vector<Known>& now) const {
        if (one.op == Op::kConstant) return number(one.imm);
        if (one.op == Op::kLoad) return loaded(one.imm);
        const bool is_number = one.op == Op::kCopy || (one.op >= Op::kAdd && one.op <= Op::kLess);
        return is_number ? result_of_known(one, now[one.a], one.op == Op::kNot ? number(0) : now[one.b]) : Known{};
    }

    Known loaded(std::uint64_t field) const {
        Known known;
        for (const ModeBit& bit : bits_) {
            if (bit.field != field) continue;
            known.mask |= std::uint64_t{1} << bit.bit;
            known.value |= std::uint64_t{bit.value} << bit.bit;
        }
        return known;
    }

    const Function& function_;
    std::vector<ModeBit> bits_;
    std::vector<std::optional<std::vector<Known>>> reach_;  // nothing: not reached
    std::size_t at_ = 0;
    std::optional<Known> result_;
    Outcome outcome_;
};

}  // namespace

Outcome outcome_while(const Function& function, std::span<const ModeBit> bits) {
    return Walk(function, bits).run();
}

}  // namespace nyx::dev::ir
