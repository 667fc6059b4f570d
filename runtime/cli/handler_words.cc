#include "runtime/cli/handler_words.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "runtime/base/printable.h"

namespace nyx::cli {

using script::Args;
using script::ErrorKind;
using script::Interpreter;
using script::NativeResult;
using script::Value;

namespace {

HandlerWords& self_of(const Args& args) {
    return *static_cast<HandlerWords*>(args.positional[0].as_object());
}

bool shows_debug() {
    const char* level = std::getenv("NYX_LOG");
    return level != nullptr && std::string_view(level) == "debug";
}

// All that it is given, as print() writes it.
NativeResult log_at(std::string_view level, const Args& args) {
    std::string text;
    for (const Value& value : args.positional.subspan(1)) text += (text.empty() ? "" : " ") + script::to_text(value);
    self_of(args).write_line(level, text);
    return Value();
}

NativeResult log_debug(Interpreter&, const Args& args) {
    return shows_debug() ? log_at("debug", args) : Value();
}
NativeResult log_info(Interpreter&, const Args& args) {
    return log_at("info", args);
}
NativeResult log_warn(Interpreter&, const Args& args) {
    return log_at("warning", args);
}
NativeResult log_error(Interpreter&, const Args& args) {
    return log_at("error", args);
}

NativeResult recover(Interpreter&, const Args& args) {
    constexpr std::pair<std::string_view, vm::Recovery> kWays[] = {{"ignore", vm::Recovery::kIgnore},
                                                                   {"pause", vm::Recovery::kPause},
                                                                   {"reset", vm::Recovery::kReset},
                                                                   {"shutdown", vm::Recovery::kShutdown}};
    std::string way = script::to_text(args.positional[1]);
    const auto* found =
        std::find_if(std::begin(kWays), std::end(kWays), [&](const auto& one) { return one.first == way; });
    if (found == std::end(kWays)) return script::script_error(ErrorKind::kValue, "`{}` is no way to recover", way);
    self_of(args).wish(found->second);
    return Value();
}

constexpr std::pair<std::string_view, script::NativeFn> kWords[] = {
    {"debug", log_debug}, {"info", log_info}, {"warn", log_warn}, {"error", log_error}, {"recover()", recover},
};

}  // namespace

NativeResult HandlerWords::member(Interpreter& interpreter, std::string_view name) {
    const auto* found =
        std::find_if(std::begin(kWords), std::end(kWords), [&](const auto& word) { return word.first == name; });
    if (found == std::end(kWords)) return script::script_error(ErrorKind::kKey, "log has no `{}`", name);
    auto* native = interpreter.heap().make<script::Native>(std::string(name), found->second);
    native->parameters = {"self", "text"};
    native->required = 2;
    native->variadic = name != "recover()";
    return interpreter.heap().make<script::Method>(Value(this), native);
}

std::optional<Value> HandlerWords::word(Interpreter& interpreter, std::string_view name) {
    if (name == "log()") return Value(this);
    if (name == "recover()") return *member(interpreter, name);
    return std::nullopt;
}

void HandlerWords::write_line(std::string_view level, std::string_view text) const {
    std::string line = fmt::format("nyx: {}: {}: {}\n", machine_, level, printable(text));
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace nyx::cli
