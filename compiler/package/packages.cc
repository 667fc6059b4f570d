#include "compiler/package/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/package/cache.h"

namespace nyx::package {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxDepth = 200;  // of folders

bool is_inside(std::string_view path, std::string_view folder) {
    if (folder.empty() || folder == ".")
        return !path.starts_with("..") && !path.starts_with('/') && !path.starts_with(kShownPrefix);
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

}  // namespace

std::string project_root(const std::string& path) {
    std::error_code error;
    fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
    fs::path shown = folder.empty() ? fs::path(".") : folder;
    fs::path real = fs::absolute(shown, error).lexically_normal();
    // The way up is written as the user wrote the file's.
    for (std::size_t up = 0; up < kMaxDepth && !error; ++up) {
        std::error_code is_not;
        if (fs::is_regular_file(shown / kManifestName, is_not)) {
            std::string root = shown.lexically_normal().string();
            if (root.size() > 1 && root.ends_with('/')) root.pop_back();
            return root;
        }
        if (!real.has_relative_path()) return {};
        shown /= "..";
        real = real.parent_path();
    }
    return {};
}

Packages Packages::of_project(const std::string& path, source::SourceMap& sources, const std::string& version,
                              diagnostics::Sink& sink) {
    std::string root = project_root(path);
    if (root.empty()) return {};
    PackageLock lock;
    std::error_code error;
    std::string lock_path = root + "/" + kLockName;
    if (fs::exists(lock_path, error)) {
        auto file = sources.load(lock_path);
        auto read = file ? read_lock(sources, *file, sink) : std::nullopt;
        if (!read) {
            Packages broken;
            broken.is_broken_ = true;
            return broken;
        }
        lock = std::move(*read);
    }
    Provide from_lock = [&](const Dependency& wanted) -> Result<std::string> {
        auto found = lock.find(wanted.name);
        if (found == lock.end() || found->second.git != wanted.git || found->second.rev != wanted.rev)
            return fail({ErrorCode::kNotFound, fmt::format("{} does not have this commit", kLockName),
                         "run `nyxc package lock`"});
        NYX_ASSIGN(std::string cache, cache_folder());
        std::error_code ignored;
        if (fs::is_directory(cache + "/" + found->second.content, ignored)) return found->second.content;
        return fail({ErrorCode::kNotFound, "this commit is not on this machine",
                     "run `nyxc package fetch`; a build never uses the network"});
    };
    return resolve(root, sources, version, from_lock, sink);
}

const Package* Packages::owner_of(const std::string& shown) const {
    const Package* best = nullptr;
    for (const auto& [name, package] : packages_) {
        bool is_closer = !best || package.shown.size() > best->shown.size();
        if (is_closer && is_inside(shown, package.shown)) best = &package;
    }
    if (best) return best;
    return root_.name.empty() ? nullptr : &root_;
}

std::optional<std::string> Packages::file_of(const std::string& importer, const std::string& import) const {
    std::string name = import.substr(0, import.find('.'));
    const Package* owner = owner_of(importer);
    if (!owner || (owner->name != name && !owner->dependencies.contains(name))) return std::nullopt;
    const Package* meant = owner->name == name ? owner : nullptr;
    if (auto found = packages_.find(name); !meant && found != packages_.end()) meant = &found->second;
    // `import boards` is the module of the package's own name.
    std::string rest = import == name ? name : import.substr(name.size() + 1);
    std::replace(rest.begin(), rest.end(), '.', '/');
    std::string folder = meant ? meant->shown : std::string(kShownPrefix) + name;  // that is not there
    return (fs::path(folder) / (rest + ".ny")).lexically_normal().string();
}

std::string Packages::real_path(const std::string& shown) const {
    if (!shown.starts_with(kShownPrefix)) return shown;
    std::size_t slash = shown.find('/');
    auto found = packages_.find(std::string_view(shown).substr(kShownPrefix.size(), slash - kShownPrefix.size()));
    if (slash == std::string::npos || found == packages_.end()) return shown;
    return found->second.folder + shown.substr(slash);
}

bool Packages::may_be_missing(const std::string& import) const {
    return is_broken_ || missing_.contains(import.substr(0, import.find('.')));
}

}  // namespace nyx::package
