#include "compiler/syntax/units.h"

#include <algorithm>
#include <vector>

namespace nyx::syntax {

std::span<const std::string> all_units() {
    static const std::vector<std::string> units = {
#define NYX_UNIT(word) word,
#include "compiler/syntax/units.def"
    };
    return units;
}

bool is_unit(std::string_view word) {
    auto units = all_units();
    return std::find(units.begin(), units.end(), word) != units.end();
}

}  // namespace nyx::syntax
