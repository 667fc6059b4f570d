// What names mean: the declarations of modules, and the search for a bare name.
#include <algorithm>
#include <array>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/bodies.h"
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/keywords.h"
#include "runtime/script/natives.h"

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
            Binding binding = let->binding == ast::LetKind::kConst ? Binding::kConst
                              : let->binding == ast::LetKind::kLet ? Binding::kLet
                                                                   : Binding::kMutable;
            for (const ast::Ident& ident : let->names) add_name(scope, ident, Kind::kVariable, binding);
        } else if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) {
            auto* added = add_name(scope, inner->name, Kind::kModule, Binding::kConst);
            auto& fresh = scopes_.emplace_back(std::make_unique<ModuleScope>());
            fresh->name = inner->name.text;
            fresh->parent = &scope;
            fresh->is_stdlib = scope.is_stdlib;
            fresh->table = Tables::add(tables_.program().modules, {inner->name.text, {}});
            inner_scopes_[inner] = fresh.get();
            if (added) {
                added->index = fresh->table;
                added->module = fresh.get();
            }
            declare_names(*inner_scopes_[inner], inner->body, module, true);
        }
    }
    declare_assigned(scope, body);
    if (!nested) add_exports(scope);
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* inner = ast::try_as<ast::ModuleDecl>(stmt.get())) add_exports(*inner_scopes_[inner]);
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
    for (const ast::Ident& name : import.names) {
        auto exported = from->names.find(name.text);
        if (exported == from->names.end() || name.text.starts_with("_")) {
            std::vector<std::string> all;
            for (const auto& [known, what] : from->names) all.push_back(known);
            std::sort(all.begin(), all.end());
            auto& finding =
                report(Code::kUnknownName, name.span, fmt::format("module `{}` has no `{}`", from->name, name.text));
            if (auto meant = diagnostics::did_you_mean(name.text, all))
                finding.help(fmt::format("did you mean `{}`?", *meant));
            continue;
        }
        if (scope.names.contains(name.text)) {
            add_name(scope, name, ModuleName::Kind::kFunction, Binding::kConst);  // reports the second declaration
        } else {
            scope.names[name.text] = exported->second;
        }
    }
    if (!import.names.empty()) return;
    bind_module(scope, *from, import.path.span, import.alias ? import.alias->text : "");
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

// ---- The search -----------------------------------------------------------------------------------------------------

const ModuleName* Lowerer::find_name(const ModuleScope& scope, const std::string& name) const {
    for (const ModuleScope* at = &scope; at; at = at->parent) {
        auto own = at->names.find(name);
        if (own != at->names.end()) return &own->second;
        if (name.starts_with("_")) continue;
        for (const ModuleScope* import : at->imports) {
            auto found = import->names.find(name);
            if (found != import->names.end()) return &found->second;
        }
    }
    return nullptr;
}

// As find_name, also of what is in a module: "memory.PageTable".
const ModuleName* Lowerer::find_dotted(const ModuleScope& scope, const std::string& name) const {
    std::size_t dot = name.find('.');
    const ModuleName* found = find_name(scope, name.substr(0, dot));
    while (found && dot != std::string::npos) {
        if (!found->module) return nullptr;
        std::size_t begin = dot + 1;
        dot = name.find('.', begin);
        auto inner = found->module->names.find(name.substr(begin, dot == std::string::npos ? dot : dot - begin));
        found = inner == found->module->names.end() ? nullptr : &inner->second;
    }
    return found;
}

// A local of `function`, or of one around it, which is then captured on the way.
bool Lowerer::resolve_in_functions(FunctionState& function, const std::string& name, Resolved& result) {
    if (LocalVariable* local = function.find(name)) {
        result.kind = Resolved::Kind::kLocal;
        result.local = local;
        return true;
    }
    if (!function.parent() || !resolve_in_functions(*function.parent(), name, result)) return false;
    bool from_local = result.kind == Resolved::Kind::kLocal;
    auto index = from_local ? result.local->slot : static_cast<std::uint16_t>(result.index);
    result.index = function.capture(from_local, index, name);
    result.kind = Resolved::Kind::kCapture;
    return true;
}

Resolved Lowerer::resolve(const std::string& name) {
    Resolved result;
    if (resolve_in_functions(*fn_, name == "this" ? "self" : name, result)) return result;
    if (class_ && class_->has_field(name)) {
        result.kind = Resolved::Kind::kField;
        return result;
    }
    if (class_ && class_->method(name)) {
        result.kind = Resolved::Kind::kMethod;
        return result;
    }
    result.name = find_name(*scope_, name);
    if (result.name != nullptr) {
        result.kind = Resolved::Kind::kModuleName;
        return result;
    }
    bool hidden = name.starts_with("__") && !scope_->is_stdlib;
    if (!hidden && script::standard_natives().find(name)) {
        result.kind = Resolved::Kind::kNative;
        result.index = tables_.native(name);
    }
    return result;
}

std::vector<std::string> Lowerer::names_in_reach() const {
    std::vector<std::string> all;
    for (const FunctionState* at = fn_; at; at = at->parent()) {
        for (std::string& name : at->names()) all.push_back(std::move(name));
    }
    for (const ModuleScope* at = scope_; at; at = at->parent) {
        for (const auto& [name, what] : at->names) all.push_back(name);
        for (const ModuleScope* import : at->imports) {
            for (const auto& [name, what] : import->names) all.push_back(name);
        }
    }
    for (const ClassSummary* at = class_; at; at = at->base) {
        all.insert(all.end(), at->fields.begin(), at->fields.end());
        for (const auto& [name, method] : at->methods) all.push_back(name);
    }
    for (const script::NativeSpec& native : script::standard_natives().all()) {
        if (native.free_function && !native.name.starts_with("__")) all.emplace_back(native.name);
    }
    std::sort(all.begin(), all.end());
    std::erase(all, "");
    return all;
}

void Lowerer::unknown_name(const std::string& name, Span where) {
    if (name == "self" || name == "this") {
        report(Code::kSelfOutside, where, fmt::format("`{}` is only known in methods", name));
        return;
    }
    auto& finding =
        report(Code::kUnknownName, where, fmt::format("nothing here is called `{}`", name), "not known here");
    constexpr int kMostSuggestions = 100;  // each compares all names
    if (++unknown_names_ > kMostSuggestions) return;
    std::optional<std::string> meant = diagnostics::did_you_mean(name, names_in_reach());
    if (std::string_view value = syntax::value_meant(name); !value.empty()) meant = value;
    constexpr std::array<std::string_view, 6> kWaysToBoot = {"elf", "firmware", "flat", "linux", "multiboot", "pvh"};
    if (std::find(kWaysToBoot.begin(), kWaysToBoot.end(), name) != kWaysToBoot.end()) {
        finding.help(fmt::format("as a way to boot it stands in a machine: `machine web {{ boot = {}(…) }}`", name));
    } else if (meant) {
        finding.help(fmt::format("did you mean `{}`?", *meant));
        finding.fix(
            {fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, {{where, *meant}}});
    }
}

// ---- Loading and storing --------------------------------------------------------------------------------------------

void Lowerer::load_self(Span span) {
    Resolved self;
    if (!resolve_in_functions(*fn_, "self", self)) {
        report(Code::kSelfOutside, span, "`self` is only known in methods");
        return no_value(span);
    }
    load(self, "self", span);
}

void Lowerer::load(const Resolved& resolved, const std::string& name, Span span) {
    switch (resolved.kind) {
        case Resolved::Kind::kNothing:
            no_value(span);
            break;
        case Resolved::Kind::kLocal:
            fn_->emit(resolved.local->checked || fn_->goes_on() ? Op::kLoadLocalChecked : Op::kLoadLocal, span, 0,
                      resolved.local->slot);
            break;
        case Resolved::Kind::kCapture:
            fn_->emit(Op::kLoadCell, span, resolved.index);
            break;
        case Resolved::Kind::kField:
        case Resolved::Kind::kMethod:
            load_self(span);
            fn_->emit(Op::kMember, span, tables_.string(name));
            break;
        case Resolved::Kind::kModuleName:
            fn_->emit(resolved.name->kind == ModuleName::Kind::kModule ? Op::kLoadModule : Op::kLoadGlobal, span,
                      resolved.name->index);
            break;
        case Resolved::Kind::kNative:
            fn_->emit(Op::kLoadNative, span, resolved.index);
            break;
    }
}

bool Lowerer::may_assign(Binding binding, const std::string& name, Span where, Span declared) {
    if (binding == Binding::kPlain || binding == Binding::kMutable) return true;
    auto& finding = report(Code::kConstant, where, fmt::format("`{}` cannot be assigned again", name));
    finding.label(declared, binding == Binding::kLet ? "declared with `let` here" : "declared as a constant here");
    if (binding == Binding::kLet) {
        finding.help("a variable that changes is declared with `let mut`");
        // Only `let` right before a single name is turned into `let mut`.
        std::string_view line = sources_.file(declared.file).text;
        if (declared.begin >= 4 && line.substr(declared.begin - 4, 4) == "let ") {
            Span before{declared.file, declared.begin, declared.begin};
            finding.fix({fmt::format("declare `{}` with `let mut`", name),
                         diagnostics::Applicability::kMachineApplicable,
                         {{before, "mut "}}});
        }
    }
    return false;
}

// The value is on the stack.
void Lowerer::store(const Resolved& resolved, const std::string& name, Span span) {
    auto coerce = [&](std::uint32_t check) {
        if (check != script::kNone) fn_->emit(Op::kCoerce, span, check);
    };
    switch (resolved.kind) {
        case Resolved::Kind::kLocal:
        case Resolved::Kind::kCapture:
            if (!may_assign(resolved.local->binding, name, span, resolved.local->where)) break;
            coerce(resolved.local->type_check);
            if (resolved.kind == Resolved::Kind::kLocal) {
                fn_->emit(Op::kStoreLocal, span, 0, resolved.local->slot);
            } else {
                fn_->emit(Op::kStoreCell, span, resolved.index);
            }
            return;
        case Resolved::Kind::kField: {
            // The value is there already and has to come after the object.
            std::uint16_t slot = fn_->hidden_slot(span);
            fn_->emit(Op::kStoreLocal, span, 0, slot);
            load_self(span);
            fn_->emit(Op::kLoadLocal, span, 0, slot);
            fn_->emit(Op::kSetMember, span, tables_.string(name));
            return;
        }
        case Resolved::Kind::kModuleName:
            if (!may_assign(resolved.name->binding, name, span, resolved.name->where)) break;
            coerce(resolved.name->type_check);
            fn_->emit(Op::kStoreGlobal, span, resolved.name->index);
            return;
        default:
            break;
    }
    fn_->emit(Op::kPop, span);
}

// Plain `name = …`: the variable that the text above has, or a new one.
void Lowerer::assign_name(const std::string& name, Span span) {
    Resolved resolved = resolve(name);
    bool later = resolved.kind == Resolved::Kind::kModuleName && !fn_->is_module_body &&
                 (resolved.name->where.file != span.file || resolved.name->where.begin > span.begin);
    bool fresh = resolved.kind == Resolved::Kind::kNothing || resolved.kind == Resolved::Kind::kNative ||
                 resolved.kind == Resolved::Kind::kMethod || later;
    if (fresh) {
        resolved = {};
        resolved.kind = Resolved::Kind::kLocal;
        resolved.local = &fn_->declare_for_function(name, span);
    }
    store(resolved, name, span);
}

}  // namespace nyx::lower
