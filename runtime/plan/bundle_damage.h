// What is wrong with a bundle's content, as an error. Private to runtime/plan.
#pragma once

#include <utility>

#include "runtime/base/result.h"

namespace nyx::plan {

template <class... Args>
tl::unexpected<Error> damaged(fmt::format_string<Args...> format, Args&&... args) {
    return fail({ErrorCode::kCorrupt, fmt::format(format, std::forward<Args>(args)...),
                 "build it again with `nyxc build`, or copy it again if it came over a network"});
}

}  // namespace nyx::plan
