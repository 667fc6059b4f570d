#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using namespace ast;

std::uint32_t Lowerer::finish_function(FunctionScope& scope, Span where) {
    emit(Op::kNull, where);
    emit(Op::kReturn, where);
    program_.functions.push_back(std::move(scope.code));
    return static_cast<std::uint32_t>(program_.functions.size() - 1);
}

std::uint32_t Lowerer::function(const std::string& name, Span where, const FnBody& fn, const ClassDecl* cls) {
    FunctionScope scope;
    scope.outer = fn_;
    scope.cls = cls ? cls : (fn_ ? fn_->cls : nullptr);
    scope.code.name = name;
    scope.code.where = where;
    FunctionScope* before = fn_;
    fn_ = &scope;
    if (cls) {
        scope.code.has_self = true;
        scope.add_local("self");
    }
    for (std::size_t i = 0; i < fn.parameters.size(); ++i) {
        const Parameter& parameter = fn.parameters[i];
        if (cls && i == 0 && parameter.name.text == "self") continue;
        scope.add_local(parameter.name.text);
        scope.code.parameters.push_back(parameter.name.text);
        if (!parameter.default_value) scope.code.required = static_cast<std::uint16_t>(scope.code.parameters.size());
    }
    for (const std::string& own : assigned_names(fn.body)) {
        // A name that is known around the function is that one; `let` makes it the function's own all the same.
        if (resolve(own).kind == Place::kNowhere || resolve(own).kind == Place::kNative || resolve(own).kind == Place::kModule) scope.add_local(own);
    }
    for (const Parameter& parameter : fn.parameters) {
        if (!parameter.default_value) continue;
        std::uint16_t local = scope.locals.at(parameter.name.text);
        emit(Op::kLocalIsSet, parameter.name.span, 0, local);
        std::size_t given = jump(Op::kJumpIfTrue, parameter.name.span);
        expression(*parameter.default_value);
        emit(Op::kStoreLocal, parameter.name.span, 0, local);
        land(given);
    }
    body(fn.body);
    std::uint32_t index = finish_function(scope, where);
    fn_ = before;
    return index;
}

// A function that gives an instance the values its class declares.
std::uint32_t Lowerer::field_values(const ClassDecl& decl) {
    if (decl.fields.empty()) return script::kNone;
    FunctionScope scope;
    scope.outer = fn_;
    scope.cls = &decl;
    scope.code.name = decl.name.text;
    scope.code.where = decl.span;
    scope.code.has_self = true;
    FunctionScope* before = fn_;
    fn_ = &scope;
    scope.add_local("self");
    for (const FieldDecl& field : decl.fields) {
        emit(Op::kLoadLocal, field.name.span, 0, 0);
        if (field.value) {
            expression(*field.value);
        } else {
            emit(Op::kNull, field.name.span);
        }
        emit(Op::kSetMember, field.name.span, string(field.name.text));
    }
    std::uint32_t index = finish_function(scope, decl.span);
    fn_ = before;
    return index;
}

void Lowerer::class_decl(const ClassDecl& decl) {
    script::ClassInfo info;
    info.name = decl.name.text;
    if (decl.base) {
        info.has_base = true;
        NameExpr base(decl.base->span);
        base.name = decl.base->text;
        name(base);
    }
    info.fields = field_values(decl);
    for (const auto& method : decl.methods) {
        if (!method->fn.has_body) continue;  // a declared interface
        info.methods.emplace_back(method->name.text, function(method->name.text, method->span, method->fn, &decl));
    }
    program_.classes.push_back(std::move(info));
    emit(Op::kMakeClass, decl.span, static_cast<std::uint32_t>(program_.classes.size() - 1));
    store_name(decl.name.text, decl.name.span);
}

void Lowerer::module_decl(const ModuleDecl& decl) {
    ModuleScope* before = module_;
    module_ = inner_by_decl_.at(&decl);
    body(decl.body);
    module_ = before;
}

void Lowerer::declare(const StmtList& body, ModuleScope& scope) {
    script::ModuleTable table;
    table.name = scope.name;
    for (const std::string& name : assigned_names(body)) {
        program_.globals.push_back(name);
        auto index = static_cast<std::uint32_t>(program_.globals.size() - 1);
        scope.globals.emplace(name, index);
        table.exports.emplace_back(name, index);
    }
    for (const StmtPtr& stmt : body) {
        if (const auto* cls = try_as<ClassDecl>(stmt.get())) scope.classes.emplace(cls->name.text, cls);
        const auto* inner = try_as<ModuleDecl>(stmt.get());
        if (!inner) continue;
        auto own = std::make_unique<ModuleScope>();
        own->name = inner->name.text;
        own->parent = &scope;
        declare(inner->body, *own);
        scope.modules.emplace(inner->name.text, static_cast<std::uint32_t>(program_.modules.size() - 1));
        inner_by_decl_.emplace(inner, own.get());
        inner_modules_.push_back(std::move(own));
    }
    program_.modules.push_back(std::move(table));
}

void Lowerer::module_body(const Module& module, ModuleScope& scope) {
    FunctionScope function;
    function.is_body = true;
    function.code.name = scope.name;
    function.code.where = {module.file, 0, 0};
    fn_ = &function;
    module_ = &scope;
    body(module.body);
    program_.entries.push_back(finish_function(function, function.code.where));
    fn_ = nullptr;
    module_ = nullptr;
}

}  // namespace nyx::lower
