// The instruction loop's registers, and how it hands over to the rest of the interpreter. Private to this folder.
//
// While instructions run, ip, base and sp live here and not in the interpreter; nothing that is called gets hold of
// this object, so that they stay in the processor's registers. The steps_….h say what each instruction does: one
// step() each, false when it leaves the loop: `ended`, or the interpreter's error_ is set.
#pragma once

#include <type_traits>

#include "runtime/script/interpreter.h"

namespace nyx::script {

template <Op op>
using At = std::integral_constant<Op, op>;

// NOLINTBEGIN(cppcoreguidelines-macro-usage)
// Always inlined, since a call would take the registers' address.
#define NYX_STEP(op) [[gnu::always_inline]] static bool step(At<Op::k##op>, Loop& at, [[maybe_unused]] Instruction in)
// NOLINTEND(cppcoreguidelines-macro-usage)

struct Interpreter::Loop {
    // Runs until `frames` frames are left.
    Loop(Interpreter& interpreter, std::size_t frames) : vm(interpreter), stop(frames) { reload(); }

    // The interpreter sees where the loop is, and the loop where the interpreter is.
    [[gnu::always_inline]] void sync() {
        vm.frames_.back().ip = ip;
        vm.sp_ = sp;
    }
    [[gnu::always_inline]] void reload() {
        const Frame& top = vm.frames_.back();
        ip = top.ip;
        base = top.base;
        sp = vm.sp_;
    }

    // Calls what works on the stack; false as it does.
    template <class... Parameters>
    [[gnu::always_inline]] bool run(bool (Interpreter::*work)(Parameters...),
                                    std::type_identity_t<Parameters>... arguments) {
        sync();
        bool done = (vm.*work)(arguments...);
        sp = vm.sp_;
        return done;
    }
    // Calls what may push a frame, which is then the one that runs.
    template <class... Parameters>
    [[gnu::always_inline]] bool enter(bool (Interpreter::*work)(Parameters...),
                                      std::type_identity_t<Parameters>... arguments) {
        sync();
        if (!(vm.*work)(arguments...)) return false;
        reload();
        return true;
    }
    [[gnu::always_inline]] bool charge() {
        if (--vm.steps_left_ != 0) return true;
        sync();
        return vm.more_steps() || vm.fail(vm.over_limit().value());
    }

    [[gnu::always_inline]] bool push(const Value& value) {
        *sp++ = value;
        return true;
    }
    [[gnu::always_inline]] bool jump_when(bool condition, Instruction in) {
        if (condition) ip = vm.frames_.back().function->code.data() + in.b;
        return true;
    }
    [[gnu::always_inline]] bool both_ints() const { return sp[-2].is(Type::kInt) && sp[-1].is(Type::kInt); }

    // steps_….h
    struct Variables;
    struct Operators;
    struct Jumps;
    struct Calls;
    struct Elements;
    struct Making;
    struct Steps;

    Interpreter& vm;
    const Instruction* ip = nullptr;
    Value* base = nullptr;  // the first local
    Value* sp = nullptr;    // past the topmost value
    const std::size_t stop;
    Value result;  // once `ended`
    bool ended = false;
};

}  // namespace nyx::script
