// The values of number and string literals. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nyx::syntax {

enum class NumberError { kNone, kMalformed, kTooLarge };

struct IntegerValue {
    NumberError error = NumberError::kNone;
    std::int64_t value = 0;  // for 0x, 0o and 0b above INT64_MAX the two's-complement bit pattern
};

IntegerValue parse_integer(std::string_view text);
// Too large for a double: empty.
std::optional<double> parse_float(std::string_view text);

// text without its quotes. `bad` gets offset and length of every escape that is not one, which is then left as written.
std::string unescape(std::string_view text, const std::function<void(std::size_t, std::size_t)>& bad);

// A doc string: surrounding blank lines and the common indentation of its lines are removed.
std::string dedent(std::string_view text);

}  // namespace nyx::syntax
