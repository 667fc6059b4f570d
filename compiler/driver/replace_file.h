// A source file whose text is replaced by the tools that write sources (fmt, check --fix).
#pragma once

#include <string>

#include "runtime/base/result.h"

namespace nyx::driver {

// The file appears whole or not at all and keeps its mode. Through a link to the file that it names, so that the link
// stays one. Refused: a file that nobody may write, and one whose text is no longer `before`.
Status replace_file(const std::string& path, const std::string& before, const std::string& after);

}  // namespace nyx::driver
