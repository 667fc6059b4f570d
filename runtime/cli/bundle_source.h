// From what a user names to a bundle on disk: a .nyxb as it is, a .ny through nyxc, nothing for the one in this folder.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/result.h"

namespace nyx::cli {

// A private folder under $TMPDIR (or /tmp), removed with all it holds.
class TempFolder {
  public:
    static Result<std::unique_ptr<TempFolder>> create();
    explicit TempFolder(std::string path) : path_(std::move(path)) {}
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

struct BundleSource {
    std::string bundle;                  // path
    std::unique_ptr<TempFolder> folder;  // that the bundle is in, if we made it
    int status = 0;                      // not 0: nyxc said why and ended with it; there is no bundle
};

// named: empty, a bundle or a .ny file. machine: of a .ny file with several; may be empty.
Result<BundleSource> find_bundle(const std::string& named, const std::string& machine);
// nyxc build of `source`, which is in `folder` or anywhere; the bundle goes to `folder`.
Result<BundleSource> compile(const std::string& source, const std::string& machine, std::unique_ptr<TempFolder> folder);

// nyxc is beside this program or in PATH.
bool compiler_found();

}  // namespace nyx::cli
