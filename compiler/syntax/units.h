// The words that may follow a number, as in `2 GiB` or `1 Gbit/s`.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace nyx::syntax {

bool is_unit(std::string_view word);
std::span<const std::string> all_units();

}  // namespace nyx::syntax
