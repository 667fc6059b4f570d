// The names of classic Nyx that a script may use without an import, and the modules of stdlib that declare them.
#pragma once

#include <string_view>
#include <vector>

namespace nyx::lower {

// The modules that a text uses by such a name, each once, in the order of the list. A name after a `.` is somebody's
// member and does not count.
std::vector<std::string_view> classic_modules_used(std::string_view text);

}  // namespace nyx::lower
