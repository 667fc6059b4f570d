#include "compiler/driver/replace_file.h"

#include <filesystem>

#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;

Status replace_file(const std::string& path, const std::string& before, const std::string& after) {
    std::error_code error;
    std::string target = fs::canonical(path, error).string();
    if (error) return fail(errno_error(error.value(), path));
    fs::perms mode = fs::status(target, error).permissions();
    if (error) return fail(errno_error(error.value(), path));
    constexpr fs::perms kWritable = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    if ((mode & kWritable) == fs::perms::none) {
        return fail(
            {ErrorCode::kPermission, fmt::format("{} is read-only", path), "make it writable, or work on a copy"});
    }
    NYX_ASSIGN(Bytes now, read_file(target));
    if (as_text(now) != before)
        return fail({ErrorCode::kIo, fmt::format("{} was changed meanwhile", path), "run the command again"});
    return write_file(target, as_bytes(after), static_cast<unsigned>(mode));
}

}  // namespace nyx::driver
