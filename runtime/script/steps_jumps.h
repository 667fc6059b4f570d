// Jumps, and the iteration of `for`.
#pragma once

#include <functional>

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Jumps {
    NYX_STEP(Jump) { return at.jump_when(true, in); }
    NYX_STEP(JumpIfFalse) {
        --at.sp;
        return at.jump_when(!truthy(*at.sp), in);
    }
    NYX_STEP(JumpIfTrue) {
        --at.sp;
        return at.jump_when(truthy(*at.sp), in);
    }
    NYX_STEP(JumpIfFalseKeep) { return jump_or_pop(at, in, !truthy(at.sp[-1])); }
    NYX_STEP(JumpIfTrueKeep) { return jump_or_pop(at, in, truthy(at.sp[-1])); }
    NYX_STEP(JumpIfNotNullKeep) { return jump_or_pop(at, in, !at.sp[-1].is_null()); }
    NYX_STEP(JumpIfSetKeep) { return jump_or_pop(at, in, !at.sp[-1].is(Type::kUnset)); }
    NYX_STEP(JumpIfNull) { return at.jump_when(at.sp[-1].is_null(), in); }
    NYX_STEP(JumpUnlessLess) { return jump_unless(at, in, Op::kLess, std::less()); }
    NYX_STEP(JumpUnlessEqual) { return jump_unless(at, in, Op::kEqual, std::equal_to()); }
    NYX_STEP(Loop) { return at.charge() && at.jump_when(true, in); }

    NYX_STEP(IterInit) { return at.run(&Interpreter::iterate, at.base + in.a); }
    NYX_STEP(IterNext) {
        auto* iterator = at.base[in.a].try_as<Iterator>();
        if (!iterator || !iterator->source.is(Type::kRange) || iterator->left == 0) return next_item(at, in, false);
        at.push(Value::integer(iterator->next));
        if (--iterator->left != 0) iterator->next += static_cast<Range*>(iterator->source.as_object())->step;
        return true;
    }
    NYX_STEP(IterNext2) { return next_item(at, in, true); }

  private:
    [[gnu::always_inline]] static bool jump_or_pop(Loop& at, Instruction in, bool jumps) {
        if (!jumps) --at.sp;
        return at.jump_when(jumps, in);
    }
    template <class Holds>
    [[gnu::always_inline]] static bool jump_unless(Loop& at, Instruction in, Op op, Holds holds) {
        if (at.both_ints()) {
            at.sp -= 2;
            return at.jump_when(!holds(at.sp[0].as_int(), at.sp[1].as_int()), in);
        }
        if (!at.run(&Interpreter::binary, op)) return false;
        --at.sp;
        return at.jump_when(!at.sp->as_bool(), in);
    }
    [[gnu::always_inline]] static bool next_item(Loop& at, Instruction in, bool pair) {
        at.sync();
        int found = at.vm.next_item(at.base + in.a, pair);
        if (found < 0) return false;
        at.sp = at.vm.sp_;
        return at.jump_when(found == 0, in);
    }
};

}  // namespace nyx::script
