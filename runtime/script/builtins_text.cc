// The built-ins that work on text.
#include <algorithm>

#include "runtime/script/builtins.h"
#include "runtime/script/code_points.h"
#include "runtime/script/format.h"

namespace nyx::script {

namespace {

using builtins::given;
using builtins::kString;
using builtins::wrong;

// The first argument's text, and those of the others that are needed; nothing after an error.
struct Texts {
    const std::string_view* self = nullptr;
    const std::string_view* other = nullptr;
    const std::string_view* third = nullptr;
    std::optional<ScriptError> error;
};

Texts texts(const Args& args, std::string_view name, std::size_t count) {
    Texts result;
    const std::string_view** places[] = {&result.self, &result.other, &result.third};
    for (std::size_t i = 0; i < count; ++i) {
        const auto* string = i < args.positional.size() ? args.positional[i].try_as<String>() : nullptr;
        if (!string) {
            result.error =
                i < args.positional.size()
                    ? wrong(name, "text", args.positional[i]).value()
                    : script_error(ErrorKind::kArity, "`{}` takes its arguments without names", name).value();
            return result;
        }
        *places[i] = &string->text;
    }
    return result;
}

template <char (*kChange)(char)>
NativeResult changed(Interpreter& interpreter, const Args& args) {
    Texts in = texts(args, "upper", 1);
    if (in.error) return tl::make_unexpected(*in.error);
    return interpreter.heap().string(
        in.self->size(), [text = *in.self](char* out) { std::transform(text.begin(), text.end(), out, kChange); });
}

char upper_ascii(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
char lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

NativeResult trim(Interpreter& interpreter, const Args& args) {
    Texts in = texts(args, "trim", 1);
    if (in.error) return tl::make_unexpected(*in.error);
    constexpr std::string_view kBlank = " \t\r\n\f\v";
    std::size_t begin = in.self->find_first_not_of(kBlank);
    if (begin == std::string::npos) return interpreter.heap().string("");
    return interpreter.heap().string(in.self->substr(begin, in.self->find_last_not_of(kBlank) - begin + 1));
}

NativeResult starts_with(Interpreter&, const Args& args) {
    Texts in = texts(args, "starts_with", 2);
    if (in.error) return tl::make_unexpected(*in.error);
    return Value::boolean(in.self->starts_with(*in.other));
}

NativeResult ends_with(Interpreter&, const Args& args) {
    Texts in = texts(args, "ends_with", 2);
    if (in.error) return tl::make_unexpected(*in.error);
    return Value::boolean(in.self->ends_with(*in.other));
}

NativeResult replace(Interpreter& interpreter, const Args& args) {
    Texts in = texts(args, "replace", 3);
    if (in.error) return tl::make_unexpected(*in.error);
    if (in.other->empty()) return script_error(ErrorKind::kValue, "`replace` cannot look for empty text");
    std::string out;
    std::size_t at = 0;
    for (std::size_t found = 0; (found = in.self->find(*in.other, at)) != std::string::npos;
         at = found + in.other->size()) {
        out.append(*in.self, at, found - at);
        out += *in.third;
        if (!interpreter.has_room(out.size())) return interpreter.over_limit();
    }
    out.append(*in.self, at);
    return interpreter.heap().string(out);
}

// Gathers pieces of a text, each a string of its own, for as long as there is room.
class Pieces {
  public:
    explicit Pieces(Interpreter& interpreter) : interpreter_(interpreter) {}

    bool add(std::string_view part) {
        constexpr std::size_t kEach = 128;
        if (!interpreter_.has_room((items_.size() + 1) * sizeof(Value) + part.size() + kEach)) return false;
        items_.push_back(interpreter_.heap().string(part));
        return true;
    }
    NativeResult take() { return interpreter_.heap().make<Array>(std::move(items_)); }

  private:
    Interpreter& interpreter_;
    std::vector<Value> items_;
};

NativeResult split_at(Interpreter& interpreter, std::string_view text, std::string_view separator) {
    Pieces pieces(interpreter);
    auto next = [&] { return separator.size() == 1 ? text.find(separator.front()) : text.find(separator); };
    for (std::size_t found = 0; (found = next()) != std::string_view::npos;) {
        if (!pieces.add(text.substr(0, found))) return interpreter.over_limit();
        text.remove_prefix(found + separator.size());
    }
    if (!pieces.add(text)) return interpreter.over_limit();
    return pieces.take();
}

NativeResult split_at_blanks(Interpreter& interpreter, std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    Pieces pieces(interpreter);
    for (std::size_t begin = 0; (begin = text.find_first_not_of(kBlank)) != std::string_view::npos;) {
        std::size_t end = std::min(text.find_first_of(kBlank, begin), text.size());
        if (!pieces.add(text.substr(begin, end - begin))) return interpreter.over_limit();
        text.remove_prefix(end);
    }
    return pieces.take();
}

NativeResult split(Interpreter& interpreter, const Args& args) {
    Texts in = texts(args, "split", std::min<std::size_t>(args.positional.size(), 2));
    if (in.error) return tl::make_unexpected(*in.error);
    if (!in.other) return split_at_blanks(interpreter, *in.self);
    if (in.other->empty()) return script_error(ErrorKind::kValue, "`split` cannot split at empty text");
    return split_at(interpreter, *in.self, *in.other);
}

NativeResult chars(Interpreter& interpreter, const Args& args) {
    Texts in = texts(args, "chars", 1);
    if (in.error) return tl::make_unexpected(*in.error);
    Pieces pieces(interpreter);
    std::string_view text = *in.self;
    while (!text.empty()) {
        std::string_view one = text_slice(text, 0, 1);
        if (!pieces.add(one)) return interpreter.over_limit();
        text.remove_prefix(one.size());
    }
    return pieces.take();
}

constexpr NativeSpec kText[] = {
    {"upper", "text", changed<upper_ascii>, kString},
    {"lower", "text", changed<lower_ascii>, kString},
    {"trim", "text", trim, kString},
    {"strip", "text", trim, kString, false},
    {"starts_with", "text, prefix", starts_with, kString},
    {"ends_with", "text, suffix", ends_with, kString},
    {"replace", "text, old, new", replace, kString},
    {"split", "text, separator =", split, kString},
    {"chars", "text", chars, kString},
};

}  // namespace

std::span<const NativeSpec> builtins::text() {
    return kText;
}

}  // namespace nyx::script
