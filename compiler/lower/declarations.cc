// Functions, classes and modules.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

bool is_self(const ast::Parameter& parameter) {
    return parameter.name.text == "self" || parameter.name.text == "this";
}

}  // namespace

void Lowerer::end_function(FunctionState& state, Span span) {
    state.emit(Op::kNull, span);
    state.emit(Op::kReturn, span);
    if (state.here() > 0x00FFFFFF) report(Code::kTooLarge, span, "this function is too long");
    state.finish(tables_.program().functions, tables_.program().classes);
}

void Lowerer::parameters(FunctionState& state, const ast::FnBody& fn, bool is_method) {
    if (is_method) {
        state.function.has_self = true;
        state.declare("self", Binding::kConst, state.function.where);
    }
    std::vector<std::pair<LocalVariable*, const ast::Parameter*>> declared;
    bool optional = false;
    for (std::size_t i = 0; i < fn.parameters.size(); ++i) {
        const ast::Parameter& parameter = fn.parameters[i];
        if (is_method && i == 0 && is_self(parameter)) continue;
        if (const LocalVariable* known = state.find(parameter.name.text)) {
            report(Code::kDuplicateName, parameter.name.span,
                   fmt::format("two parameters are called `{}`", parameter.name.text))
                .label(known->where, "the first");
        }
        if (optional && !parameter.default_value) {
            report(Code::kWrongArguments, parameter.name.span,
                   fmt::format("`{}` needs a default: a parameter before it has one", parameter.name.text));
        }
        optional = optional || parameter.default_value;
        if (!optional) ++state.function.required;
        state.function.parameters.push_back(parameter.name.text);
        declared.emplace_back(&state.declare(parameter.name.text, Binding::kPlain, parameter.name.span), &parameter);
    }
    if (state.function.parameters.size() > 255)
        report(Code::kTooLarge, fn.parameters[0].name.span, "more than 255 parameters");
    for (auto& [unused, parameter] : declared) {
        LocalVariable& local = *state.find(parameter->name.text);
        Span span = parameter->name.span;
        if (parameter->default_value) {
            state.emit(Op::kLocalIsSet, span, 0, local.slot);
            std::size_t set = state.emit(Op::kJumpIfTrue, span);
            expr(*parameter->default_value);
            state.emit(Op::kStoreLocal, span, 0, local.slot);
            state.point_here(set);
        }
        if (!parameter->type) continue;
        std::string subject = fmt::format("parameter `{}`", parameter->name.text);
        local.type_check = type_check(*parameter->type, subject);
        if (parameter->default_value) check_literal(*parameter->type, *parameter->default_value, subject);
        state.emit(Op::kCoerceLocal, span, local.type_check, local.slot);
    }
}

std::uint32_t Lowerer::function(const std::string& called, const ast::FnBody& fn, const ClassSummary* method_of,
                                Span where) {
    const ClassSummary* outer = class_;
    if (method_of) class_ = method_of;
    auto fields = std::exchange(machine_fields_, {});
    std::uint32_t index = in_function(called, where, [&](FunctionState& state) {
        state.source = &fn;
        parameters(state, fn, method_of != nullptr);
        if (fn.result && fn.result->name != "void") {
            state.result_check = type_check(*fn.result, fmt::format("the result of `{}`", called));
        }
        statements(fn.body);
    });
    machine_fields_ = std::move(fields);
    class_ = outer;
    return index;
}

void Lowerer::write(const ast::FnDecl& node) {
    if (!node.fn.has_body) {
        report(Code::kMisplaced, node.name.span, fmt::format("`{}` has no body", node.name.text));
        return;
    }
    bool local = !fn_->is_module_body || fn_->in_block();
    if (local) {  // declared first, so that it can call itself
        if (const LocalVariable* known = fn_->find_in_scope(node.name.text);
            known && known->binding != Binding::kPlain) {
            report(Code::kDuplicateName, node.name.span, fmt::format("`{}` is declared twice", node.name.text),
                   "again here")
                .label(known->where, "first here");
        }
        null(node.span);
        store_new(node.name, Binding::kConst, script::kNone, node.name.span);
    }
    std::uint32_t index = function(node.name.text, node.fn, nullptr, node.name.span);
    fn_->emit(Op::kClosure, node.name.span, index);
    if (local) {
        fn_->emit(Op::kStoreLocal, node.name.span, 0, fn_->find(node.name.text)->slot);
    } else {
        fn_->emit(Op::kStoreGlobal, node.name.span, scope_->names.at(node.name.text).index);
    }
}

// ---- Classes --------------------------------------------------------------------------------------------------------

void Lowerer::write(const ast::ClassDecl& node) {
    bool local = !fn_->is_module_body || fn_->in_block();
    const ClassSummary* summary = nullptr;
    if (local) {
        summary = summarize(node, *scope_);
        null(node.span);
        store_new(node.name, Binding::kConst, script::kNone, node.name.span);
    } else {
        summary = scope_->names.at(node.name.text).summary;
        if (!summary || summary->decl != &node) return;  // a second declaration, reported
    }
    // Bases may be declared further down; by now all are known.
    if (node.base) {
        const ModuleName* base = find_dotted(*scope_, node.base->text);
        auto* mutable_summary = const_cast<ClassSummary*>(summary);
        if (base && base->summary && base->summary != summary) {
            mutable_summary->base = base->summary;
            mutable_summary->base_unknown = false;
            for (const ClassSummary* at = base->summary; at; at = at->base) {
                if (at == summary) mutable_summary->base = nullptr;  // a circle; it fails when it runs
            }
        }
        if (base && base->kind != ModuleName::Kind::kModule && node.base->text.find('.') != std::string::npos) {
            fn_->emit(Op::kLoadGlobal, node.base->span, base->index);
        } else {
            ast::NameExpr bare(node.base->span);
            bare.name = node.base->text;
            write(bare);
        }
    }
    script::ClassInfo info;
    info.name = node.name.text;
    info.has_base = node.base.has_value();
    info.fields = class_fields(node);
    std::set<std::string> seen;
    for (const auto& method : node.methods) {
        if (!seen.insert(method->name.text).second) {
            report(Code::kDuplicateName, method->name.span,
                   fmt::format("`{}` has two methods `{}`", node.name.text, method->name.text));
        }
        if (!method->fn.has_body) continue;
        std::string full = fmt::format("{}.{}", node.name.text, method->name.text);
        info.methods.emplace_back(method->name.text, function(full, method->fn, summary, method->name.span));
    }
    if (!seen.contains("init") && !node.base && !node.fields.empty())
        info.methods.emplace_back("init", class_init(node));
    fn_->emit(Op::kMakeClass, node.name.span, Tables::add(tables_.program().classes, std::move(info)));
    if (local) {
        fn_->emit(Op::kStoreLocal, node.name.span, 0, fn_->find(node.name.text)->slot);
    } else {
        fn_->emit(Op::kStoreGlobal, node.name.span, scope_->names.at(node.name.text).index);
    }
}

// Gives an instance the declared fields' first values; without one a field is null.
std::uint32_t Lowerer::class_fields(const ast::ClassDecl& node) {
    if (node.fields.empty()) return script::kNone;
    return in_function(node.name.text, node.name.span, [&](FunctionState& state) {
        state.function.has_self = true;
        std::uint16_t self = state.declare("self", Binding::kConst, node.name.span).slot;
        for (const ast::FieldDecl& field : node.fields) {
            state.emit(Op::kLoadLocal, field.name.span, 0, self);
            field.value ? expr(*field.value) : null(field.name.span);
            if (field.type && field.value) {
                std::string subject = fmt::format("field `{}`", field.name.text);
                check_literal(*field.type, *field.value, subject);
                state.emit(Op::kCoerce, field.value->span, type_check(*field.type, subject));
            } else if (field.type) {
                type(*field.type);
            }
            state.emit(Op::kSetMember, field.name.span, tables_.string(field.name.text));
        }
    });
}

// A class of fields without `init` takes them as arguments, all optional.
std::uint32_t Lowerer::class_init(const ast::ClassDecl& node) {
    return in_function(node.name.text, node.name.span, [&](FunctionState& state) {
        state.function.has_self = true;
        std::uint16_t self = state.declare("self", Binding::kConst, node.name.span).slot;
        std::set<std::string> seen;
        for (const ast::FieldDecl& field : node.fields) {
            if (!seen.insert(field.name.text).second) {
                report(Code::kDuplicateName, field.name.span,
                       fmt::format("`{}` has two fields `{}`", node.name.text, field.name.text));
                continue;
            }
            state.declare(field.name.text, Binding::kPlain, field.name.span);
            state.function.parameters.push_back(field.name.text);
        }
        for (const ast::FieldDecl& field : node.fields) {
            std::uint16_t slot = state.find(field.name.text)->slot;
            state.emit(Op::kLocalIsSet, field.name.span, 0, slot);
            std::size_t absent = state.emit(Op::kJumpIfFalse, field.name.span);
            state.emit(Op::kLoadLocal, field.name.span, 0, self);
            state.emit(Op::kLoadLocal, field.name.span, 0, slot);
            if (field.type) {
                state.emit(Op::kCoerce, field.name.span,
                           type_check(*field.type, fmt::format("field `{}`", field.name.text)));
            }
            state.emit(Op::kSetMember, field.name.span, tables_.string(field.name.text));
            state.point_here(absent);
        }
    });
}

void Lowerer::write(const ast::ModuleDecl& node) {
    auto found = inner_scopes_.find(&node);
    if (found == inner_scopes_.end() || !fn_->is_module_body || fn_->in_block()) {
        report(Code::kMisplaced, node.name.span, "a module stands at the top of a file or inside another module");
        return;
    }
    ModuleScope* outer = scope_;
    scope_ = found->second;
    statements(node.body);
    scope_ = outer;
}

// ---- The whole ------------------------------------------------------------------------------------------------------

Lowerer::Lowerer(const source::SourceMap& sources, diagnostics::Sink& sink) : sources_(sources), sink_(sink) {}

std::unique_ptr<script::Program> Lowerer::lower(const std::vector<LoadedModule>& modules) {
    modules_ = &modules;
    script::Program& program = tables_.program();
    for (const LoadedModule& module : modules) {
        auto& scope = scopes_.emplace_back(std::make_unique<ModuleScope>());
        scope->name = module.name;
        scope->is_stdlib = sources_.file(module.tree->file).is_stdlib;
        scope->table = Tables::add(program.modules, {module.name, {}});
        module_scopes_.push_back(scope.get());
        for (std::size_t automatic : module.automatic) bind_module(*scope, *module_scopes_[automatic], {});
        ModuleScope& names = *scope;
        declare_names(names, module.tree->body, module, false);
        scope_ = &names;
        Span whole{module.tree->file, 0, 0};
        program.entries.push_back(in_function(module.name, whole, [&](FunctionState& state) {
            state.is_module_body = true;
            statements(module.tree->body);
        }));
    }
    return tables_.take();
}

}  // namespace nyx::lower
