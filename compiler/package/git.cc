#include "compiler/package/git.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "compiler/package/cache.h"
#include "compiler/package/content.h"
#include "compiler/package/run_program.h"

namespace nyx::package {

namespace fs = std::filesystem;

namespace {

// A folder of our own in the cache, gone at the end.
class Scratch {
  public:
    static Result<Scratch> make(const std::string& cache) {
        std::error_code error;
        fs::create_directories(cache, error);
        if (error) return fail(errno_error(error.value(), cache));
        std::string name = cache + "/.fetch-XXXXXX";
        if (!::mkdtemp(name.data())) return fail(errno_error(errno, cache));
        return Scratch(name);
    }
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    explicit Scratch(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

class Repository {
  public:
    Repository(std::string folder, std::string tree) : folder_(std::move(folder)), tree_(std::move(tree)) {}

    Status download(const Dependency& wanted) {
        NYX_TRY(git({"init", "-q", "--bare", "--template="}));
        // One commit where the server gives single ones, else all.
        auto one =
            git({"fetch", "-q", "--no-tags", "--no-recurse-submodules", "--depth=1", "--", wanted.git, wanted.rev});
        if (!one)
            NYX_TRY(git(
                {"fetch", "-q", "--no-tags", "--no-recurse-submodules", "--", wanted.git, "+refs/*:refs/fetched/*"}));
        auto kind = git({"cat-file", "-t", wanted.rev});
        if (!kind || *kind != "commit\n")
            return fail(ErrorCode::kNotFound, "{} has no commit {}", wanted.git, wanted.rev);
        return {};
    }

    Result<std::string> head_of(const std::string& address) {
        NYX_TRY(git({"init", "-q", "--bare", "--template="}));
        NYX_ASSIGN(std::string listing, git({"ls-remote", "-q", "--", address, "HEAD"}));
        std::string rev = listing.substr(0, listing.find('\t'));
        if (!is_commit(rev)) return fail(ErrorCode::kNotFound, "{} has no commit yet", address);
        return rev;
    }

    // mode SP type SP object SP size TAB path NUL
    Status inspect(const std::string& rev) {
        NYX_ASSIGN(std::string listing, git({"ls-tree", "-r", "-l", "-z", "--full-tree", rev}));
        std::size_t files = 0;
        std::uint64_t bytes = 0;
        for (std::string_view rest = listing; !rest.empty(); ++files) {
            std::size_t end = std::min(rest.find('\0'), rest.size());
            NYX_TRY(inspect_file(rest.substr(0, end), bytes));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (files >= kMaxFiles || bytes > kMaxBytes)
                return fail(ErrorCode::kCorrupt, "it has more than {} files or {} MiB", kMaxFiles, kMaxBytes >> 20);
        }
        return {};
    }

    Status extract(const std::string& rev) {
        NYX_TRY(git({"read-tree", rev}));
        NYX_TRY(git({"checkout-index", "-q", "-a", "--prefix=" + tree_ + "/"}));
        return {};
    }

  private:
    static Status inspect_file(std::string_view line, std::uint64_t& bytes) {
        std::size_t tab = line.find('\t');
        if (tab == std::string_view::npos)
            return fail(ErrorCode::kCorrupt, "git listed its files in a way that is not known");
        std::string_view path = line.substr(tab + 1);
        std::string_view mode = line.substr(0, line.find(' '));
        if (mode == "120000") return fail(ErrorCode::kCorrupt, "{} is a link, and a package has none", path);
        if (mode == "160000") return fail(ErrorCode::kCorrupt, "{} is a submodule, and a package has none", path);
        if (mode != "100644" && mode != "100755") return fail(ErrorCode::kCorrupt, "{} is no plain file", path);
        fs::path parts(path);
        for (const fs::path& part : parts) {
            if (part == ".." || part == ".git" || part == "/")
                return fail(ErrorCode::kCorrupt, "{} is no path in a package", path);
        }
        std::string_view size = line.substr(0, tab);
        size.remove_prefix(size.rfind(' ') + 1);
        std::uint64_t count = 0;
        std::from_chars(size.data(), size.data() + size.size(), count);
        bytes += count;
        return {};
    }

    // Nothing of the repository or of the user's settings runs: no hooks, filters or helpers but those that give
    // access.
    Result<std::string> git(std::vector<std::string> arguments) {
        std::vector<std::string> words = {"git", "-C", folder_};
        for (const char* setting :
             {"core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.autocrlf=false",
              "protocol.allow=never", "protocol.https.allow=always", "protocol.ssh.allow=always",
              "protocol.file.allow=always", "submodule.recurse=false", "fetch.recurseSubmodules=false",
              "transfer.fsckObjects=true"})
            words.insert(words.end(), {"-c", setting});
        bool is_checkout = arguments.front() == "checkout-index";
        bool is_remote = arguments.front() == "fetch" || arguments.front() == "ls-remote";
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::map<std::string, std::string> environment = {{"GIT_TERMINAL_PROMPT", "0"},
                                                          {"GIT_DIR", folder_},
                                                          {"GIT_INDEX_FILE", folder_ + "/index"},
                                                          {"LC_ALL", "C"}};
        if (is_checkout) environment.insert({"GIT_WORK_TREE", tree_});
        if (!is_remote)
            environment.insert(
                {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_ATTR_NOSYSTEM", "1"}});
        auto ran = run_program(words, environment);
        if (!ran)
            return fail(
                {ErrorCode::kUnsupported, "git cannot be run: " + ran.error().message, "install git (package git)"});
        if (ran->status == 0) return std::move(ran->output);
        std::string said = ran->errors.substr(0, ran->errors.find('\n'));
        return fail(ErrorCode::kIo, "git {}: {}", arguments.front(), said.empty() ? "it failed" : said);
    }

    std::string folder_;
    std::string tree_;
};

}  // namespace

Result<std::string> head_of(const std::string& address) {
    if (std::string reason = refused_address(address); !reason.empty())
        return fail(ErrorCode::kInvalidArgument, "git is not asked for '{}': {}", address, reason);
    NYX_ASSIGN(std::string cache, cache_folder());
    NYX_ASSIGN(Scratch scratch, Scratch::make(cache));
    return Repository(scratch.path(), {}).head_of(address);
}

Result<std::string> fetch(const Dependency& wanted) {
    if (!is_commit(wanted.rev) || !refused_address(wanted.git).empty())
        return fail(ErrorCode::kInvalidArgument, "{} {}: git is not asked for this", wanted.git, wanted.rev);
    NYX_ASSIGN(std::string cache, cache_folder());
    NYX_ASSIGN(Scratch scratch, Scratch::make(cache));
    std::string tree = scratch.path() + "/tree";
    std::error_code error;
    fs::create_directory(scratch.path() + "/git", error);
    fs::create_directory(tree, error);
    Repository repository(scratch.path() + "/git", tree);
    NYX_TRY(repository.download(wanted));
    NYX_TRY(repository.inspect(wanted.rev));
    NYX_TRY(repository.extract(wanted.rev));
    NYX_ASSIGN(std::string content, content_digest(tree));
    std::string target = cache + "/" + content;
    fs::remove_all(target, error);  // it may be damaged
    fs::rename(tree, target, error);
    if (error) return fail(errno_error(error.value(), target));
    return content;
}

}  // namespace nyx::package
