#include "compiler/package/cache.h"

#include <cstdlib>

namespace nyx::package {

Result<std::string> cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache && cache[0] == '/') return std::string(cache) + "/nyx/packages";  // relative ones are to be ignored
    const char* home = std::getenv("HOME");
    if (home && home[0] == '/') return std::string(home) + "/.cache/nyx/packages";
    return fail({ErrorCode::kNotFound, "there is no folder for packages", "set HOME or XDG_CACHE_HOME"});
}

}  // namespace nyx::package
