#include "runtime/cli/bundle_source.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

namespace nyx::cli {
namespace {

namespace fs = std::filesystem;

// Beside this program, else by PATH.
std::string compiler() {
    std::error_code error;
    fs::path self = fs::read_symlink("/proc/self/exe", error);
    fs::path beside = self.parent_path() / "nyxc";
    return !error && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "nyxc";
}

Result<int> run_program(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    int failed = ::posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ);
    if (failed != 0) {
        Error error = errno_error(failed, "starting nyxc");
        error.hint = "a .ny file is built by nyxc, which is looked for beside nyx and in PATH; or hand nyx a bundle";
        return fail(std::move(error));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return fail(errno_error(errno, "waiting for nyxc"));
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return fail(ErrorCode::kIo, "nyxc was ended by signal {}", WTERMSIG(status));
}

Result<BundleSource> only_bundle_here() {
    std::vector<std::string> found;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(".", error))
        if (entry.path().extension() == ".nyxb") found.push_back(entry.path().filename().string());
    if (found.size() == 1) return BundleSource{found.front(), nullptr, 0};
    if (found.empty())
        return fail(Error{ErrorCode::kNotFound, "there is no bundle (.nyxb) in this folder",
                          "build one with `nyxc build machine.ny`, or name a file: `nyx run machine.ny`"});
    std::sort(found.begin(), found.end());
    return fail(Error{ErrorCode::kInvalidArgument,
                      fmt::format("{} bundles are in this folder: {}", found.size(), fmt::join(found, ", ")),
                      fmt::format("name one: `nyx run {}`", found.front())});
}

}  // namespace

Result<std::unique_ptr<TempFolder>> TempFolder::create() {
    const char* root = std::getenv("TMPDIR");
    std::string path = std::string(root != nullptr && *root != '\0' ? root : "/tmp") + "/nyx-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return fail(errno_error(errno, "a temporary folder " + path));
    return std::make_unique<TempFolder>(path);
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Result<BundleSource> compile(const std::string& source, const std::string& machine,
                             std::unique_ptr<TempFolder> folder) {
    BundleSource built;
    built.bundle = folder->path() + "/machine.nyxb";
    std::vector<std::string> words{compiler(), "build", source, "-o", built.bundle};
    if (!machine.empty()) words.insert(words.end(), {"--machine", machine});
    NYX_ASSIGN(built.status, run_program(std::move(words)));
    built.folder = std::move(folder);
    return built;
}

bool compiler_found() {
    std::string found = compiler();
    if (found.find('/') != std::string::npos) return true;
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((fs::path(folder) / found).c_str(), X_OK) == 0) return true;
    return false;
}

Result<BundleSource> find_bundle(const std::string& named, const std::string& machine) {
    if (named.empty()) return only_bundle_here();
    if (!named.ends_with(".ny")) {
        if (!machine.empty())
            return fail(ErrorCode::kInvalidArgument, "--machine chooses from a .ny file; a bundle holds one machine");
        return BundleSource{named, nullptr, 0};
    }
    NYX_ASSIGN(std::unique_ptr<TempFolder> folder, TempFolder::create());
    return compile(named, machine, std::move(folder));
}

}  // namespace nyx::cli
