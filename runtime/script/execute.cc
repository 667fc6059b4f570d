// The instruction loop: one switch, made from the list of instructions, each of which is a step() of the steps_….h.
#include "runtime/script/steps_calls.h"
#include "runtime/script/steps_elements.h"
#include "runtime/script/steps_jumps.h"
#include "runtime/script/steps_making.h"
#include "runtime/script/steps_operators.h"
#include "runtime/script/steps_variables.h"

namespace nyx::script {

struct Interpreter::Loop::Steps : Variables, Operators, Jumps, Calls, Elements, Making {
    using Calls::step;
    using Elements::step;
    using Jumps::step;
    using Making::step;
    using Operators::step;
    using Variables::step;
};

NativeResult Interpreter::execute(std::size_t stop) {
    Loop at(*this, stop);
    for (;;) {
        const Instruction in = *at.ip++;
        switch (in.op) {
#define NYX_OP(name, a, b, pops, pushes)                            \
    case Op::k##name:                                               \
        if (Loop::Steps::step(At<Op::k##name>(), at, in)) continue; \
        break;
#include "runtime/script/ops.def"
        }
        if (at.ended) return at.result;
        if (!unwind(stop)) return tl::make_unexpected(std::move(error_));
        at.reload();
    }
}

}  // namespace nyx::script
