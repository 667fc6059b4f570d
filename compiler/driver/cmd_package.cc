// nyxc package lock|fetch|verify [FOLDER], nyxc package add PLACE [PROJECT]
#include <filesystem>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/replace_file.h"
#include "compiler/driver/report.h"
#include "compiler/package/add.h"
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
    std::string folder = ".";   // of add: the package's folder or address
    std::string project = ".";  // of add
    std::string rev;            // of add
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

std::optional<package::Manifest> manifest_in(const std::string& folder, Compilation& compilation) {
    auto file = compilation.sources.load(folder + "/" + package::kManifestName);
    return file ? package::read_manifest(compilation.sources, *file, NYX_VERSION, compilation.sink) : std::nullopt;
}

// What its own nyx.yaml calls it.
Result<std::string> name_in(const std::string& folder) {
    Compilation compilation;
    auto manifest = manifest_in(folder, compilation);
    if (!manifest)
        return fail({ErrorCode::kNotFound, fmt::format("there is no {} that is right", package::kManifestName),
                     "a package is a folder with one: docs/packages.md"});
    return manifest->name;
}

Result<Dependency> dependency_at(const Options& options, const std::string& root) {
    Dependency added;
    if (options.folder.find("://") == std::string::npos) {
        NYX_ASSIGN(added.name, name_in(options.folder));
        added.path = fs::proximate(fs::absolute(options.folder), fs::absolute(root)).generic_string();
        return added;
    }
    added.git = options.folder;
    added.rev = options.rev;
    if (added.rev.empty()) {
        NYX_ASSIGN(added.rev, package::head_of(added.git));
    }
    NYX_ASSIGN(std::string content, package::fetch(added));
    NYX_ASSIGN(std::string cache, package::cache_folder());
    NYX_ASSIGN(added.name, name_in(cache + "/" + content));
    return added;
}

// The text of nyx.yaml with it; an error where it has one of that name.
Result<std::string> text_with(const Dependency& added, Compilation& compilation, const package::Manifest& manifest) {
    for (const Dependency& one : manifest.dependencies) {
        if (one.name == added.name)
            return fail({ErrorCode::kInvalidArgument, fmt::format("it has a dependency `{}` already", added.name),
                         "change that one"});
    }
    std::uint32_t file = manifest.name_where.file;
    auto tree = package::parse_yaml(compilation.sources, file, compilation.sink);
    NYX_CHECK(tree.has_value());  // it has been read
    return package::with_dependency(compilation.sources.file(file).text, *tree, added);
}

int add(Compilation& compilation, const std::string& root, const Options& options) {
    std::string path = root + "/" + package::kManifestName;
    auto manifest = manifest_in(root, compilation);
    if (!manifest) return report(compilation.sources, compilation.sink, options.report);
    auto added = dependency_at(options, root);
    if (!added) return fail_with(std::move(added).error().in(options.folder));
    auto text = text_with(*added, compilation, *manifest);
    if (!text) return fail_with(std::move(text).error().in(path));
    const std::string before = compilation.sources.file(manifest->name_where.file).text;
    if (Status written = replace_file(path, before, *text); !written) return fail_with(written.error());
    Compilation fresh;
    int locked = lock(fresh, root, options);
    if (locked != kDone) {
        Status restored = replace_file(path, *text, before);
        return restored ? locked : fail_with(restored.error());
    }
    fmt::print(stderr, "added {} ({})\n", added->name, added->is_git() ? added->rev.substr(0, 12) : added->path);
    return kDone;
}

int run(const Options& options) {
    const std::string& folder = options.action == "add" ? options.project : options.folder;
    std::string root = package::project_root(folder);
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return fail_with({ErrorCode::kNotFound, folder + ": there is no such folder", ""});
    if (root.empty())
        return fail_with({ErrorCode::kNotFound,
                          fmt::format("there is no {} in {} or above", package::kManifestName, folder),
                          "docs/packages.md says what it holds"});
    Compilation compilation;
    if (options.action == "add") return add(compilation, root, options);
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
                    "there, and what was locked; add: one more, in nyx.yaml, and lock")
        ->required()
        ->check(CLI::IsMember({"lock", "fetch", "verify", "add"}));
    command
        .add_option("FOLDER", options->folder,
                    "Of the project, or within it; of add: the package's folder, or its git address")
        ->capture_default_str();
    command.add_option("PROJECT", options->project, "Of add: the project's folder, or one within it")
        ->capture_default_str();
    command.add_option("--rev", options->rev, "Of add: the commit; else what the address's HEAD is now");
    add_report_options(command, options->report);
    command.footer(
        "add, lock and fetch are the only commands that use the network.\n\nExample:\n  nyxc package add ../common");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver
