#include "compiler/syntax/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

namespace nyx::syntax {

namespace {

constexpr Unit kUnits[] = {
#define NYX_UNIT(word, dimension, base_units) {word, Dimension::k##dimension, base_units},
#include "compiler/syntax/units.def"
};

}  // namespace

std::span<const std::string> all_units() {
    static const std::vector<std::string> units = [] {
        std::vector<std::string> words;
        for (const Unit& unit : kUnits) words.emplace_back(unit.word);
        return words;
    }();
    return units;
}

const Unit* find_unit(std::string_view word) {
    const auto* found =
        std::find_if(std::begin(kUnits), std::end(kUnits), [word](const Unit& u) { return u.word == word; });
    return found == std::end(kUnits) ? nullptr : found;
}

std::string_view size_meant(std::string_view letters) {
    constexpr std::string_view kPrefixes = "kmgt";
    constexpr std::string_view kUnitOf[] = {"KiB", "MiB", "GiB", "TiB"};
    std::string small;
    for (char c : letters.substr(0, 4)) small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::size_t prefix = small.empty() ? std::string_view::npos : kPrefixes.find(small.front());
    std::string_view rest = std::string_view(small).substr(small.empty() ? 0 : 1);
    bool size = rest.empty() || rest == "b" || rest == "i" || rest == "ib";
    return prefix == std::string_view::npos || !size ? std::string_view() : kUnitOf[prefix];
}

std::optional<std::int64_t> base_units(const ast::Quantity& quantity, const Unit& unit) {
    if (const auto* whole = ast::try_as<ast::IntLiteral>(quantity.number.get())) {
        std::int64_t product = 0;
        if (__builtin_mul_overflow(whole->value, unit.base_units, &product)) return std::nullopt;
        return product;
    }
    const auto* real = ast::try_as<ast::FloatLiteral>(quantity.number.get());
    double exact = real ? real->value * static_cast<double>(unit.base_units) : HUGE_VAL;
    if (!(std::abs(exact) < 9e18)) return std::nullopt;
    std::int64_t rounded = std::llround(exact);
    // 0.1 has no exact double, so a hair beside a whole number is that number.
    bool whole = std::abs(exact - static_cast<double>(rounded)) <= 1e-9 * std::abs(exact);
    return whole ? std::optional(rounded) : std::nullopt;
}

std::optional<std::string> nearest_quantity(const ast::Quantity& quantity, const Unit& unit) {
    const auto* real = ast::try_as<ast::FloatLiteral>(quantity.number.get());
    double exact = real ? real->value * static_cast<double>(unit.base_units) : HUGE_VAL;
    if (!(std::abs(exact) < 9e18)) return std::nullopt;
    std::int64_t nearest = std::max<std::int64_t>(std::llround(exact), 1);
    const Unit* best = nullptr;
    for (const Unit& one : kUnits) {
        bool fits = one.dimension == unit.dimension && nearest % one.base_units == 0;
        if (fits && (!best || one.base_units > best->base_units)) best = &one;
    }
    return fmt::format("{} {}", nearest / best->base_units, best->word);
}

}  // namespace nyx::syntax
