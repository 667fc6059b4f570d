// Errors that a program raises itself.
#include "runtime/script/interpreter.h"

namespace nyx::script {

bool Interpreter::throw_top() {
    --sp_;
    ScriptError error;
    error.kind = ErrorKind::kThrown;
    error.value = *sp_;
    error.message = to_text(*sp_);
    if (auto* again = sp_->try_as<ErrorObject>()) error = again->error;
    return fail(std::move(error));
}

bool Interpreter::throw_again() {
    --sp_;
    if (auto* again = sp_->try_as<ErrorObject>()) return fail(again->error);
    return fail(ErrorKind::kType, "there is no error to pass on");
}

bool Interpreter::fail_assertion() {
    --sp_;
    return fail(ErrorKind::kAssertion, sp_->is_null() ? "assertion failed" : "assertion failed: " + to_text(*sp_));
}

}  // namespace nyx::script
