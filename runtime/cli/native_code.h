// Whether a run uses the native code of its bundle, and why not.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/jit/exit_code.h"
#include "runtime/plan/bundle.h"

namespace nyx::cli {

struct NativeCode {
    std::unique_ptr<jit::ExitCode> code;  // null: the table does everything
    std::string says;                     // "x86-64-v3", or "table: " and why
};

// asked: `--native`, empty as auto. Errors: `always`, and it cannot be.
Result<NativeCode> choose_native_code(const plan::Bundle& bundle, std::string_view asked);

}  // namespace nyx::cli
