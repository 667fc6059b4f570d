// Instructions that push values, and those about variables.
#pragma once

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Variables {
    NYX_STEP(Mistake) {
        at.sync();
        return at.vm.fail(ErrorKind::kMistake, "this has a mistake");
    }
    NYX_STEP(Null) { return at.push(Value()); }
    NYX_STEP(True) { return at.push(Value::boolean(true)); }
    NYX_STEP(False) { return at.push(Value::boolean(false)); }
    NYX_STEP(Int) { return at.push(Value::integer(static_cast<std::int32_t>(in.b))); }
    NYX_STEP(Const) { return at.push(at.vm.constants_[in.b]); }
    NYX_STEP(Pop) {
        --at.sp;
        return true;
    }
    NYX_STEP(Dup) { return at.push(at.sp[-1]); }
    NYX_STEP(Dup2) {
        at.sp[0] = at.sp[-2];
        at.sp[1] = at.sp[-1];
        at.sp += 2;
        return true;
    }

    NYX_STEP(LoadLocal) { return at.push(at.base[in.a]); }
    NYX_STEP(LoadLocalChecked) {
        if (at.base[in.a].is(Type::kUnset)) return unset_local(at, in);
        return at.push(at.base[in.a]);
    }
    NYX_STEP(StoreLocal) {
        at.base[in.a] = *--at.sp;
        return true;
    }
    NYX_STEP(CloseLocal) {
        at.vm.close_cells(at.base + in.a);
        return true;
    }
    NYX_STEP(LocalIsSet) { return at.push(Value::boolean(!at.base[in.a].is(Type::kUnset))); }
    NYX_STEP(AddLocalInt) {
        Value& local = at.base[in.a];
        auto amount = std::int64_t{static_cast<std::int32_t>(in.b)};
        std::int64_t sum = 0;
        if (local.is(Type::kInt) && !__builtin_add_overflow(local.as_int(), amount, &sum)) {
            local = Value::integer(sum);
            return true;
        }
        if (local.is(Type::kUnset)) return unset_local(at, in);
        at.push(local);
        at.push(Value::integer(amount));
        if (!at.run(&Interpreter::binary, Op::kAdd)) return false;
        at.base[in.a] = *--at.sp;
        return true;
    }

    NYX_STEP(LoadCell) {
        const Frame& frame = at.vm.frames_.back();
        const Value& value = *frame.closure->cells[in.b]->target;
        if (value.is(Type::kUnset)) return at.run(&Interpreter::has_no_value, frame.function->capture_names[in.b]);
        return at.push(value);
    }
    NYX_STEP(StoreCell) {
        *at.vm.frames_.back().closure->cells[in.b]->target = *--at.sp;
        return true;
    }
    NYX_STEP(LoadGlobal) {
        const Value& value = at.vm.globals_[in.b];
        if (value.is(Type::kUnset)) return at.run(&Interpreter::has_no_value, at.vm.program_.globals[in.b]);
        return at.push(value);
    }
    NYX_STEP(StoreGlobal) {
        at.vm.globals_[in.b] = *--at.sp;
        return true;
    }
    NYX_STEP(LoadNative) { return at.push(at.vm.natives_[in.b]); }
    NYX_STEP(LoadModule) { return at.push(at.vm.modules_[in.b]); }

  private:
    [[gnu::always_inline]] static bool unset_local(Loop& at, Instruction in) {
        return at.run(&Interpreter::has_no_value, at.vm.frames_.back().function->local_names[in.a]);
    }
};

}  // namespace nyx::script
