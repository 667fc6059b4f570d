// Imports: every module once, in the order in which they are needed.
#include <algorithm>
#include <filesystem>
#include <map>

#include "compiler/lower/lower.h"
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/parser.h"
#include "runtime/script/machines.h"

namespace nyx::lower {

namespace fs = std::filesystem;
using diagnostics::Code;

Result<std::uint32_t> FileLoader::load(source::SourceMap& sources, const std::string& module, std::uint32_t importer) {
    std::string relative = module;
    std::replace(relative.begin(), relative.end(), '.', '/');
    bool is_std = relative.rfind("std/", 0) == 0;
    std::vector<std::pair<fs::path, bool>> places;
    if (!is_std) places.emplace_back(fs::path(sources.file(importer).path).parent_path() / (relative + ".ny"), sources.file(importer).is_stdlib);
    places.emplace_back(fs::path(stdlib_) / ((is_std ? relative.substr(4) : relative) + ".ny"), true);
    std::error_code error;
    for (const auto& [path, in_stdlib] : places) {
        if (fs::is_regular_file(path, error)) return sources.load(path.lexically_normal().string(), in_stdlib);
    }
    Error missing{ErrorCode::kNotFound, fmt::format("there is no module `{}`", module), ""};
    for (const auto& [path, in_stdlib] : places) {
        missing.hint += (missing.hint.empty() ? "looked for " : " and ") + (in_stdlib ? "stdlib/" + path.filename().string() : path.string());
    }
    return fail(std::move(missing));
}

namespace {

class Loading {
  public:
    Loading(source::SourceMap& sources, ModuleLoader& loader, diagnostics::Sink& sink) : sources_(sources), loader_(loader), sink_(sink) {}

    void file(std::uint32_t index) {
        if (state_[index] != State::kNew) return;
        state_[index] = State::kOpen;
        path_.push_back(index);
        auto module = syntax::parse(sources_, index, sink_);
        for (const ast::StmtPtr& stmt : module->body) {
            if (const auto* import = ast::try_as<ast::ImportStmt>(stmt.get())) import_module(*import, index);
        }
        path_.pop_back();
        state_[index] = State::kDone;
        modules.push_back(std::move(module));
    }

    void import_by_name(const std::string& name, std::uint32_t importer) {
        if (auto index = loader_.load(sources_, name, importer)) file(*index);
    }

    std::vector<std::unique_ptr<ast::Module>> modules;
    std::map<const ast::ImportStmt*, std::uint32_t> imported;

  private:
    enum class State { kNew, kOpen, kDone };

    void import_module(const ast::ImportStmt& import, std::uint32_t importer) {
        auto index = loader_.load(sources_, import.path.text, importer);
        if (!index) {
            sink_.report(Code::kModuleMissing, import.path.span, index.error().message).help(index.error().hint);
            return;
        }
        imported.emplace(&import, *index);
        if (state_[*index] == State::kOpen) return circle(import, *index);
        file(*index);
    }

    void circle(const ast::ImportStmt& import, std::uint32_t again) {
        std::string way;
        for (auto at = std::find(path_.begin(), path_.end(), again); at != path_.end(); ++at) way += sources_.file(*at).path + " → ";
        sink_.report(Code::kImportCycle, import.path.span, "modules import each other in a circle").note(way + sources_.file(again).path);
    }

    source::SourceMap& sources_;
    ModuleLoader& loader_;
    diagnostics::Sink& sink_;
    std::map<std::uint32_t, State> state_;
    std::vector<std::uint32_t> path_;
};

std::string last_part(const std::string& dotted) {
    std::size_t at = dotted.find_last_of("./");
    return at == std::string::npos ? dotted : dotted.substr(at + 1);
}

void bind_import(const ast::ImportStmt& import, const ModuleScope& from, std::uint32_t table, ModuleScope& into, diagnostics::Sink& sink) {
    if (import.names.empty()) {
        into.modules[import.alias ? import.alias->text : last_part(import.path.text)] = table;
        if (!import.alias) into.imports.push_back(&from);
        for (const auto& [name, cls] : from.classes) into.classes.emplace(name, cls);
        return;
    }
    for (const ast::Ident& name : import.names) {
        auto global = from.globals.find(name.text);
        if (global == from.globals.end()) {
            sink.report(Code::kUnknownName, name.span, fmt::format("module `{}` has no `{}`", import.path.text, name.text));
        } else {
            into.globals.insert_or_assign(name.text, global->second);
        }
        if (auto cls = from.classes.find(name.text); cls != from.classes.end()) into.classes.insert(*cls);
    }
}

}  // namespace

script::Natives build_natives() {
    script::Natives natives;
    natives.add(script::standard_natives().all());
    natives.add(script::machine_natives());
    return natives;
}

Program load_program(source::SourceMap& sources, std::uint32_t main, ModuleLoader& loader, const std::string& prelude,
                     diagnostics::Sink& sink) {
    Loading loading(sources, loader, sink);
    if (!prelude.empty()) loading.import_by_name(prelude, main);
    loading.file(main);

    Program program;
    script::Natives natives = build_natives();
    Lowerer lowerer(program.code, natives, sink);
    std::map<std::uint32_t, std::unique_ptr<ModuleScope>> scopes;
    std::map<std::uint32_t, std::uint32_t> tables;
    for (const auto& module : loading.modules) {
        auto scope = std::make_unique<ModuleScope>();
        scope->name = fs::path(sources.file(module->file).path).stem().string();
        lowerer.declare(module->body, *scope);
        tables[module->file] = static_cast<std::uint32_t>(program.code.modules.size() - 1);
        scopes[module->file] = std::move(scope);
    }
    for (const auto& module : loading.modules) {
        ModuleScope& scope = *scopes.at(module->file);
        for (const ast::StmtPtr& stmt : module->body) {
            const auto* import = ast::try_as<ast::ImportStmt>(stmt.get());
            auto found = import ? loading.imported.find(import) : loading.imported.end();
            if (found == loading.imported.end() || !scopes.count(found->second)) continue;
            bind_import(*import, *scopes.at(found->second), tables.at(found->second), scope, sink);
        }
        lowerer.module_body(*module, scope);
    }
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        program.code.files.push_back({sources.file(i).path, sources.file(i).is_stdlib});
    }
    program.modules = std::move(loading.modules);
    return program;
}

}  // namespace nyx::lower
