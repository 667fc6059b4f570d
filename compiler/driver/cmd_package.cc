// nyxc package lock|fetch|verify [FOLDER]
#include <filesystem>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/package/cache.h"
#include "compiler/package/content.h"
#include "compiler/package/git.h"
#include "compiler/package/packages.h"
#include "nyx_version.h"
#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;
using package::Dependency;
using package::PackageLock;
using package::Packages;

namespace {

struct Options {
    std::string action;
    std::string folder = ".";
    ReportOptions report;
};

bool is_cached(const std::string& content) {
    auto cache = package::cache_folder();
    auto found = cache ? package::content_digest(*cache + "/" + content) : Result<std::string>(fail(cache.error()));
    return found && *found == content;
}

Result<std::string> fetch_aloud(const Dependency& wanted) {
    fmt::print(stderr, "fetching {} ({})\n", wanted.name, wanted.rev.substr(0, 12));
    return package::fetch(wanted);
}

// What the lock file has now; empty where there is none or it cannot be read, for it is written anew.
PackageLock old_lock(const std::string& root) {
    source::SourceMap sources;
    diagnostics::Sink ignored;
    auto file = sources.load(root + "/" + package::kLockName);
    auto lock = file ? package::read_lock(sources, *file, ignored) : std::nullopt;
    return lock ? std::move(*lock) : PackageLock();
}

int lock(Compilation& compilation, const std::string& root, const Options& options) {
    PackageLock before = old_lock(root);
    package::Provide provide = [&](const Dependency& wanted) -> Result<std::string> {
        auto known = before.find(wanted.name);
        bool is_same = known != before.end() && known->second.git == wanted.git && known->second.rev == wanted.rev;
        if (is_same && is_cached(known->second.content)) return known->second.content;
        NYX_ASSIGN(std::string content, fetch_aloud(wanted));
        // One commit has one content: another means that somebody made a second commit of this digest.
        if (is_same && content != known->second.content)
            return fail({ErrorCode::kCorrupt, "this commit has another content than it had when it was locked",
                         fmt::format("find out why; to accept it, take it out of {}", package::kLockName)});
        return content;
    };
    Packages packages = Packages::resolve(root, compilation.sources, NYX_VERSION, provide, compilation.sink);
    int reported = report(compilation.sources, compilation.sink, options.report);
    if (reported != kDone) return reported;
    Status written = write_file(root + "/" + package::kLockName, as_bytes(package::lock_text(packages.locked())));
    return written ? kDone : fail_with(written.error());
}

// The lock file stays as it is: what comes must be what it says.
int fetch_locked(Compilation& compilation, const std::string& root, const Options& options) {
    auto file = compilation.sources.load(root + "/" + package::kLockName);
    if (!file)
        return fail_with(
            {ErrorCode::kNotFound, "there is no " + std::string(package::kLockName), "run `nyxc package lock`"});
    auto locked = package::read_lock(compilation.sources, *file, compilation.sink);
    if (locked) {
        for (const auto& [name, one] : *locked) {
            if (is_cached(one.content)) continue;
            Dependency wanted{name, one.where, {}, one.git, one.rev, one.where};
            auto content = fetch_aloud(wanted);
            if (!content) return fail_with(std::move(content).error().in(name));
            if (*content != one.content)
                compilation.sink.report(diagnostics::Code::kPackageChanged, one.where,
                                        fmt::format("what came for `{}` is not what was locked", name));
        }
        Packages::of_project(root, compilation.sources, NYX_VERSION, compilation.sink);
    }
    return report(compilation.sources, compilation.sink, options.report);
}

int verify(Compilation& compilation, const std::string& root, const Options& options) {
    Packages::of_project(root, compilation.sources, NYX_VERSION, compilation.sink);
    return report(compilation.sources, compilation.sink, options.report);
}

int run(const Options& options) {
    std::string root = package::project_root(options.folder);
    std::error_code ignored;
    if (!fs::is_directory(options.folder, ignored))
        return fail_with({ErrorCode::kNotFound, options.folder + ": there is no such folder", ""});
    if (root.empty())
        return fail_with({ErrorCode::kNotFound,
                          fmt::format("there is no {} in {} or above", package::kManifestName, options.folder),
                          "docs/packages.md says what it holds"});
    Compilation compilation;
    if (options.action == "lock") return lock(compilation, root, options);
    return options.action == "fetch" ? fetch_locked(compilation, root, options) : verify(compilation, root, options);
}

}  // namespace

Runner add_package(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command
        .add_option("ACTION", options->action,
                    "lock: find all packages, fetch what is missing, write nyx.lock.yaml; fetch: get what it says; "
                    "verify: is all "
                    "there, and what was locked")
        ->required()
        ->check(CLI::IsMember({"lock", "fetch", "verify"}));
    command.add_option("FOLDER", options->folder, "Of the project, or within it")->capture_default_str();
    add_report_options(command, options->report);
    command.footer("lock and fetch are the only commands that use the network.\n\nExample:\n  nyxc package lock");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver
