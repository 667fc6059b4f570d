// Where packages from git are kept, by the digest of their content: $XDG_CACHE_HOME/nyx/packages, or ~/.cache/….
#pragma once

#include <string>

#include "runtime/base/result.h"

namespace nyx::package {

// kNotFound where the environment names no home. The folder need not be there.
Result<std::string> cache_folder();

}  // namespace nyx::package
