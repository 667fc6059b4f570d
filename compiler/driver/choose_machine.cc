#include "compiler/driver/choose_machine.h"

#include <fmt/ranges.h>

namespace nyx::driver {

Result<std::size_t> choose_machine(const Checked& checked, const std::string& file, const std::string& name) {
    const auto& all = checked.machines;
    std::vector<std::string> names;
    for (const model::Machine& one : all) names.push_back(one.name);
    if (name.empty() && all.size() == 1) return std::size_t{0};
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!name.empty() && all[i].name == name) return i;
    if (names.empty())
        return fail({ErrorCode::kInvalidArgument, file + " has no machine", "see `machine` in the file"});
    std::string hint = "choose one: --machine NAME";
    if (!name.empty())
        return fail({ErrorCode::kInvalidArgument, fmt::format("{} has no machine {}", file, name), hint});
    return fail({ErrorCode::kInvalidArgument,
                 fmt::format("this takes one machine, and {} has {}", file, fmt::join(names, ", ")), hint});
}

}  // namespace nyx::driver
