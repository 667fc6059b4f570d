#include "runtime/script/format.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "runtime/base/utf8.h"
#include "runtime/script/code_points.h"
#include "runtime/script/format_spec.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

void group_thousands(std::string& digits) {
    std::size_t end = digits.find_first_not_of("0123456789");
    if (end == std::string::npos) end = digits.size();
    for (std::size_t at = end; at > 3; at -= 3) digits.insert(at - 3, ",");
}

// Digits without a sign.
std::string int_digits(std::uint64_t magnitude, const FormatSpec& spec) {
    switch (spec.type) {
        case 'x':
            return fmt::format("{}{:x}", spec.alternate ? "0x" : "", magnitude);
        case 'X':
            return fmt::format("{}{:X}", spec.alternate ? "0x" : "", magnitude);
        case 'o':
            return fmt::format("{}{:o}", spec.alternate ? "0o" : "", magnitude);
        case 'b':
            return fmt::format("{}{:b}", spec.alternate ? "0b" : "", magnitude);
        default:
            return fmt::format("{}", magnitude);
    }
}

std::string float_digits(double magnitude, const FormatSpec& spec) {
    switch (spec.type) {
        case 'e':
            return fmt::format("{:.{}e}", magnitude, spec.precision < 0 ? 6 : spec.precision);
        case 'E':
            return fmt::format("{:.{}E}", magnitude, spec.precision < 0 ? 6 : spec.precision);
        case 'f':
            return fmt::format("{:.{}f}", magnitude, spec.precision < 0 ? 6 : spec.precision);
        case '%':
            return fmt::format("{:.{}f}%", magnitude * 100, spec.precision < 0 ? 6 : spec.precision);
        case 'g':
            return fmt::format("{:.{}g}", magnitude, spec.precision < 0 ? 6 : spec.precision);
        default:
            if (spec.precision >= 0) return fmt::format("{:.{}g}", magnitude, spec.precision);
            return to_text(Value::floating(magnitude));
    }
}

std::string padded(const std::string& sign, const std::string& body, const FormatSpec& spec, char natural) {
    std::size_t size = sign.size() + text_length(body);
    std::size_t missing = static_cast<std::size_t>(spec.width) > size ? static_cast<std::size_t>(spec.width) - size : 0;
    bool zeros = spec.zero && spec.align == 0;
    char align = spec.align != 0 ? spec.align : zeros ? '=' : natural;
    std::string fill;
    auto repeat = [&](std::size_t count) {
        fill.clear();
        for (std::size_t i = 0; i < count; ++i) fill += zeros ? "0" : spec.fill;
        return fill;
    };
    if (align == '<') return sign + body + repeat(missing);
    if (align == '=') {
        bool prefixed =
            spec.alternate && zeros && body.size() > 2 && std::isalpha(static_cast<unsigned char>(body[1])) != 0;
        return sign + (prefixed ? body.substr(0, 2) : "") + repeat(missing) + (prefixed ? body.substr(2) : body);
    }
    std::size_t left = align == '^' ? missing / 2 : missing;
    return repeat(left) + sign + body + repeat(missing - left);
}

std::string sign_of(bool negative, const FormatSpec& spec) {
    return negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
}

std::string format_int(std::int64_t value, const FormatSpec& spec) {
    // A bit pattern shows as such: 0xffff…, not -0x1.
    bool pattern = spec.type == 'x' || spec.type == 'X' || spec.type == 'o' || spec.type == 'b';
    bool negative = value < 0 && !pattern;
    auto magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string digits = int_digits(magnitude, spec);
    if (spec.thousands) group_thousands(digits);
    return padded(sign_of(negative, spec), digits, spec, '>');
}

std::string format_float(double value, const FormatSpec& spec) {
    std::string digits = float_digits(std::abs(value), spec);
    if (spec.thousands) group_thousands(digits);
    return padded(sign_of(std::signbit(value), spec), digits, spec, '>');
}

tl::unexpected<ScriptError> wrong_type(const Value& value, char type) {
    return script_error(ErrorKind::kType, "format `{}` does not go with {}", type, type_name(value.type()));
}

tl::expected<std::string, ScriptError> format_character(const Value& value, const FormatSpec& spec) {
    if (value.is(Type::kString)) return padded("", std::string(value.as<String>().text), spec, '<');
    if (!value.is(Type::kInt) || value.as_int() < 0 || value.as_int() > 0x10FFFF) return wrong_type(value, 'c');
    std::string character;
    append_utf8(character, static_cast<char32_t>(value.as_int()));
    return padded("", character, spec, '<');
}

std::string format_text(const Value& value, FormatSpec spec) {
    std::string text = to_text(value);
    if (spec.precision >= 0) text = text_slice(text, 0, static_cast<std::size_t>(spec.precision));
    spec.zero = false;
    return padded("", text, spec, '<');
}

tl::expected<std::string, ScriptError> format_with(const Value& value, const FormatSpec& spec) {
    switch (spec.type) {
        case 'd':
        case 'x':
        case 'X':
        case 'o':
        case 'b':
            if (!value.is(Type::kInt) && !value.is_quantity() && !value.is(Type::kBool))
                return wrong_type(value, spec.type);
            return format_int(value.as_int(), spec);
        case 'c':
            return format_character(value, spec);
        case 'e':
        case 'E':
        case 'f':
        case 'g':
        case '%':
            if (!value.is_number()) return wrong_type(value, spec.type);
            return format_float(value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int()), spec);
        default:
            break;
    }
    if (spec.type == 0 && value.is(Type::kInt)) return format_int(value.as_int(), spec);
    if (spec.type == 0 && value.is(Type::kFloat)) return format_float(value.as_float(), spec);
    return format_text(value, spec);
}

// %d of a float cuts it off, as C programmers expect of a cast.
Value for_conversion(const Value& value, char type) {
    bool cuts = type == 'd' && value.is(Type::kFloat) && std::abs(value.as_float()) < 9e18;
    return cuts ? Value::integer(static_cast<std::int64_t>(value.as_float())) : value;
}

}  // namespace

tl::expected<std::string, ScriptError> format_value(const Value& value, std::string_view text) {
    if (text.empty()) return to_text(value);
    auto spec = parse_format(text);
    if (!spec) return script_error(ErrorKind::kValue, "`{}` is no format", text);
    return format_with(value, *spec);
}

tl::expected<std::string, ScriptError> format_printf(std::string_view format, std::span<const Value> values) {
    std::string out;
    std::size_t next = 0;
    while (!format.empty()) {
        std::size_t percent = format.find('%');
        out += format.substr(0, percent);
        if (percent == std::string_view::npos) break;
        format.remove_prefix(percent + 1);
        if (format.starts_with('%')) {
            format.remove_prefix(1);
            out += '%';
            continue;
        }
        auto spec = take_conversion(format);
        if (!spec)
            return script_error(ErrorKind::kValue, "printf does not know this conversion: `%{}`", format.substr(0, 8));
        if (next == values.size()) return script_error(ErrorKind::kArity, "printf has more conversions than values");
        auto text = format_with(for_conversion(values[next], spec->type), *spec);
        ++next;
        if (!text) return text;
        out += *text;
    }
    if (next < values.size()) return script_error(ErrorKind::kArity, "printf has more values than conversions");
    return out;
}

}  // namespace nyx::script
