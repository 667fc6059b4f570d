// Operators. Whole numbers are calculated here; everything else, and what overflows, is Interpreter::binary's.
#pragma once

#include <functional>

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Operators {
    NYX_STEP(Not) {
        at.sp[-1] = Value::boolean(!truthy(at.sp[-1]));
        return true;
    }
    NYX_STEP(Negate) { return at.run(&Interpreter::unary, in.op); }
    NYX_STEP(BitNot) { return at.run(&Interpreter::unary, in.op); }

    NYX_STEP(Add) {
        return calculate(at, in, [](auto a, auto b, auto* to) { return __builtin_add_overflow(a, b, to); });
    }
    NYX_STEP(Subtract) {
        return calculate(at, in, [](auto a, auto b, auto* to) { return __builtin_sub_overflow(a, b, to); });
    }
    NYX_STEP(Multiply) {
        return calculate(at, in, [](auto a, auto b, auto* to) { return __builtin_mul_overflow(a, b, to); });
    }
    NYX_STEP(Divide) { return binary(at, in); }
    NYX_STEP(FloorDivide) { return binary(at, in); }
    NYX_STEP(Modulo) { return binary(at, in); }
    NYX_STEP(Power) { return binary(at, in); }
    NYX_STEP(BitAnd) { return binary(at, in); }
    NYX_STEP(BitOr) { return binary(at, in); }
    NYX_STEP(BitXor) { return binary(at, in); }
    NYX_STEP(ShiftLeft) { return binary(at, in); }
    NYX_STEP(ShiftRight) { return binary(at, in); }

    NYX_STEP(Equal) { return compare(at, in, std::equal_to()); }
    NYX_STEP(NotEqual) { return compare(at, in, std::not_equal_to()); }
    NYX_STEP(Less) { return compare(at, in, std::less()); }
    NYX_STEP(LessEqual) { return compare(at, in, std::less_equal()); }
    NYX_STEP(Greater) { return compare(at, in, std::greater()); }
    NYX_STEP(GreaterEqual) { return compare(at, in, std::greater_equal()); }
    NYX_STEP(In) { return binary(at, in); }
    NYX_STEP(NotIn) { return binary(at, in); }
    NYX_STEP(Range) { return binary(at, in); }
    NYX_STEP(Matches) { return at.run(&Interpreter::matches); }

  private:
    [[gnu::always_inline]] static bool binary(Loop& at, Instruction in) { return at.run(&Interpreter::binary, in.op); }
    // overflows(a, b, &result) as the compiler's own do.
    template <class Overflows>
    [[gnu::always_inline]] static bool calculate(Loop& at, Instruction in, Overflows overflows) {
        std::int64_t result = 0;
        if (!at.both_ints() || overflows(at.sp[-2].as_int(), at.sp[-1].as_int(), &result)) return binary(at, in);
        --at.sp;
        at.sp[-1] = Value::integer(result);
        return true;
    }
    template <class Holds>
    [[gnu::always_inline]] static bool compare(Loop& at, Instruction in, Holds holds) {
        if (!at.both_ints()) return binary(at, in);
        bool result = holds(at.sp[-2].as_int(), at.sp[-1].as_int());
        --at.sp;
        at.sp[-1] = Value::boolean(result);
        return true;
    }
};

}  // namespace nyx::script
