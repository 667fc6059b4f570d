// A commit of a git repository as plain files in the cache. The only part of nyxc that may use the network.
//
// The repository is hostile: no hook of it runs, no filter, no submodule is followed; links, paths that leave the tree
// and more than a package may hold are refused before anything is written where a build looks.
#pragma once

#include <string>

#include "compiler/package/manifest.h"
#include "runtime/base/result.h"

namespace nyx::package {

// The digest of its content, which is also the name of its folder in the cache. kUnsupported without a git program.
Result<std::string> fetch(const Dependency& wanted);

// The commit that the repository's HEAD is now.
Result<std::string> head_of(const std::string& address);

}  // namespace nyx::package
