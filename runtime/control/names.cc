#include "runtime/control/names.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "runtime/base/file.h"

namespace nyx::control {

namespace fs = std::filesystem;

Status check_name(const std::string& name) {
    auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
    bool good = !name.empty() && name.size() <= 64 && name[0] != '.' && std::all_of(name.begin(), name.end(), allowed);
    if (good) return {};
    return fail(Error{ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be the name of a machine", name),
                      "use at most 64 letters, digits, '-', '_' and '.', not starting with '.'"});
}

Result<std::string> runtime_root() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    std::string root = runtime && *runtime ? std::string(runtime) + "/nyx" : fmt::format("/tmp/nyx-{}", ::getuid());
    if (::mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) return fail(errno_error(errno, root));
    struct stat info{};
    if (::lstat(root.c_str(), &info) != 0) return fail(errno_error(errno, root));
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::getuid() || (info.st_mode & 077) != 0) {
        return fail(Error{ErrorCode::kPermission, fmt::format("{} is not a private folder of this user", root),
                          "remove it, or set XDG_RUNTIME_DIR to a folder that only you may enter"});
    }
    return root;
}

std::string socket_path(const std::string& root, const std::string& name) {
    return root + "/" + name + "/api.sock";
}

static bool answers(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Result<std::vector<std::string>> running_machines() {
    NYX_ASSIGN(std::string root, runtime_root());
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(root, error)) {
        std::string name = entry.path().filename();
        if (answers(socket_path(root, name))) {
            names.push_back(name);
        } else if (fs::exists(socket_path(root, name), error)) {
            fs::remove_all(entry.path(), error);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string> free_name(const std::string& wanted, bool exact) {
    NYX_TRY(check_name(wanted));
    NYX_ASSIGN(std::vector<std::string> used, running_machines());
    auto taken = [&](const std::string& name) { return std::find(used.begin(), used.end(), name) != used.end(); };
    if (!taken(wanted)) return wanted;
    if (exact) {
        return fail(Error{ErrorCode::kInvalidArgument, fmt::format("a machine named '{}' is running already", wanted),
                          fmt::format("choose another --name, or end it with `nyx stop {}`", wanted)});
    }
    int number = 2;
    while (taken(fmt::format("{}-{}", wanted, number))) ++number;
    return fmt::format("{}-{}", wanted, number);
}

}  // namespace nyx::control
