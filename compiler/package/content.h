// What a package holds, as one number.
#pragma once

#include <string>

#include "runtime/base/result.h"

namespace nyx::package {

// No package of sources is larger; a hostile one may be.
inline constexpr std::size_t kMaxFiles = 10'000;
inline constexpr std::uint64_t kMaxBytes = std::uint64_t{256} << 20;

// SHA-256 in hexadecimal digits over the path and digest of every file, in byte order of the paths. kCorrupt for a
// link, a device, or more than a package may hold.
Result<std::string> content_digest(const std::string& folder);

}  // namespace nyx::package
