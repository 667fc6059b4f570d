// Packages::resolve(): from a project's nyx.yaml to all that it needs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "compiler/package/cache.h"
#include "compiler/package/content.h"
#include "compiler/package/packages.h"
#include "runtime/base/file.h"

namespace nyx::package {

using diagnostics::Code;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxPackages = 1000;

}  // namespace

// One walk over all that is needed, each package once.
class Resolver {
  public:
    Resolver(source::SourceMap& sources, const std::string& version, const Provide& provide, diagnostics::Sink& sink)
        : sources_(sources), version_(version), provide_(provide), sink_(sink) {}

    Packages run(const std::string& root) {
        auto manifest = read(root, root);
        result_.is_broken_ = !manifest;
        if (manifest) {
            result_.root_ = {manifest->name, root, root, {}};
            chain_.push_back({manifest->name, {}});
            visit(*manifest, result_.root_, false);
        }
        return std::move(result_);
    }

  private:
    struct Hop {
        std::string name;
        Span where;  // what asked for it
    };
    struct Wanted {
        Dependency dependency;
        std::string place;  // canonical: the folder, or address and commit
    };

    // shown: as which its file is known; the cache is elsewhere on every host.
    std::optional<Manifest> read(const std::string& folder, const std::string& shown) {
        std::string path = folder.empty() ? kManifestName : folder + "/" + kManifestName;
        Result<std::uint32_t> file = 0u;
        if (shown == folder) {
            file = sources_.load(path);
        } else if (auto bytes = read_file(path, kMaxBytes); bytes) {
            file = sources_.add(shown + "/" + kManifestName, std::string(as_text(*bytes)));
        } else {
            return std::nullopt;
        }
        if (!file) return std::nullopt;
        auto manifest = read_manifest(sources_, *file, version_, sink_);
        if (manifest) manifest->folder = folder;
        return manifest;
    }

    void visit(const Manifest& manifest, Package& package, bool is_from_git) {
        for (const Dependency& wanted : manifest.dependencies) {
            package.dependencies.insert(wanted.name);
            if (is_circle(wanted)) continue;
            if (is_from_git && !wanted.is_git()) {
                missing(wanted, fmt::format("`{}` comes from git, so what it needs does too", manifest.name));
                continue;
            }
            std::string place = place_of(manifest, wanted);
            auto [known, is_new] = wanted_.emplace(wanted.name, Wanted{wanted, place});
            if (is_new) {
                add(manifest, wanted);
            } else if (known->second.place != place) {
                conflict(wanted, known->second.dependency);
            }
        }
    }

    static std::string place_of(const Manifest& manifest, const Dependency& wanted) {
        if (wanted.is_git()) return wanted.git + " " + wanted.rev;
        std::error_code error;
        return fs::weakly_canonical(fs::path(manifest.folder) / wanted.path, error).string();
    }

    bool is_circle(const Dependency& wanted) {
        auto first =
            std::find_if(chain_.begin(), chain_.end(), [&](const Hop& hop) { return hop.name == wanted.name; });
        if (first == chain_.end()) return false;
        std::vector<std::string> names;
        for (auto hop = first; hop != chain_.end(); ++hop) names.push_back(hop->name);
        names.push_back(wanted.name);
        auto& finding =
            sink_.report(Code::kPackageCycle, wanted.where, "these packages depend on each other in a circle");
        for (auto hop = first; hop != chain_.end(); ++hop)
            if (hop->where.known() && hop != first)
                finding.label(hop->where, fmt::format("`{}` is asked for here", hop->name));
        finding.note(fmt::format("the circle: {}", fmt::join(names, " -> ")))
            .help("move what both need into a third package");
        return true;
    }

    void conflict(const Dependency& wanted, const Dependency& first) {
        auto text = [](const Dependency& one) {
            return one.is_git() ? fmt::format("{} at {}", one.git, one.rev.substr(0, 12)) : one.path;
        };
        sink_
            .report(Code::kPackageConflict, wanted.source_where,
                    fmt::format("`{}` is wanted from two places", wanted.name), text(wanted))
            .label(first.source_where, text(first))
            .note("a program has one package of a name")
            .help("let both ask for the same commit or folder");
    }

    diagnostics::Diagnostic& missing(const Dependency& wanted, std::string message) {
        result_.missing_.insert(wanted.name);
        return sink_.report(Code::kPackageMissing, wanted.source_where, std::move(message));
    }

    void add(const Manifest& asker, const Dependency& wanted) {
        if (wanted_.size() > kMaxPackages) return void(missing(wanted, "a project has at most 1000 packages"));
        Package package{wanted.name, {}, {}, {}};
        if (wanted.is_git()) {
            auto folder = from_git(wanted);
            if (!folder) return;
            package.folder = *folder;
            package.shown = std::string(kShownPrefix) + wanted.name;
        } else {
            package.folder = (fs::path(asker.folder) / wanted.path).lexically_normal().string();
            while (package.folder.size() > 1 && package.folder.ends_with('/')) package.folder.pop_back();
            package.shown = package.folder;
        }
        std::error_code error;
        if (!fs::is_regular_file(package.folder + "/" + kManifestName, error)) {
            missing(wanted, fmt::format("there is no {} in {}", kManifestName, package.shown));
            return;
        }
        auto manifest = read(package.folder, package.shown);
        if (!manifest) return void(result_.missing_.insert(wanted.name));
        if (manifest->name != wanted.name) {
            missing(wanted, fmt::format("the package there is `{}`, not `{}`", manifest->name, wanted.name))
                .label(manifest->name_where, "it says its name here");
            return;
        }
        chain_.push_back({wanted.name, wanted.where});
        visit(*manifest, package, wanted.is_git());
        chain_.pop_back();
        result_.packages_[wanted.name] = std::move(package);
    }

    std::optional<std::string> from_git(const Dependency& wanted) {
        auto cache = cache_folder();
        auto content = cache ? provide_(wanted) : Result<std::string>(fail(cache.error()));
        if (!content) {
            auto& finding = missing(wanted, fmt::format("`{}`: {}", wanted.name, content.error().message));
            if (!content.error().hint.empty()) finding.help(content.error().hint);
            return std::nullopt;
        }
        std::string folder = *cache + "/" + *content;
        auto found = content_digest(folder);
        if (!found || *found != *content) {
            result_.missing_.insert(wanted.name);
            sink_
                .report(Code::kPackageChanged, wanted.source_where,
                        fmt::format("`{}` in {} is not what was locked", wanted.name, folder))
                .note(found
                          ? fmt::format("its content is {}…, and was {}…", found->substr(0, 12), content->substr(0, 12))
                          : found.error().message)
                .help("`nyxc package fetch` gets it anew");
            return std::nullopt;
        }
        result_.locked_[wanted.name] = {wanted.git, wanted.rev, *content, wanted.where};
        return folder;
    }

    source::SourceMap& sources_;
    const std::string& version_;
    const Provide& provide_;
    diagnostics::Sink& sink_;
    Packages result_;
    std::map<std::string, Wanted> wanted_;
    std::vector<Hop> chain_;
};

Packages Packages::resolve(const std::string& root, source::SourceMap& sources, const std::string& version,
                           const Provide& provide, diagnostics::Sink& sink) {
    return Resolver(sources, version, provide, sink).run(root);
}

}  // namespace nyx::package
