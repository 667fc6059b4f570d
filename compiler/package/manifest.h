// nyx.yaml: what a package is called and what it needs (docs/packages.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::package {

inline constexpr const char* kManifestName = "nyx.yaml";
inline constexpr const char* kLockName = "nyx.lock.yaml";

struct Dependency {
    std::string name;
    Span where;         // its name
    std::string path;   // as written, or empty
    std::string git;    // address, or empty
    std::string rev;    // full commit digest, in small letters
    Span source_where;  // the path or rev

    bool is_git() const { return !git.empty(); }
};

struct Manifest {
    std::string folder;  // that it stands in
    std::string name;
    Span name_where;
    std::string version;
    std::vector<Dependency> dependencies;
};

// Nothing after a diagnostic NY0710: every mistake of the file is reported. nyxc: the version that runs.
std::optional<Manifest> read_manifest(const source::SourceMap& sources, std::uint32_t file, const std::string& nyxc,
                                      diagnostics::Sink& sink);

// A name that an import can begin with.
bool is_package_name(std::string_view name);
// The reason why git is not asked for this address, or empty.
std::string refused_address(std::string_view address);
bool is_commit(std::string_view rev);

}  // namespace nyx::package
