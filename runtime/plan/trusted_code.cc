#include "runtime/plan/trusted_code.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/base/file.h"
#include "runtime/plan/exit_abi.h"

namespace nyx::plan {

namespace fs = std::filesystem;

namespace {

// What others could have put there says nothing.
bool is_ours_alone(const std::string& path, mode_t kind) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return false;
    return (found.st_mode & S_IFMT) == kind && found.st_uid == ::geteuid() &&
           (found.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Status make_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(fs::path(folder).parent_path(), error);
    if (error) return fail(errno_error(error.value(), folder));
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return fail(errno_error(errno, folder));
    if (!is_ours_alone(folder, S_IFDIR))
        return fail(ErrorCode::kPermission, "{}: is not a folder that only you can write to", folder);
    return {};
}

}  // namespace

Digest code_key(const Digest& plan_hash, std::string_view section, ByteView code) {
    const Digest of_code = sha256(code);
    std::string text = "nyx native code " + std::to_string(kExitAbi) + "\n";
    text += to_hex(plan_hash) + "\n" + std::string(section) + "\n" + to_hex(of_code) + "\n";
    return sha256(as_bytes(text));
}

std::string trusted_code_folder() {
    // An XDG path that is relative is none (XDG Base Directory Specification 0.8).
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return std::string(state) + "/nyx/code";
    const char* home = std::getenv("HOME");
    return home != nullptr && *home == '/' ? std::string(home) + "/.local/state/nyx/code" : std::string();
}

Status trust_code(const Digest& key, std::string_view origin) {
    const std::string folder = trusted_code_folder();
    if (folder.empty())
        return fail(ErrorCode::kNotFound, "neither XDG_STATE_HOME nor HOME says where a user's state is");
    NYX_TRY(make_folder(folder));
    if (is_code_trusted(key)) return {};
    return write_file(folder + "/" + to_hex(key), as_bytes(std::string(origin) + "\n"), 0600);
}

bool is_users_own(const std::string& path) {
    return is_ours_alone(path, S_IFREG);
}

bool is_code_trusted(const Digest& key) {
    const std::string folder = trusted_code_folder();
    return !folder.empty() && is_ours_alone(folder, S_IFDIR) && is_users_own(folder + "/" + to_hex(key));
}

}  // namespace nyx::plan
