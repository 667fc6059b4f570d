// The words that may follow a number, as in `2 GiB` or `1 Gbit/s`, and what they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/syntax/ast.h"

namespace nyx::syntax {

enum class Dimension : std::uint8_t { kSize, kTime, kRate, kFrequency };

struct Unit {
    std::string_view word;
    Dimension dimension;
    std::int64_t base_units;  // bytes, nanoseconds, bits per second, hertz
};

std::span<const std::string> all_units();
// Null where there is no such unit.
const Unit* find_unit(std::string_view word);
inline bool is_unit(std::string_view word) {
    return find_unit(word) != nullptr;
}
// The size that `512M` or `512mb` most likely means: "MiB"; empty for other words.
std::string_view size_meant(std::string_view letters);
// Nothing where the quantity is no whole number of base units, or too large.
std::optional<std::int64_t> base_units(const ast::Quantity& quantity, const Unit& unit);
// Of a quantity that is none, "3 B" for `2.5 B`: the nearest that is one, in the largest unit without a fraction.
// Nothing where it is too large.
std::optional<std::string> nearest_quantity(const ast::Quantity& quantity, const Unit& unit);

}  // namespace nyx::syntax
