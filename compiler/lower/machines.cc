// machine blocks: the same evaluator, with instructions that fill a MachineConfig.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using namespace ast;
using diagnostics::Code;

void Lowerer::machine(const MachineDecl& decl) {
    if (in_machine()) {
        error(Code::kMisplaced, decl.name.span, "a machine cannot stand inside another");
        return;
    }
    script::MachineShape shape;
    shape.name = decl.name.text;
    shape.where = decl.name.span;
    shape.doc = decl.doc;
    if (decl.base) {
        shape.base = decl.base->text;
        shape.base_where = decl.base->span;
    }
    program_.machines.push_back(std::move(shape));
    emit(Op::kBeginMachine, decl.name.span, static_cast<std::uint32_t>(program_.machines.size() - 1));
    ++fn_->machine_depth;
    body(decl.body);
    --fn_->machine_depth;
    emit(Op::kEndMachine, decl.name.span);
    store_name(decl.name.text, decl.name.span);
}

void Lowerer::device(const DeviceStmt& stmt) {
    if (fn_->machine_depth != 1) {
        error(Code::kMisplaced, stmt.span, "a device stands in a machine, not in another device or outside");
        return;
    }
    script::DeviceShape shape;
    shape.type = stmt.type.text;
    shape.name = stmt.name ? stmt.name->text : "";
    shape.where = stmt.name ? join(stmt.type.span, stmt.name->span) : stmt.type.span;
    program_.devices.push_back(std::move(shape));
    emit(Op::kBeginDevice, stmt.span, static_cast<std::uint32_t>(program_.devices.size() - 1));
    ++fn_->machine_depth;
    body(stmt.body);
    --fn_->machine_depth;
    emit(Op::kEndDevice, stmt.span);
}

void Lowerer::setting(const AssignStmt& stmt) {
    const auto* target = try_as<NameExpr>(stmt.target.get());
    if (!target) {
        error(Code::kMisplaced, stmt.target->span, "a field is set by its name alone: `memory = 1 GiB`");
        return;
    }
    // A variable of the machine (`let`, `for`) is assigned, anything else is a field.
    Place place = resolve(target->name);
    if (place.kind == Place::kLocal) return assign(stmt);
    if (stmt.op) {
        error(Code::kMisplaced, stmt.span, fmt::format("a field is set with `=`; `{}` has no value to change yet", target->name));
        return;
    }
    expression(*stmt.value);
    program_.settings.push_back({target->name, stmt.value->span, target->span});
    emit(Op::kSetting, stmt.span, static_cast<std::uint32_t>(program_.settings.size() - 1));
}

std::uint32_t Lowerer::condition(const Expr& expr) {
    FunctionScope scope;
    scope.outer = fn_;
    scope.code.name = "require";
    scope.code.where = expr.span;
    scope.reads_fields = true;
    FunctionScope* before = fn_;
    fn_ = &scope;
    expression(expr);
    emit(Op::kReturn, expr.span);
    std::uint32_t index = finish_function(scope, expr.span);
    fn_ = before;
    return index;
}

void Lowerer::requirement(const RequireStmt& stmt) {
    if (!in_machine()) {
        error(Code::kMisplaced, stmt.span, "`require` stands in a machine");
        return;
    }
    emit(Op::kClosure, stmt.condition->span, condition(*stmt.condition));
    if (stmt.message) {
        expression(*stmt.message);
    } else {
        emit(Op::kConst, stmt.span, string(""));
    }
    emit(Op::kRequire, stmt.condition->span);
}

}  // namespace nyx::lower
