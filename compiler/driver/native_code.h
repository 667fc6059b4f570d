// The native code of a machine for its bundle, ordered by a profile, and the user's note that it is theirs.
#pragma once

#include <optional>
#include <string>

#include "compiler/codegen/exit_code.h"
#include "compiler/driver/pipeline.h"
#include "runtime/plan/access_profile.h"
#include "runtime/plan/bundle_writer.h"

namespace nyx::driver {

// `--profile`, read; without a path none.
Result<std::optional<plan::AccessProfile>> read_profile(const std::string& path);

// Which accesses the dispatch asks for first, and what is to be said about it; empty lists without a profile.
struct DispatchOrder {
    codegen::HotAccesses hot;
    std::string report;  // lines for a person
};
DispatchOrder order_by(const std::optional<plan::AccessProfile>& profile, const Compiled& compiled);

// By level; nothing where no device of the machine is described.
Result<std::map<std::string, Bytes>> native_code(const Compiled& compiled, const codegen::HotAccesses& hot);

// Notes that the user built this code, so that nyx runs it. A place that cannot be written to is said on stderr, and no
// more: the bundle is good without.
void trust_own_code(const plan::BundleContents& contents, const std::string& output);

}  // namespace nyx::driver
