// nyx.lock.yaml: the packages of a project that come from git, each with its commit and the digest of its content.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::package {

struct LockedPackage {
    std::string git;
    std::string rev;
    std::string content;  // SHA-256 as 64 hexadecimal digits (content.h)
    Span where;
};
using PackageLock = std::map<std::string, LockedPackage, std::less<>>;  // by name

// In byte order of the names.
std::string lock_text(const PackageLock& lock);
// Nothing after a diagnostic NY0710 for anything but what lock_text writes.
std::optional<PackageLock> read_lock(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::package
