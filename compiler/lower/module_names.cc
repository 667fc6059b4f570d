// What a module declares and imports.
#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/bodies.h"
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

// The names n of all `self.n = …` in a method.
void collect_self_fields(const ast::StmtList& body, std::set<std::string>& fields) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(stmt.get())) {
            const auto* member = ast::try_as<ast::MemberExpr>(assign->target.get());
            const auto* object = member ? ast::try_as<ast::NameExpr>(member->object.get()) : nullptr;
            if (object && (object->name == "self" || object->name == "this")) fields.insert(member->member.text);
        }
        each_body(*stmt, [&fields](const ast::StmtList& inner) { collect_self_fields(inner, fields); });
    }
}

// "c" of "a.b.c" and of "a/b/c.ny".
std::string last_part(std::string path) {
    if (path.ends_with(".ny")) path.resize(path.size() - 3);
    return path.substr(path.find_last_of("./") + 1);
}

const char* kind_text(ModuleName::Kind kind) {
    switch (kind) {
        case ModuleName::Kind::kFunction:
            return "a function";
        case ModuleName::Kind::kClass:
            return "a class";
        case ModuleName::Kind::kMachine:
            return "a machine";
        case ModuleName::Kind::kModule:
            return "a module";
        default:
            return "a variable";
    }
}

}  // namespace

ModuleName* Lowerer::add_name(ModuleScope& scope, const ast::Ident& ident, ModuleName::Kind kind, Binding binding) {
    auto found = scope.names.find(ident.text);
    if (found != scope.names.end() && found->second.gives_way) {
        scope.names.erase(found);
        found = scope.names.end();
    }
    if (found != scope.names.end()) {
        ModuleName& known = found->second;
        bool again = binding == Binding::kPlain && kind == ModuleName::Kind::kVariable;
        if (!again) {
            report(Code::kDuplicateName, ident.span, fmt::format("`{}` is declared twice", ident.text), "again here")
                .label(known.where, fmt::format("first as {} here", kind_text(known.kind)));
        }
        return nullptr;
    }
    ModuleName fresh;
    fresh.kind = kind;
    fresh.binding = binding;
    fresh.where = ident.span;
    if (kind != ModuleName::Kind::kModule) fresh.index = tables_.global(ident.text);
    return &(scope.names[ident.text] = fresh);
}

// Plain assignments outside functions declare names of the module, in blocks as well.
void Lowerer::declare_assigned(ModuleScope& scope, const ast::StmtList& body) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(stmt.get()); assign && !assign->op) {
            auto add = [&](const ast::Expr* target) {
                const auto* name = ast::try_as<ast::NameExpr>(target);
                auto known = name ? scope.names.find(name->name) : scope.names.end();
                if (name && (known == scope.names.end() || known->second.gives_way)) {
                    add_name(scope, {name->name, name->span}, ModuleName::Kind::kVariable, Binding::kPlain);
                }
            };
            add(assign->target.get());
            if (const auto* tuple = ast::try_as<ast::TupleExpr>(assign->target.get())) {
                for (const ast::ExprPtr& element : tuple->elements) add(element.get());
            }
        }
        each_body(*stmt, [&](const ast::StmtList& inner) { declare_assigned(scope, inner); });
    }
}

void Lowerer::declare_names(ModuleScope& scope, const ast::StmtList& body, const LoadedModule& module, bool nested) {
    using Kind = ModuleName::Kind;
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* fn = ast::try_as<ast::FnDecl>(stmt.get())) {
            if (auto* added = add_name(scope, fn->name, Kind::kFunction, Binding::kConst)) added->function = fn;
        } else if (const auto* cls = ast::try_as<ast::ClassDecl>(stmt.get())) {
            if (auto* added = add_name(scope, cls->name, Kind::kClass, Binding::kConst)) {
                added->summary = summarize(*cls, scope);
            }
        } else if (const auto* machine = ast::try_as<ast::MachineDecl>(stmt.get())) {
            // Two machines of one name are compiler/check's to report.
            if (!scope.names.contains(machine->name.text))
                add_name(scope, machine->name, Kind::kMachine, Binding::kConst);
        } else if (const auto* import = ast::try_as<ast::ImportStmt>(stmt.get())) {
            declare_import(scope, *import, module);
        } else if (const auto* alias = ast::try_as<ast::TypeAliasStmt>(stmt.get())) {
            scope.aliases[alias->name.text] = &alias->type;
        } else if (const auto* let = ast::try_as<ast::LetStmt>(stmt.get())) {
            for (const ast::Ident& ident : let->names)
                add_name(scope, ident, Kind::kVariable, binding_of(let->binding));
        } else if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) {
            declare_module(scope, *inner);
            declare_names(*inner_scopes_[inner], inner->body, module, true);
        }
    }
    declare_assigned(scope, body);
    if (!nested) add_exports(scope);
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) add_exports(*inner_scopes_[inner]);
    }
}

void Lowerer::declare_module(ModuleScope& scope, const ast::ModuleDecl& inner) {
    auto* added = add_name(scope, inner.name, ModuleName::Kind::kModule, Binding::kConst);
    auto& fresh = scopes_.emplace_back(std::make_unique<ModuleScope>());
    fresh->name = inner.name.text;
    fresh->parent = &scope;
    fresh->is_stdlib = scope.is_stdlib;
    fresh->table = Tables::add(tables_.program().modules, {inner.name.text, {}});
    inner_scopes_[&inner] = fresh.get();
    if (added) {
        added->index = fresh->table;
        added->module = fresh.get();
    }
}

// Names that begin with _ stay inside. In order of the names: the bytecode is a function of the text.
void Lowerer::add_exports(ModuleScope& scope) {
    auto& exports = tables_.program().modules[scope.table].exports;
    exports.clear();
    for (const auto& [name, what] : scope.names) {
        if (!name.starts_with("_") && what.kind != ModuleName::Kind::kModule) exports.emplace_back(name, what.index);
    }
    std::sort(exports.begin(), exports.end());
}

void Lowerer::declare_import(ModuleScope& scope, const ast::ImportStmt& import, const LoadedModule& module) {
    auto found = module.imports.find(&import);
    if (found == module.imports.end()) {  // reported; its names are taken as known
        missing_imports_.insert(&import);
        const ast::Ident bound{import.alias ? import.alias->text : last_part(import.path.text), import.path.span};
        if (import.names.empty()) add_name(scope, bound, ModuleName::Kind::kVariable, Binding::kConst);
        for (const ast::Ident& name : import.names) add_name(scope, name, ModuleName::Kind::kVariable, Binding::kConst);
        return;
    }
    ModuleScope* from = module_scopes_[found->second];
    for (const ast::Ident& name : import.names) import_name(scope, *from, name);
    if (!import.names.empty()) return;
    bind_module(scope, *from, import.path.span, import.alias ? import.alias->text : "");
}

// `from "m" import name`.
void Lowerer::import_name(ModuleScope& scope, const ModuleScope& from, const ast::Ident& name) {
    auto exported = from.names.find(name.text);
    if (exported == from.names.end() || name.text.starts_with("_")) {
        std::vector<std::string> all;
        for (const auto& [known, what] : from.names) all.push_back(known);
        std::sort(all.begin(), all.end());
        auto& finding =
            report(Code::kUnknownName, name.span, fmt::format("module `{}` has no `{}`", from.name, name.text));
        if (auto meant = diagnostics::did_you_mean(name.text, all))
            finding.help(fmt::format("did you mean `{}`?", *meant));
    } else if (scope.names.contains(name.text)) {
        add_name(scope, name, ModuleName::Kind::kFunction, Binding::kConst);  // reports the second declaration
    } else {
        scope.names[name.text] = exported->second;
    }
}

// An imported module by its name, and its names bare. A declaration of the importing module may take the name over:
// after `import metrics` a script may still say `let metrics = vm.metrics`.
void Lowerer::bind_module(ModuleScope& scope, ModuleScope& from, Span where, std::string alias) {
    bool by_alias = !alias.empty();
    std::string bound = by_alias ? std::move(alias) : from.name;
    if (!scope.names.contains(bound)) {
        ModuleName& added = scope.names[bound];
        added.kind = ModuleName::Kind::kModule;
        added.index = from.table;
        added.binding = Binding::kConst;
        added.where = where;
        added.module = &from;
        added.gives_way = !by_alias;
    }
    scope.imports.push_back(&from);
}

ClassSummary* Lowerer::summarize(const ast::ClassDecl& decl, const ModuleScope& scope) {
    auto& summary = summaries_.emplace_back(std::make_unique<ClassSummary>());
    summary->decl = &decl;
    for (const ast::FieldDecl& field : decl.fields) summary->fields.insert(field.name.text);
    for (const auto& method : decl.methods) {
        summary->methods[method->name.text] = method.get();
        collect_self_fields(method->fn.body, summary->fields);
    }
    if (decl.base) {
        const ModuleName* base = find_dotted(scope, decl.base->text);
        summary->base = base ? base->summary : nullptr;
        summary->base_unknown = !summary->base;
    }
    return summary.get();
}

}  // namespace nyx::lower
