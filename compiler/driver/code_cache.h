// Native code that was generated before, so that building a machine again whose devices have not changed costs nothing.
//
// $XDG_CACHE_HOME/nyx/code, or ~/.cache/nyx/code; it may be deleted at any time. An entry is found by everything that
// the code is made from and by this very nyxc, and is a hit only if it is whole and nobody but the user could have
// written it. Any number of processes may use it at once.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/codegen/exit_code.h"

namespace nyx::driver {

Digest code_cache_key(const codegen::ExitCodeInput& input);
// By level; nothing: it is not there.
std::optional<std::map<std::string, Bytes>> cached_code(const Digest& key);
// What cannot be kept is made again next time.
void keep_code(const Digest& key, const std::map<std::string, Bytes>& code);

}  // namespace nyx::driver
