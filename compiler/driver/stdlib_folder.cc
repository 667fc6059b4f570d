#include "compiler/driver/stdlib_folder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;

Result<std::string> stdlib_folder() {
    std::error_code error;
    if (const char* chosen = std::getenv("NYX_STDLIB"); chosen && *chosen) {
        if (fs::is_directory(chosen, error)) return std::string(chosen);
        return fail({ErrorCode::kNotFound, fmt::format("NYX_STDLIB={}: there is no such folder", chosen),
                     "unset it to use the installed one"});
    }
    fs::path executable = fs::read_symlink("/proc/self/exe", error);
    fs::path folder = executable.parent_path().parent_path() / "share/nyx/stdlib";
    if (!error && fs::is_directory(folder, error)) return folder.string();
    return fail({ErrorCode::kNotFound, fmt::format("the standard library is not at {}", folder.string()),
                 "install nyx again, or name the folder in the environment variable NYX_STDLIB"});
}

Result<Digest> stdlib_digest(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".ny")
            files.push_back(fs::relative(entry->path(), folder, error).generic_string());
    }
    if (error) return fail(errno_error(error.value(), folder));
    std::sort(files.begin(), files.end());
    std::string lines;
    for (const std::string& file : files) {
        NYX_ASSIGN(Bytes bytes, read_file(folder + "/" + file));
        lines += fmt::format("{} {}\n", to_hex(sha256(bytes)), file);
    }
    return sha256(as_bytes(lines));
}

}  // namespace nyx::driver
