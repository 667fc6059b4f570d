#include "compiler/driver/package_loader.h"

#include <filesystem>

#include "runtime/base/file.h"

namespace nyx::driver {

std::optional<std::uint32_t> PackageLoader::open(source::SourceMap& sources, const std::string& path, bool is_stdlib) {
    std::string real = packages_.real_path(path);
    if (real == path) return FileLoader::open(sources, path, is_stdlib);
    if (auto known = opened_.find(path); known != opened_.end()) return known->second;
    constexpr std::uint64_t kMost = std::uint64_t{64} << 20;  // as any source
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(real, ignored)) return std::nullopt;
    auto bytes = read_file(real, kMost);
    if (!bytes) return std::nullopt;
    return opened_[path] = sources.add(path, std::string(as_text(*bytes)));
}

}  // namespace nyx::driver
