// A program in text, checked by the real stdlib, for the tests of this folder.
//
// Machines are read off the syntax tree: constants only, no script runs. What scripts do is tested with the whole
// compiler (tests/golden).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/check/constants.h"
#include "compiler/check/load_schemas.h"
#include "compiler/syntax/parser.h"
#include "runtime/base/check.h"

namespace nyx::check {

class Program {
  public:
    explicit Program(const std::string& text) : Program(text, {}) {}
    // more: further texts, taken as files of stdlib.
    Program(const std::string& text, const std::vector<std::string>& more) {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(NYX_SOURCE_DIR "/stdlib")) {
            // What is in models/ is no part of machines.
            const bool is_model = entry.path().parent_path().filename() == "models";
            if (entry.path().extension() == ".ny" && !is_model) files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const auto& path : files) parse(sources.load(path.string(), true).value());
        for (const std::string& one : more) parse(sources.add("<more>", one, true));
        main_file = sources.add("dir/main.ny", text);
        parse(main_file);
        std::vector<const ast::Module*> all;
        for (const auto& module : modules_) all.push_back(module.get());
        schemas = load_schemas(all, sources, heap, sink);
        for (const ast::Module* module : all) read_machines(*module);
    }

    const std::vector<model::Machine>& check() {
        std::vector<const script::MachineConfig*> all;
        for (const auto& config : configs) all.push_back(config.get());
        machines = check_machines(schemas, all, evaluate, sources, heap, sink).machines;
        return machines;
    }

    // "NY0501 3:5", by place.
    std::vector<std::string> findings() const {
        std::vector<std::string> all;
        for (const auto& finding : sink.sorted()) {
            Span span = finding.primary.span;
            auto at = sources.position(span.file, span.begin);
            all.push_back(fmt::format("{} {}:{}", diagnostics::code_text(finding.code), at.line, at.column));
        }
        return all;
    }

    std::string text(Span span) const { return std::string(sources.text(span)); }

    source::SourceMap sources;
    diagnostics::Sink sink;
    script::Heap heap;
    Schemas schemas;
    std::uint32_t main_file = 0;
    std::vector<std::unique_ptr<script::MachineConfig>> configs;
    std::vector<model::Machine> machines;
    Evaluate evaluate;

  private:
    void parse(std::uint32_t file) { modules_.push_back(syntax::parse(sources, file, sink)); }

    void read_machines(const ast::Module& module) {
        for (const auto& statement : module.body) {
            const auto* decl = ast::try_as<ast::MachineDecl>(statement.get());
            if (!decl) continue;
            auto config = std::make_unique<script::MachineConfig>();
            config->name = decl->name.text;
            config->where = decl->name.span;
            config->doc = decl->doc;
            if (decl->base) {
                config->base = decl->base->text;
                config->base_where = decl->base->span;
            }
            for (const auto& item : decl->body) read_item(*item, *config);
            configs.push_back(std::move(config));
        }
    }

    void read_item(const ast::Stmt& item, script::MachineConfig& config) {
        if (item.kind == ast::StmtKind::kAssignStmt) read_setting(item, config.settings);
        if (const auto* require = ast::try_as<ast::RequireStmt>(&item)) {
            config.requirements.push_back({{}, "told so", require->condition->span});
        }
        const auto* decl = ast::try_as<ast::DeviceStmt>(&item);
        if (!decl) return;
        script::DeviceConfig device;
        device.type = decl->type.text;
        device.where = decl->type.span;
        if (decl->name) {
            device.name = decl->name->text;
            device.where = join(decl->type.span, decl->name->span);
        }
        for (const auto& setting : decl->body) read_setting(*setting, device.settings);
        config.devices.push_back(std::move(device));
    }

    void read_setting(const ast::Stmt& statement, std::vector<script::Setting>& into) {
        const auto& assign = ast::as<ast::AssignStmt>(statement);
        const auto& target = ast::as<ast::NameExpr>(*assign.target);
        Span culprit;
        std::optional<script::Value> value = constant(*assign.value, heap, culprit);
        NYX_CHECK(value, "not a constant: {}", sources.text(culprit));
        into.push_back({target.name, *value, assign.value->span, target.span});
    }

    std::vector<std::unique_ptr<ast::Module>> modules_;
};

}  // namespace nyx::check
