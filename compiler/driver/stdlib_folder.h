// The folder with Nyx's own modules: $NYX_STDLIB, or ../share/nyx/stdlib beside the executable (which a build tree has
// as well).
#pragma once

#include <string>

#include "runtime/base/result.h"
#include "runtime/base/sha256.h"

namespace nyx::driver {

// kNotFound with what to do, where there is none.
Result<std::string> stdlib_folder();

// SHA-256 over the relative path and digest of every .ny file, in byte order of the paths: one number for the whole
// library.
Result<Digest> stdlib_digest(const std::string& folder);

}  // namespace nyx::driver
