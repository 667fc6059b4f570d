// The built-ins that make one type of another.
#include <charconv>
#include <cmath>

#include "runtime/script/builtins.h"
#include "runtime/script/code_points.h"
#include "runtime/script/format.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::kNumber;
using builtins::kString;
using builtins::to_whole;
using builtins::wrong;

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
    std::string_view text = value.as<String>().text;
    double number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return script_error(ErrorKind::kValue, "{} is no float", to_source(value));
    }
    return Value::floating(number);
}

NativeResult to_str(Interpreter& interpreter, const Args& args) {
    if (args.positional[0].is(Type::kString)) return args.positional[0];
    return interpreter.heap().string(to_text(args.positional[0]));
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
    return interpreter.heap().string(*text);
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
    std::string_view text = string->text;
    auto lead = static_cast<unsigned char>(text[0]);
    std::int64_t point = text.size() == 1 ? lead : lead & (0xFF >> (text.size() + 1));
    for (std::size_t i = 1; i < text.size(); ++i) point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    return Value::integer(point);
}

constexpr NativeSpec kConversions[] = {
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
};

}  // namespace

NativeResult builtins::to_whole(double value) {
    if (!(std::abs(value) < 9.2e18)) return script_error(ErrorKind::kArithmetic, "this number does not fit in an int");
    return Value::integer(static_cast<std::int64_t>(value));
}

std::span<const NativeSpec> builtins::conversions() {
    return kConversions;
}

}  // namespace nyx::script
