#include "compiler/package/content.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "runtime/base/file.h"
#include "runtime/base/sha256.h"

namespace nyx::package {

namespace fs = std::filesystem;

namespace {

Result<std::vector<std::string>> files_of(const std::string& folder) {
    std::vector<std::string> files;
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        fs::file_status status = entry->symlink_status(error);
        if (error) break;
        if (fs::is_directory(status)) continue;
        std::string path = entry->path().lexically_relative(folder).generic_string();
        if (!fs::is_regular_file(status))
            return fail(ErrorCode::kCorrupt, "{}: a package has files and folders only", path);
        bytes += entry->file_size(error);
        files.push_back(path);
        if (files.size() > kMaxFiles || bytes > kMaxBytes)
            return fail(ErrorCode::kCorrupt, "{}: more than {} files or {} MiB", folder, kMaxFiles, kMaxBytes >> 20);
    }
    if (error) return fail(errno_error(error.value(), folder));
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

Result<std::string> content_digest(const std::string& folder) {
    NYX_ASSIGN(std::vector<std::string> files, files_of(folder));
    std::string lines;
    for (const std::string& file : files) {
        NYX_ASSIGN(Bytes bytes, read_file(folder + "/" + file, kMaxBytes));
        // A path may hold a line break: its length says where it ends.
        lines += fmt::format("{} {} {}\n", to_hex(sha256(bytes)), file.size(), file);
    }
    return to_hex(sha256(as_bytes(lines)));
}

}  // namespace nyx::package
