#include "compiler/lower/modules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/classic_names.h"
#include "compiler/syntax/parser.h"

namespace nyx::lower {

using diagnostics::Code;
namespace fs = std::filesystem;

namespace {

struct Found {
    std::string path;
    bool is_stdlib;
};

class ModuleGraph {
  public:
    ModuleGraph(source::SourceMap& sources, ModuleLoader& loader, diagnostics::Sink& sink)
        : sources_(sources), loader_(loader), sink_(sink) {}

    std::vector<LoadedModule> load(std::uint32_t file, const std::string& prelude) {
        if (!prelude.empty()) {
            for (const Found& place : places(prelude, file)) {
                if (auto found = loader_.open(sources_, place.path, true)) visit(*found, last_part(prelude));
            }
        }
        visit(file, fs::path(sources_.file(file).path).stem().string());
        return std::move(done_);
    }

  private:
    // The index in done_, or nothing for a module that is still being read: an import circle.
    std::optional<std::size_t> visit(std::uint32_t file, std::string name) {
        if (auto known = finished_.find(file); known != finished_.end()) return known->second;
        if (std::find(active_.begin(), active_.end(), file) != active_.end()) return std::nullopt;
        active_.push_back(file);
        LoadedModule module;
        module.name = std::move(name);
        module.tree = loader_.parse(sources_, file, sink_);
        follow(module, module.tree->body);
        automatic_imports(module, file);
        active_.pop_back();
        finished_[file] = done_.size();
        done_.push_back(std::move(module));
        return done_.size() - 1;
    }

    void follow(LoadedModule& module, const ast::StmtList& body) {
        for (const ast::StmtPtr& stmt : body) {
            if (const auto* import = ast::try_as<ast::ImportStmt>(stmt.get())) follow_import(module, *import);
            if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) follow(module, inner->body);
        }
    }

    void follow_import(LoadedModule& module, const ast::ImportStmt& import) {
        auto file = resolve(import, module.tree->file);
        if (!file) return;
        if (auto index = visit(*file, last_part(import.path.text))) {
            module.imports[&import] = *index;
        } else {
            report_cycle(import, *file);
        }
    }

    static std::string last_part(const std::string& path) {
        std::string stem = path.ends_with(".ny") ? fs::path(path).stem().string() : path;
        std::size_t dot = stem.find_last_of("./");
        return dot == std::string::npos ? stem : stem.substr(dot + 1);
    }

    // A file of "package:boards/…", whose author nobody here knows, reaches no file beside the package.
    static bool stays_in_package(const std::string& importer, const std::string& path) {
        if (!importer.starts_with("package:")) return true;
        return path.starts_with(importer.substr(0, importer.find('/') + 1));
    }

    // Where the module may be, in the order in which it is looked for.
    std::vector<Found> places(const std::string& path, std::uint32_t importer) const {
        const source::SourceFile& from = sources_.file(importer);
        fs::path folder = fs::path(from.path).parent_path();
        std::string stdlib = loader_.stdlib_folder();
        bool is_file = path.ends_with(".ny") || path.find('/') != std::string::npos;
        std::string relative = path;
        if (!is_file) std::replace(relative.begin(), relative.end(), '.', '/');
        if (!relative.ends_with(".ny")) relative += ".ny";
        std::vector<Found> found;
        if (!is_file && path.starts_with("std.")) {
            if (!stdlib.empty())
                found.push_back({(fs::path(stdlib) / relative.substr(4)).lexically_normal().string(), true});
            return found;
        }
        std::string beside = (folder / relative).lexically_normal().string();
        if (stays_in_package(from.path, beside)) found.push_back({beside, from.is_stdlib});
        if (auto file = is_file ? std::nullopt : loader_.package_file(from.path, path)) {
            found.push_back({*file, false});
            return found;
        }
        if (!is_file && !stdlib.empty())
            found.push_back({(fs::path(stdlib) / relative).lexically_normal().string(), true});
        return found;
    }

    std::optional<std::uint32_t> resolve(const ast::ImportStmt& import, std::uint32_t importer) {
        for (const Found& place : places(import.path.text, importer)) {
            if (auto file = loader_.open(sources_, place.path, place.is_stdlib)) return file;
        }
        const std::string& name = import.path.text;
        if (loader_.is_reported(name)) return std::nullopt;
        auto& finding =
            sink_.report(Code::kModuleMissing, import.path.span, fmt::format("there is no module `{}`", name));
        std::vector<std::string> near = modules_near(importer);
        if (auto meant = diagnostics::did_you_mean(name, near)) {
            finding.fix({fmt::format("import `{}`", *meant),
                         diagnostics::Applicability::kMaybeIncorrect,
                         {{import.path.span, *meant}}});
            finding.help(fmt::format("did you mean `{}`?", *meant));
        }
        for (const Found& place : places(name, importer)) finding.note(fmt::format("looked for {}", place.path));
        return std::nullopt;
    }

    std::vector<std::string> modules_near(std::uint32_t importer) const {
        std::vector<std::string> names;
        auto add = [&names](const fs::path& folder, const std::string& prefix) {
            std::error_code ignored;
            fs::path here = folder.empty() ? fs::path(".") : folder;
            for (const auto& entry : fs::directory_iterator(here, ignored)) {
                if (entry.path().extension() == ".ny") names.push_back(prefix + entry.path().stem().string());
            }
        };
        fs::path stdlib = loader_.stdlib_folder();
        add(fs::path(sources_.file(importer).path).parent_path(), "");
        if (!stdlib.empty()) {
            add(stdlib, "");
            for (const char* part : {"boards", "devices"}) add(stdlib / part, fmt::format("std.{}.", part));
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    void report_cycle(const ast::ImportStmt& import, std::uint32_t file) {
        auto begin = std::find(active_.begin(), active_.end(), file);
        std::vector<std::string> circle;
        for (auto at = begin; at != active_.end(); ++at) circle.push_back(sources_.file(*at).path);
        circle.push_back(sources_.file(file).path);
        sink_.report(Code::kImportCycle, import.path.span, "these modules import each other in a circle")
            .note(fmt::format("the circle: {}", fmt::join(circle, " -> ")))
            .help("move what both need into a third module");
    }

    // A classic script may use the builder and its kin without importing them.
    void automatic_imports(LoadedModule& module, std::uint32_t file) {
        std::string stdlib = loader_.stdlib_folder();
        if (stdlib.empty() || sources_.file(file).is_stdlib) return;
        std::set<std::string> imported;
        for (const auto& [import, index] : module.imports) imported.insert(last_part(import->path.text));
        for (std::string_view home : classic_modules_used(sources_.file(file).text)) {
            if (imported.contains(std::string(home))) continue;
            std::string path = (fs::path(stdlib) / fmt::format("{}.ny", home)).lexically_normal().string();
            auto found = loader_.open(sources_, path, true);
            auto index = found ? visit(*found, std::string(home)) : std::nullopt;
            if (index) module.automatic.push_back(*index);
        }
    }

    source::SourceMap& sources_;
    ModuleLoader& loader_;
    diagnostics::Sink& sink_;
    std::vector<LoadedModule> done_;
    std::map<std::uint32_t, std::size_t> finished_;
    std::vector<std::uint32_t> active_;
};

}  // namespace

std::shared_ptr<const ast::Module> ModuleLoader::parse(const source::SourceMap& sources, std::uint32_t file,
                                                       diagnostics::Sink& sink) {
    return syntax::parse(sources, file, sink);
}

std::optional<std::uint32_t> FileLoader::open(source::SourceMap& sources, const std::string& path, bool is_stdlib) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return std::nullopt;
    auto file = sources.load(path, is_stdlib);
    if (!file) return std::nullopt;
    return *file;
}

std::vector<LoadedModule> load_modules(source::SourceMap& sources, std::uint32_t file, ModuleLoader& loader,
                                       const std::string& prelude, diagnostics::Sink& sink) {
    return ModuleGraph(sources, loader, sink).load(file, prelude);
}

}  // namespace nyx::lower
