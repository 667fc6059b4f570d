#include "runtime/script/format_spec.h"

#include <algorithm>
#include <cctype>

#include "runtime/script/code_points.h"

namespace nyx::script {

namespace {

constexpr int kMaxWidth = 1000;

int take_number(std::string_view& text) {
    int number = 0;
    while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
        number = std::min(number * 10 + (text.front() - '0'), kMaxWidth + 1);
        text.remove_prefix(1);
    }
    return number;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool is_align(char c) {
    return c == '<' || c == '>' || c == '^' || c == '=';
}

void take_alignment(std::string_view& text, FormatSpec& spec) {
    std::string_view fill = text_slice(text, 0, 1);
    if (text.size() > fill.size() && is_align(text[fill.size()])) {
        spec.fill = fill;
        spec.align = text[fill.size()];
        text.remove_prefix(fill.size() + 1);
    } else if (!text.empty() && is_align(text.front())) {
        spec.align = text.front();
        text.remove_prefix(1);
    }
}

// False: no flag is there.
bool take_flag(std::string_view& text, FormatSpec& spec) {
    if (text.empty()) return false;
    switch (text.front()) {
        case '-':
            spec.align = '<';
            break;
        case '+':
        case ' ':
            spec.sign = text.front();
            break;
        case '#':
            spec.alternate = true;
            break;
        case '0':
            spec.zero = true;
            break;
        default:
            return false;
    }
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<FormatSpec> parse_format(std::string_view text) {
    FormatSpec spec;
    take_alignment(text, spec);
    if (!text.empty() && (text.front() == '+' || text.front() == ' ' || text.front() == '-')) {
        spec.sign = text.front();
        text.remove_prefix(1);
    }
    spec.alternate = take(text, '#');
    spec.zero = take(text, '0');
    spec.width = take_number(text);
    spec.thousands = take(text, ',');
    if (take(text, '.')) spec.precision = take_number(text);
    if (!text.empty()) {
        spec.type = text.front();
        text.remove_prefix(1);
    }
    bool known = spec.type == 0 || std::string_view("dxXobceEfgs%").find(spec.type) != std::string_view::npos;
    if (!text.empty() || !known || spec.width > kMaxWidth || spec.precision > kMaxWidth) return std::nullopt;
    return spec;
}

std::optional<FormatSpec> take_conversion(std::string_view& text) {
    FormatSpec spec;
    while (take_flag(text, spec)) continue;
    spec.width = take_number(text);
    if (take(text, '.')) spec.precision = take_number(text);
    while (!text.empty() && (text.front() == 'l' || text.front() == 'h' || text.front() == 'z')) text.remove_prefix(1);
    if (text.empty() || spec.width > kMaxWidth || spec.precision > kMaxWidth) return std::nullopt;
    char type = text.front();
    text.remove_prefix(1);
    if (type == 'i' || type == 'u') type = 'd';
    if (std::string_view("dxXobceEfgsv").find(type) == std::string_view::npos) return std::nullopt;
    if (spec.align == 0 && (type == 's' || type == 'v' || type == 'c')) spec.align = '>';
    spec.type = type == 'v' ? 's' : type;
    return spec;
}

}  // namespace nyx::script
