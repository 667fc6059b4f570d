// Errors: raised with their place and trace, then handed to who catches them.
#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

constexpr std::size_t kTraceLength = 20;

}  // namespace

std::string_view error_kind_name(ErrorKind kind) {
    static constexpr std::string_view kNames[] = {"type",       "value",      "index",     "key",    "name",
                                                  "arity",      "arithmetic", "assertion", "thrown", "limit",
                                                  "capability", "stop",       "mistake"};
    return kNames[static_cast<std::size_t>(kind)];
}

void Interpreter::locate(ScriptError& error) const {
    if (error.where.known() || !error.trace.empty()) return;  // it comes from a nested run and is complete
    error.where = here();
    error.user_where = user_here();
    for (auto frame = frames_.rbegin(); frame != frames_.rend() && error.trace.size() < kTraceLength; ++frame) {
        error.trace.push_back({frame->function->name, frame_span(*frame)});
    }
}

bool Interpreter::fail(ErrorKind kind, std::string message) {
    ScriptError error;
    error.kind = kind;
    error.message = std::move(message);
    return fail(std::move(error));
}

bool Interpreter::fail(ScriptError error) {
    error_ = std::move(error);
    locate(error_);
    return false;
}

bool Interpreter::unwind(std::size_t stop) {
    if (report_ && resume(stop)) return true;
    // A handler that fails again goes round without a jump.
    if (catchable(error_.kind) && !charge(1)) fail(over_limit().value());
    while (frames_.size() > stop) {
        Frame& frame = frames_.back();
        auto at = static_cast<std::uint32_t>(frame.ip - frame.function->code.data() - 1);
        for (const Handler& handler : frame.function->handlers) {
            if (at < handler.begin || at >= handler.end || !catchable(error_.kind)) continue;
            machines_.abandon(frames_.size());
            sp_ = frame.base + frame.function->local_count + handler.depth;
            *sp_++ = heap_.make<ErrorObject>(std::move(error_));
            maybe_collect();
            frame.ip = frame.function->code.data() + handler.target;
            return true;
        }
        close_cells(frame.base);
        sp_ = frame.result;
        frames_.pop_back();
    }
    machines_.abandon(frames_.size());
    return false;
}

}  // namespace nyx::script
