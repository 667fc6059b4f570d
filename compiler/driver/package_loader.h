// Modules from files and packages: what every command and the language server resolve imports with.
#pragma once

#include "compiler/lower/lower.h"
#include "compiler/package/packages.h"

namespace nyx::driver {

class PackageLoader : public lower::FileLoader {
  public:
    PackageLoader(std::string stdlib, package::Packages packages)
        : FileLoader(std::move(stdlib)), packages_(std::move(packages)) {}
    std::optional<std::uint32_t> open(source::SourceMap& sources, const std::string& path, bool is_stdlib) override;
    std::optional<std::string> package_file(const std::string& importer, const std::string& import) override {
        return packages_.file_of(importer, import);
    }
    bool is_reported(const std::string& import) override { return packages_.may_be_missing(import); }

  private:
    package::Packages packages_;
    std::map<std::string, std::uint32_t> opened_;  // of packages, by the path that is shown
};

}  // namespace nyx::driver
