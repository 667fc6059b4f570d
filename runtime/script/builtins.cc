// The built-ins that print, and the table of all (docs/builtins.md).
#include "runtime/script/builtins.h"
#include "runtime/script/format.h"

namespace nyx::script {

namespace {

using builtins::wrong;

NativeResult print(Interpreter& interpreter, const Args& args) {
    const Value* separator = args.find(args.positional.size(), "sep");
    const Value* end = args.find(args.positional.size(), "end");
    std::string between = separator ? to_text(*separator) : " ";
    std::string line;
    for (std::size_t i = 0; i < args.positional.size(); ++i) {
        if (i != 0) line += between;
        line += to_text(args.positional[i]);
        if (!interpreter.has_room(line.size())) return interpreter.over_limit();
    }
    line += end ? to_text(*end) : "\n";
    interpreter.print(line);
    return Value();
}

NativeResult format(Interpreter& interpreter, const Args& args) {
    if (!args.positional[0].is(Type::kString)) return wrong("format", "a format", args.positional[0]);
    auto text = format_printf(args.positional[0].as<String>().text, args.positional.subspan(1));
    if (!text) return tl::make_unexpected(std::move(text).error());
    return interpreter.heap().string(*text);
}

NativeResult printf(Interpreter& interpreter, const Args& args) {
    NativeResult text = format(interpreter, args);
    if (!text) return text;
    interpreter.print(text->as<String>().text);
    return Value();
}

constexpr NativeSpec kOutput[] = {
    {"print", "..., sep =, end =", print},
    {"printf", "format, ...", printf},
    {"format", "format, ...", format},
};

}  // namespace

namespace builtins {

const Value& given(const Args& args, std::size_t place, std::string_view name) {
    static constexpr Value kNull{};
    const Value* value = args.find(place, name);
    return value ? *value : kNull;
}

}  // namespace builtins

const Natives& standard_natives() {
    static const Natives natives = [] {
        Natives all;
        all.add(kOutput);
        for (auto more : {builtins::numbers(), builtins::conversions(), builtins::text(), builtins::collections(),
                          builtins::sorting(), builtins::functions(), builtins::maps(), builtins::making()}) {
            all.add(more);
        }
        all.add(machine_natives());
        return all;
    }();
    return natives;
}

}  // namespace nyx::script
