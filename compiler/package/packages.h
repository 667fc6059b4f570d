// The packages of a project, and where a name of an import leads.
//
// The project is the folder with the nearest nyx.yaml above the main file. Packages by `path` are read where they are;
// those from git in the cache, as the lock file says, after their content was compared with it. Nothing here uses the
// network: who provides a commit is told what is missing by diagnostics (NY0711) that say which command gets it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/package/lock.h"
#include "compiler/package/manifest.h"
#include "compiler/source/source_map.h"
#include "runtime/base/result.h"

namespace nyx::package {

// Before the name of a package from git, where its files are shown.
inline constexpr std::string_view kShownPrefix = "package:";

struct Package {
    std::string name;
    std::string folder;  // where its files are
    // How its files are called in messages, bundles and lock files: "package:boards" for one from git, which is
    // elsewhere on every host; else its folder.
    std::string shown;
    std::set<std::string> dependencies;
};

// The content (content.h) of a commit that is in the cache, or an error that says why not.
using Provide = std::function<Result<std::string>(const Dependency&)>;

class Packages {
  public:
    // Of the project that `path`, a source file or a folder, is in; empty where there is none. version: of nyxc.
    static Packages of_project(const std::string& path, source::SourceMap& sources, const std::string& version,
                               diagnostics::Sink& sink);
    // The same with another provider than the lock file; root: the folder of nyx.yaml.
    static Packages resolve(const std::string& root, source::SourceMap& sources, const std::string& version,
                            const Provide& provide, diagnostics::Sink& sink);

    // The file that `boards.pc` means in an import of `importer`, as it is shown; nothing where no package is meant.
    std::optional<std::string> file_of(const std::string& importer, const std::string& import) const;
    // Where a file is that is shown so.
    std::string real_path(const std::string& shown) const;
    // What the import names may be in a package about which something was reported.
    bool may_be_missing(const std::string& import) const;
    // From git: what a lock file has.
    const PackageLock& locked() const { return locked_; }

  private:
    friend class Resolver;
    const Package* owner_of(const std::string& shown) const;

    std::map<std::string, Package, std::less<>> packages_;
    Package root_;
    PackageLock locked_;
    std::set<std::string, std::less<>> missing_;
    bool is_broken_ = false;
};

// The folder of the nearest nyx.yaml at or above; empty: none.
std::string project_root(const std::string& path);

}  // namespace nyx::package
