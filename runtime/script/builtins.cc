// The built-ins that work on numbers and text, and the table of all (docs/builtins.md).
#include <algorithm>
#include <charconv>
#include <cmath>

#include "runtime/script/builtins.h"
#include "runtime/script/format.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::given;

tl::unexpected<ScriptError> wrong(std::string_view what, std::string_view wanted, const Value& value) {
    return script_error(ErrorKind::kType, "`{}` takes {}, not {}", what, wanted, type_name(value.type()));
}

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
    return interpreter.heap().make<String>(std::move(*text));
}

NativeResult printf(Interpreter& interpreter, const Args& args) {
    NativeResult text = format(interpreter, args);
    if (!text) return text;
    interpreter.print(text->as<String>().text);
    return Value();
}

// ---- Numbers
// ------------------------------------------------------------------------------------------------------------

NativeResult abs_of(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (value.is(Type::kFloat)) return Value::floating(std::abs(value.as_float()));
    if (!value.is(Type::kInt) && !value.is_quantity()) return wrong("abs", "a number", value);
    return value.as_int() < 0 ? unary_operation(Op::kNegate, value) : NativeResult(value);
}

// The least (sign -1) or greatest (sign 1) of the arguments, or of the one list given.
NativeResult extreme(const Args& args, int sign, std::string_view name) {
    std::span<const Value> values = args.positional;
    std::vector<Value> listed;
    if (values.size() == 1) {
        auto items = builtins::items_of(values[0]);
        if (!items) return wrong(name, "numbers or a list", values[0]);
        listed = std::move(*items);
        values = listed;
    }
    if (values.empty()) return script_error(ErrorKind::kValue, "`{}` of nothing", name);
    Value best = values[0];
    for (const Value& value : values) {
        auto order = compare(value, best);
        if (!order) return tl::make_unexpected(std::move(order).error());
        if (*order == sign) best = value;
    }
    return best;
}

NativeResult min_of(Interpreter&, const Args& args) {
    return extreme(args, -1, "min");
}
NativeResult max_of(Interpreter&, const Args& args) {
    return extreme(args, 1, "max");
}

NativeResult clamp(Interpreter&, const Args& args) {
    auto below = compare(given(args, 0, "x"), given(args, 1, "low"));
    if (!below) return tl::make_unexpected(std::move(below).error());
    if (*below < 0) return given(args, 1, "low");
    auto above = compare(given(args, 0, "x"), given(args, 2, "high"));
    if (!above) return tl::make_unexpected(std::move(above).error());
    return *above > 0 ? given(args, 2, "high") : given(args, 0, "x");
}

NativeResult to_whole(double value) {
    if (!(std::abs(value) < 9.2e18)) return script_error(ErrorKind::kArithmetic, "this number does not fit in an int");
    return Value::integer(static_cast<std::int64_t>(value));
}

template <double (*kRound)(double)>
NativeResult rounded(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (value.is(Type::kInt)) return value;
    if (!value.is(Type::kFloat)) return wrong("round", "a number", value);
    return to_whole(kRound(value.as_float()));
}

NativeResult round_to(Interpreter& interpreter, const Args& args) {
    const Value* digits = args.find(1, "digits");
    if (!digits) return rounded<std::round>(interpreter, args);
    if (!digits->is(Type::kInt) || !args.positional[0].is_number())
        return wrong("round", "a number and digits", *digits);
    double scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(digits->as_int(), -15, 15)));
    const Value& value = args.positional[0];
    double number = value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int());
    return Value::floating(std::round(number * scale) / scale);
}

NativeResult sqrt_of(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (!value.is_number()) return wrong("sqrt", "a number", value);
    double number = value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int());
    if (number < 0) return script_error(ErrorKind::kValue, "`sqrt` of a negative number");
    return Value::floating(std::sqrt(number));
}

NativeResult pow_of(Interpreter& interpreter, const Args& args) {
    return binary_operation(interpreter, Op::kPower, given(args, 0, "x"), given(args, 1, "y"));
}

// ---- Conversions
// --------------------------------------------------------------------------------------------------------

std::optional<std::int64_t> parse_int(std::string_view text, int base) {
    std::string digits;
    for (char c : text) {
        if (c != '_') digits += c;
    }
    bool negative = !digits.empty() && digits[0] == '-';
    std::string_view rest = std::string_view(digits).substr(negative || (!digits.empty() && digits[0] == '+') ? 1 : 0);
    for (auto [prefix, its_base] : {std::pair{"0x", 16}, {"0X", 16}, {"0o", 8}, {"0b", 2}}) {
        if (rest.starts_with(prefix) && (base == 0 || base == its_base)) {
            rest.remove_prefix(2);
            base = its_base;
        }
    }
    std::uint64_t magnitude = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), magnitude, base == 0 ? 10 : base);
    if (rest.empty() || error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
    if (magnitude > (std::uint64_t{1} << 63) - (negative ? 0 : 1)) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

NativeResult to_int(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    const Value* base = args.find(1, "base");
    if (base && (!base->is(Type::kInt) || base->as_int() < 2 || base->as_int() > 36)) {
        return script_error(ErrorKind::kValue, "a base is from 2 to 36");
    }
    if (value.is(Type::kInt) || value.is(Type::kBool) || value.is_quantity()) return Value::integer(value.as_int());
    if (value.is(Type::kFloat)) return to_whole(value.as_float());
    if (!value.is(Type::kString)) return wrong("int", "a number or text", value);
    auto number = parse_int(value.as<String>().text, base ? static_cast<int>(base->as_int()) : 0);
    if (!number) return script_error(ErrorKind::kValue, "{} is no int", to_source(value));
    return Value::integer(*number);
}

NativeResult to_float(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (value.is(Type::kFloat)) return value;
    if (value.is(Type::kInt) || value.is(Type::kBool)) return Value::floating(static_cast<double>(value.as_int()));
    if (!value.is(Type::kString)) return wrong("float", "a number or text", value);
    const std::string& text = value.as<String>().text;
    double number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return script_error(ErrorKind::kValue, "{} is no float", to_source(value));
    }
    return Value::floating(number);
}

NativeResult to_str(Interpreter& interpreter, const Args& args) {
    if (args.positional[0].is(Type::kString)) return args.positional[0];
    return interpreter.heap().make<String>(to_text(args.positional[0]));
}

NativeResult to_bool(Interpreter&, const Args& args) {
    return Value::boolean(truthy(args.positional[0]));
}

NativeResult type_of(Interpreter& interpreter, const Args& args) {
    const Value& value = args.positional[0];
    if (auto* instance = value.try_as<Instance>()) return interpreter.heap().string(instance->cls->name);
    if (value.is(Type::kHostObject)) {
        return interpreter.heap().string(static_cast<const HostObject*>(value.as_object())->type_name());
    }
    return interpreter.heap().string(type_name(value.type()));
}

NativeResult in_base(Interpreter& interpreter, const Args& args, std::string_view spec) {
    auto text = format_value(args.positional[0], spec);
    if (!text) return tl::make_unexpected(std::move(text).error());
    return interpreter.heap().make<String>(std::move(*text));
}
NativeResult hex(Interpreter& interpreter, const Args& args) {
    return in_base(interpreter, args, "#x");
}
NativeResult bin(Interpreter& interpreter, const Args& args) {
    return in_base(interpreter, args, "#b");
}
NativeResult oct(Interpreter& interpreter, const Args& args) {
    return in_base(interpreter, args, "#o");
}
NativeResult chr(Interpreter& interpreter, const Args& args) {
    return in_base(interpreter, args, "c");
}

NativeResult ord(Interpreter&, const Args& args) {
    const auto* string = args.positional[0].try_as<String>();
    if (!string || text_length(string->text) != 1) return script_error(ErrorKind::kValue, "`ord` takes one character");
    const std::string& text = string->text;
    auto lead = static_cast<unsigned char>(text[0]);
    std::int64_t point = text.size() == 1 ? lead : lead & (0xFF >> (text.size() + 1));
    for (std::size_t i = 1; i < text.size(); ++i) point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    return Value::integer(point);
}

// ---- Text
// ---------------------------------------------------------------------------------------------------------------

// The first argument's text, and those of the others that are needed; nothing after an error.
struct Texts {
    const std::string* self = nullptr;
    const std::string* other = nullptr;
    const std::string* third = nullptr;
    std::optional<ScriptError> error;
};

Texts texts(const Args& args, std::string_view name, std::size_t count) {
    Texts result;
    const std::string** places[] = {&result.self, &result.other, &result.third};
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
    std::string out = *in.self;
    std::transform(out.begin(), out.end(), out.begin(), kChange);
    return interpreter.heap().make<String>(std::move(out));
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
    return interpreter.heap().make<String>(std::move(out));
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
    for (std::size_t found = 0; (found = text.find(separator)) != std::string_view::npos;) {
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

constexpr TypeMask kString = mask_of(Type::kString);
constexpr TypeMask kNumber = mask_of(Type::kInt) | mask_of(Type::kFloat);

constexpr NativeSpec kText[] = {
    {"print", "..., sep =, end =", print},
    {"printf", "format, ...", printf},
    {"format", "format, ...", format},
    {"abs", "x", abs_of, kNumber},
    {"min", "...", min_of},
    {"max", "...", max_of},
    {"clamp", "x, low, high", clamp, kNumber},
    {"round", "x, digits =", round_to, kNumber},
    {"floor", "x", rounded<std::floor>, kNumber},
    {"ceil", "x", rounded<std::ceil>, kNumber},
    {"sqrt", "x", sqrt_of},
    {"pow", "x, y", pow_of},
    {"int", "x, base =", to_int},
    {"to_int", "x, base =", to_int, kString | kNumber, false},
    {"float", "x", to_float},
    {"to_float", "x", to_float, kString | kNumber, false},
    {"str", "x", to_str},
    {"string", "x", to_str},
    {"to_string", "x", to_str, ~TypeMask{0}, false},
    {"bool", "x", to_bool},
    {"type", "x", type_of},
    {"hex", "x", hex, mask_of(Type::kInt)},
    {"bin", "x", bin},
    {"oct", "x", oct},
    {"chr", "x", chr},
    {"ord", "c", ord},
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
        all.add(kText);
        all.add(builtins::collections());
        all.add(machine_natives());
        return all;
    }();
    return natives;
}

}  // namespace nyx::script
