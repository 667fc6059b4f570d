// Calls, returns, and what is thrown.
#pragma once

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Calls {
    NYX_STEP(Call) { return at.charge() && at.enter(&Interpreter::call_value, at.sp - in.a - 1, in.a, {}); }
    NYX_STEP(CallNamed) {
        const CallSite& site = at.vm.program_.call_sites[in.b];
        return at.charge() &&
               at.enter(&Interpreter::call_value, at.sp - site.count() - 1, site.positional, at.vm.site_names_[in.b]);
    }
    NYX_STEP(CallNative) {
        Value* first = at.sp - in.a;
        return at.charge() && at.run(&Interpreter::call_native, at.vm.natives_[in.b], first, first, in.a, {});
    }
    NYX_STEP(Invoke) { return at.charge() && at.enter(&Interpreter::invoke, at.vm.program_.call_sites[in.b], in.b); }
    NYX_STEP(InvokeSuper) {
        return at.charge() && at.enter(&Interpreter::invoke_super, at.vm.program_.call_sites[in.b], in.b);
    }
    NYX_STEP(Return) {
        const Frame& frame = at.vm.frames_.back();
        at.result = frame.kind == Frame::kConstruct ? frame.base[0] : at.sp[-1];
        at.vm.close_cells(frame.base);
        at.vm.sp_ = frame.result;
        if (frame.kind != Frame::kFields) *at.vm.sp_++ = at.result;
        at.vm.frames_.pop_back();
        at.ended = at.vm.frames_.size() == at.stop;
        if (!at.ended) at.reload();
        return !at.ended;
    }

    NYX_STEP(Throw) { return at.run(&Interpreter::throw_top); }
    NYX_STEP(Rethrow) { return at.run(&Interpreter::throw_again); }
    NYX_STEP(Unwrap) {
        auto* error = at.sp[-1].try_as<ErrorObject>();
        if (error && error->error.kind == ErrorKind::kThrown) at.sp[-1] = error->error.value;
        return true;
    }
    NYX_STEP(AssertFail) { return at.run(&Interpreter::fail_assertion); }
};

}  // namespace nyx::script
