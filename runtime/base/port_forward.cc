#include "runtime/base/port_forward.h"

#include <charconv>
#include <string>
#include <vector>

namespace nyx {
namespace {

// What stands between the parentheses, at commas and without spaces around.
std::vector<std::string_view> arguments(std::string_view text) {
    std::vector<std::string_view> all;
    while (!text.empty()) {
        std::size_t comma = text.find(',');
        std::string_view one = text.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        all.push_back(one);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return all;
}

bool port(std::string_view text, std::uint16_t& number) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number != 0;
}

}  // namespace

Result<PortForward> parse_forward(std::string_view text) {
    PortForward forward;
    forward.udp = text.starts_with("udp(");
    bool good = (forward.udp || text.starts_with("tcp(")) && text.ends_with(')');
    std::vector<std::string_view> given;
    if (good) given = arguments(text.substr(4, text.size() - 5));
    good = good && (given.size() == 2 || given.size() == 3) && port(given[0], forward.host) &&
           port(given[1], forward.guest);
    if (good && given.size() == 3) {
        good = given[2] == "true" || given[2] == "false";
        forward.any_address = given[2] == "true";
    }
    if (good) return forward;
    return fail(ErrorCode::kInvalidArgument, "'{}' is not a forwarded port such as tcp(8080, 80)", text);
}

}  // namespace nyx
