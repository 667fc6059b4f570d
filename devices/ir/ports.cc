#include "devices/ir/ports.h"

#include <algorithm>

namespace nyx::dev::ir {

bool is_served_by_machine(const Program& program) {
    const auto is_known = [](const Source& source) {
        return source.bits == 8 || (source.bits == 0 && (source.name == kLineBreak || source.name == kPowerButton));
    };
    return program.sinks.size() <= 1 && program.queries.empty() &&
           std::ranges::count(program.sources, 8, &Source::bits) <= 1 && std::ranges::all_of(program.sources, is_known);
}

}  // namespace nyx::dev::ir
