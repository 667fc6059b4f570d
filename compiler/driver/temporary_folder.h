// A folder that goes with this object, and all that is in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "runtime/base/result.h"

namespace nyx::driver {

class TemporaryFolder {
  public:
    static Result<std::unique_ptr<TemporaryFolder>> make() {
        std::error_code error;
        std::string name = (std::filesystem::temp_directory_path(error) / "nyx-test-XXXXXX").string();
        if (error || !::mkdtemp(name.data())) return fail(errno_error(errno, "making a temporary folder"));
        return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(name));
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code error;
        std::filesystem::remove_all(path, error);
    }
    const std::string path;

  private:
    explicit TemporaryFolder(std::string p) : path(std::move(p)) {}
};

}  // namespace nyx::driver
