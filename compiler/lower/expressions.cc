#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"
#include "compiler/lower/units.h"

namespace nyx::lower {

using namespace ast;
using script::CallSite;
using script::Constant;
using script::Type;
using diagnostics::Code;

void Lowerer::expression(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::kNullLiteral:
        case ExprKind::kErrorExpr: emit(Op::kNull, expr.span); return;
        case ExprKind::kBoolLiteral: emit(as<BoolLiteral>(expr).value ? Op::kTrue : Op::kFalse, expr.span); return;
        case ExprKind::kIntLiteral: return integer(as<IntLiteral>(expr).value, expr.span);
        case ExprKind::kFloatLiteral: {
            Constant value;
            value.type = Type::kFloat;
            value.floating = as<FloatLiteral>(expr).value;
            emit(Op::kConst, expr.span, constant(std::move(value)));
            return;
        }
        case ExprKind::kQuantity: return quantity(as<Quantity>(expr));
        case ExprKind::kStringLiteral: emit(Op::kConst, expr.span, string(as<StringLiteral>(expr).value)); return;
        case ExprKind::kInterpolatedString: return interpolated(as<InterpolatedString>(expr));
        case ExprKind::kNameExpr: return name(as<NameExpr>(expr));
        case ExprKind::kSuperExpr:
            error(Code::kMisplaced, expr.span, "`super` stands only before a method: `super.start()`");
            emit(Op::kNull, expr.span);
            return;
        case ExprKind::kArrayExpr:
            for (const ExprPtr& element : as<ArrayExpr>(expr).elements) expression(*element);
            emit(Op::kMakeArray, expr.span, static_cast<std::uint32_t>(as<ArrayExpr>(expr).elements.size()));
            return;
        case ExprKind::kTupleExpr:
            for (const ExprPtr& element : as<TupleExpr>(expr).elements) expression(*element);
            emit(Op::kMakeTuple, expr.span, static_cast<std::uint32_t>(as<TupleExpr>(expr).elements.size()));
            return;
        case ExprKind::kMapExpr:
            for (const MapEntry& entry : as<MapExpr>(expr).entries) {
                expression(*entry.key);
                expression(*entry.value);
            }
            emit(Op::kMakeMap, expr.span, static_cast<std::uint32_t>(as<MapExpr>(expr).entries.size()));
            return;
        case ExprKind::kComprehension: return comprehension(as<Comprehension>(expr));
        case ExprKind::kUnaryExpr: return unary(as<UnaryExpr>(expr));
        case ExprKind::kBinaryExpr: return binary(as<BinaryExpr>(expr));
        case ExprKind::kCallExpr: return call(as<CallExpr>(expr));
        case ExprKind::kIndexExpr:
            expression(*as<IndexExpr>(expr).object);
            expression(*as<IndexExpr>(expr).index);
            emit(Op::kIndex, expr.span);
            return;
        case ExprKind::kSliceExpr: return slice(as<SliceExpr>(expr));
        case ExprKind::kMemberExpr: {
            const auto& member = as<MemberExpr>(expr);
            expression(*member.object);
            if (!member.optional) {
                emit(Op::kMember, expr.span, string(member.member.text));
                return;
            }
            std::size_t none = jump(Op::kJumpIfNull, expr.span);
            emit(Op::kMember, expr.span, string(member.member.text));
            land(none);
            return;
        }
        case ExprKind::kStepExpr: return step(as<StepExpr>(expr));
        case ExprKind::kFnExpr: emit(Op::kClosure, expr.span, function("fn", expr.span, as<FnExpr>(expr).fn, nullptr)); return;
    }
}

void Lowerer::quantity(const Quantity& expr) {
    auto unit = find_unit(expr.unit.text);
    if (!unit) {
        error(Code::kBadQuantity, expr.unit.span, fmt::format("`{}` is no unit", expr.unit.text));
        emit(Op::kNull, expr.span);
        return;
    }
    Constant value;
    value.type = unit->dimension;
    bool fits = true;
    if (const auto* whole = try_as<IntLiteral>(expr.number.get())) {
        fits = !__builtin_mul_overflow(whole->value, unit->base_units, &value.integer);
    } else if (const auto* real = try_as<FloatLiteral>(expr.number.get())) {
        double product = real->value * static_cast<double>(unit->base_units);
        fits = product < 9.2e18 && product > -9.2e18;
        value.integer = fits ? static_cast<std::int64_t>(product) : 0;
    }
    if (!fits) error(Code::kBadQuantity, expr.span, "this quantity does not fit 64 bits");
    emit(Op::kConst, expr.span, constant(std::move(value)));
}

void Lowerer::interpolated(const InterpolatedString& expr) {
    std::uint32_t parts = 0;
    auto literal = [&](const std::string& text) {
        if (text.empty()) return;
        emit(Op::kConst, expr.span, string(text));
        ++parts;
    };
    for (std::size_t i = 0; i < expr.values.size(); ++i) {
        literal(expr.literals[i]);
        expression(*expr.values[i]);
        if (!expr.formats[i].empty()) emit(Op::kFormat, expr.values[i]->span, string(expr.formats[i]));
        ++parts;
    }
    literal(expr.literals.back());
    emit(Op::kConcat, expr.span, parts);
}

// ---- names -------------------------------------------------------------------------------------------------------------

std::optional<std::uint16_t> Lowerer::capture(FunctionScope& scope, const std::string& name) {
    if (auto found = scope.captures.find(name); found != scope.captures.end()) return found->second;
    if (!scope.outer) return std::nullopt;
    script::Capture taken;
    if (auto local = scope.outer->locals.find(name); local != scope.outer->locals.end()) {
        taken = {true, local->second};
    } else if (auto further = capture(*scope.outer, name)) {
        taken = {false, *further};
    } else {
        return std::nullopt;
    }
    auto index = static_cast<std::uint16_t>(scope.code.captures.size());
    scope.code.captures.push_back(taken);
    scope.code.capture_names.push_back(name);
    scope.captures.emplace(name, index);
    return index;
}

Lowerer::Place Lowerer::resolve(const std::string& name) {
    if (auto local = fn_->locals.find(name); local != fn_->locals.end()) return {Place::kLocal, local->second};
    if (auto cell = capture(*fn_, name)) return {Place::kCell, *cell};
    if (is_member(name)) return {Place::kField, 0};
    for (const ModuleScope* scope = module_; scope; scope = scope->parent) {
        if (auto global = scope->globals.find(name); global != scope->globals.end()) return {Place::kGlobal, global->second};
    }
    for (const ModuleScope* scope = module_; scope; scope = scope->parent) {
        if (auto found = scope->modules.find(name); found != scope->modules.end()) return {Place::kModule, found->second};
        for (const ModuleScope* import : scope->imports) {
            if (auto global = import->globals.find(name); global != import->globals.end()) return {Place::kGlobal, global->second};
        }
    }
    if (natives_.find(name)) return {Place::kNative, native(name)};
    return {};
}

// Inside a method, also one that is a closure of it.
bool Lowerer::is_member(const std::string& name) const {
    const ClassDecl* cls = fn_->cls;
    std::set<std::string> seen;
    while (cls && seen.insert(cls->name.text).second) {
        for (const FieldDecl& field : cls->fields) {
            if (field.name.text == name) return true;
        }
        for (const auto& method : cls->methods) {
            if (method->name.text == name) return true;
        }
        const ClassDecl* base = nullptr;
        for (const ModuleScope* scope = module_; scope && cls->base && !base; scope = scope->parent) {
            if (auto found = scope->classes.find(cls->base->text); found != scope->classes.end()) base = found->second;
        }
        cls = base;
    }
    return false;
}

void Lowerer::load(const Place& place, Span span) {
    switch (place.kind) {
        case Place::kLocal: emit(Op::kLoadLocalChecked, span, 0, static_cast<std::uint16_t>(place.index)); return;
        case Place::kCell: emit(Op::kLoadCell, span, place.index); return;
        case Place::kGlobal: emit(Op::kLoadGlobal, span, place.index); return;
        case Place::kModule: emit(Op::kLoadModule, span, place.index); return;
        case Place::kNative: emit(Op::kLoadNative, span, place.index); return;
        case Place::kField:
        case Place::kNowhere: return;
    }
}

std::vector<std::string> Lowerer::known_names() const {
    std::vector<std::string> names;
    for (const FunctionScope* scope = fn_; scope; scope = scope->outer) {
        for (const auto& [name, index] : scope->locals) names.push_back(name);
    }
    for (const ModuleScope* scope = module_; scope; scope = scope->parent) {
        for (const auto& [name, index] : scope->globals) names.push_back(name);
        for (const auto& [name, index] : scope->modules) names.push_back(name);
        for (const ModuleScope* import : scope->imports) {
            for (const auto& [name, index] : import->globals) names.push_back(name);
        }
    }
    for (const auto& spec : natives_.all()) {
        if (spec.free_function && spec.name.substr(0, 2) != "__") names.emplace_back(spec.name);
    }
    return names;
}

void Lowerer::unknown_name(const NameExpr& expr) {
    auto& diagnostic = error(Code::kUnknownName, expr.span, fmt::format("`{}` is not defined", expr.name));
    if (auto meant = diagnostics::did_you_mean(expr.name, known_names())) {
        diagnostic.help(fmt::format("did you mean `{}`?", *meant))
            .fix({fmt::format("write `{}`", *meant), diagnostics::Applicability::kSuggestion, {{expr.span, *meant}}});
    }
    emit(Op::kNull, expr.span);
}

// The object of the method around, also from a closure inside it.
std::optional<std::uint16_t> Lowerer::receiver() {
    if (auto local = fn_->locals.find("self"); local != fn_->locals.end()) {
        emit(Op::kLoadLocal, fn_->code.where, 0, local->second);
        return local->second;
    }
    if (auto cell = capture(*fn_, "self")) {
        emit(Op::kLoadCell, fn_->code.where, *cell);
        return cell;
    }
    return std::nullopt;
}

void Lowerer::name(const NameExpr& expr) {
    if (expr.name == "this" || expr.name == "self") {
        if (!receiver()) unknown_name(expr);
        return;
    }
    Place place = resolve(expr.name);
    if (place.kind == Place::kField && receiver()) {
        emit(Op::kMember, expr.span, string(expr.name));
        return;
    }
    bool declared = place.kind != Place::kNowhere && place.kind != Place::kField;
    bool variable = place.kind == Place::kLocal || place.kind == Place::kCell;
    if (fn_->reads_fields && !variable) {
        emit(Op::kLoadField, expr.span, string(expr.name));
        std::size_t found = jump(Op::kJumpIfSetKeep, expr.span);
        if (declared) {
            load(place, expr.span);
        } else {
            emit(Op::kSymbol, expr.span, string(expr.name));
        }
        land(found);
    } else if (in_machine() && (!declared || place.kind == Place::kNative || place.kind == Place::kModule)) {
        // A choice such as `virtio`, or a field set further up: `cpus = 2 ; memory = cpus * 1 GiB`.
        emit(Op::kLoadField, expr.span, string(expr.name));
        std::size_t found = jump(Op::kJumpIfSetKeep, expr.span);
        emit(Op::kSymbol, expr.span, string(expr.name));
        land(found);
    } else if (declared) {
        load(place, expr.span);
    } else {
        unknown_name(expr);
    }
}

void Lowerer::store_name(const std::string& name, Span span) {
    Place place = resolve(name);
    switch (place.kind) {
        case Place::kLocal: emit(Op::kStoreLocal, span, 0, static_cast<std::uint16_t>(place.index)); return;
        case Place::kCell: emit(Op::kStoreCell, span, place.index); return;
        case Place::kGlobal: emit(Op::kStoreGlobal, span, place.index); return;
        case Place::kField: {
            std::uint16_t value = fn_->hidden();
            emit(Op::kStoreLocal, span, 0, value);
            if (receiver()) {
                emit(Op::kLoadLocal, span, 0, value);
                emit(Op::kSetMember, span, string(name));
            }
            return;
        }
        default: emit(Op::kStoreLocal, span, 0, fn_->add_local(name)); return;
    }
}

// ---- operators ---------------------------------------------------------------------------------------------------------

void Lowerer::unary(const UnaryExpr& expr) {
    expression(*expr.operand);
    emit(expr.op == UnaryOp::kNegate ? Op::kNegate : expr.op == UnaryOp::kNot ? Op::kNot : Op::kBitNot, expr.span);
}

namespace {

script::Op op_of(BinaryOp op) {
    using script::Op;
    switch (op) {
        case BinaryOp::kAdd: return Op::kAdd;
        case BinaryOp::kSubtract: return Op::kSubtract;
        case BinaryOp::kMultiply: return Op::kMultiply;
        case BinaryOp::kDivide: return Op::kDivide;
        case BinaryOp::kFloorDivide: return Op::kFloorDivide;
        case BinaryOp::kModulo: return Op::kModulo;
        case BinaryOp::kPower: return Op::kPower;
        case BinaryOp::kBitAnd: return Op::kBitAnd;
        case BinaryOp::kBitOr: return Op::kBitOr;
        case BinaryOp::kBitXor: return Op::kBitXor;
        case BinaryOp::kShiftLeft: return Op::kShiftLeft;
        case BinaryOp::kShiftRight: return Op::kShiftRight;
        case BinaryOp::kEqual: return Op::kEqual;
        case BinaryOp::kNotEqual: return Op::kNotEqual;
        case BinaryOp::kLess: return Op::kLess;
        case BinaryOp::kLessEqual: return Op::kLessEqual;
        case BinaryOp::kGreater: return Op::kGreater;
        case BinaryOp::kGreaterEqual: return Op::kGreaterEqual;
        case BinaryOp::kIn: return Op::kIn;
        case BinaryOp::kNotIn: return Op::kNotIn;
        case BinaryOp::kRange: return Op::kRange;
        case BinaryOp::kAnd: return Op::kJumpIfFalseKeep;
        case BinaryOp::kOr: return Op::kJumpIfTrueKeep;
        case BinaryOp::kCoalesce: return Op::kJumpIfNotNullKeep;
    }
    return Op::kNull;
}

}  // namespace

void Lowerer::binary(const BinaryExpr& expr) {
    expression(*expr.left);
    bool shortcut = expr.op == BinaryOp::kAnd || expr.op == BinaryOp::kOr || expr.op == BinaryOp::kCoalesce;
    std::size_t decided = shortcut ? jump(op_of(expr.op), expr.span) : 0;
    expression(*expr.right);
    if (shortcut) {
        land(decided);
    } else {
        emit(op_of(expr.op), expr.span);
    }
}

void Lowerer::slice(const SliceExpr& expr) {
    expression(*expr.object);
    for (const ExprPtr* bound : {&expr.begin, &expr.end}) {
        if (*bound) {
            expression(**bound);
        } else {
            emit(Op::kNull, expr.span);
        }
    }
    emit(Op::kSlice, expr.span);
}

// i++ as a value is what i was before.
void Lowerer::step(const StepExpr& expr) {
    if (expr.target->kind != ExprKind::kNameExpr) {
        // obj.n++ and a[i]++: the object is evaluated for the store alone after the old value was read.
        expression(*expr.target);
        std::uint16_t before = fn_->hidden();
        emit(Op::kStoreLocal, expr.span, 0, before);
        auto changed = [&] {
            emit(Op::kLoadLocal, expr.span, 0, before);
            integer(expr.increment ? 1 : -1, expr.span);
            emit(Op::kAdd, expr.span);
        };
        if (const auto* member = try_as<MemberExpr>(expr.target.get())) {
            expression(*member->object);
            changed();
            emit(Op::kSetMember, expr.span, string(member->member.text));
        } else if (const auto* index = try_as<IndexExpr>(expr.target.get())) {
            expression(*index->object);
            expression(*index->index);
            changed();
            emit(Op::kSetIndex, expr.span);
        } else {
            error(Code::kMisplaced, expr.span, "only a variable, a member or an element can be counted up or down");
        }
        emit(Op::kLoadLocal, expr.span, 0, before);
        return;
    }
    const std::string& target = as<NameExpr>(*expr.target).name;
    expression(*expr.target);
    Place place = resolve(target);
    if (place.kind == Place::kLocal) {
        emit(Op::kAddLocalInt, expr.span, static_cast<std::uint32_t>(expr.increment ? 1 : -1), static_cast<std::uint16_t>(place.index));
        return;
    }
    emit(Op::kDup, expr.span);
    integer(expr.increment ? 1 : -1, expr.span);
    emit(Op::kAdd, expr.span);
    store_name(target, expr.span);
}

void Lowerer::comprehension(const Comprehension& expr) {
    std::uint16_t result = fn_->hidden();
    std::uint16_t iterator = fn_->hidden();
    emit(Op::kMakeArray, expr.span, 0);
    emit(Op::kStoreLocal, expr.span, 0, result);
    expression(*expr.iterable);
    emit(Op::kIterInit, expr.span, 0, iterator);
    std::uint32_t start = here();
    bool pair = expr.names.size() > 1;
    std::size_t done = emit(pair ? Op::kIterNext2 : Op::kIterNext, expr.span, 0, iterator);
    // Names of a comprehension are its own: they hide others while it runs.
    std::vector<std::pair<std::string, std::optional<std::uint16_t>>> hidden;
    for (std::size_t i = expr.names.size(); i-- > 0;) {
        const std::string& own = expr.names[i].text;
        auto found = fn_->locals.find(own);
        hidden.emplace_back(own, found == fn_->locals.end() ? std::nullopt : std::optional(found->second));
        std::uint16_t slot = fn_->hidden();
        fn_->locals[own] = slot;
        emit(Op::kStoreLocal, expr.span, 0, slot);
    }
    std::size_t skip = 0;
    if (expr.condition) {
        expression(*expr.condition);
        skip = jump(Op::kJumpIfFalse, expr.condition->span);
    }
    expression(*expr.element);
    emit(Op::kAppendLocal, expr.span, 0, result);
    if (expr.condition) land(skip);
    emit(Op::kLoop, expr.span, start);
    land(done);
    for (const auto& [own, before] : hidden) {
        if (before) {
            fn_->locals[own] = *before;
        } else {
            fn_->locals.erase(own);
        }
    }
    emit(Op::kLoadLocal, expr.span, 0, result);
}

// ---- calls -------------------------------------------------------------------------------------------------------------

void Lowerer::arguments(const CallExpr& expr, CallSite& site) {
    for (const Argument& argument : expr.arguments) {
        if (!argument.name) {
            if (!site.names.empty()) error(Code::kMisplaced, argument.value->span, "arguments without a name stand before those with one");
            expression(*argument.value);
            ++site.positional;
        }
    }
    for (const Argument& argument : expr.arguments) {
        if (argument.name) {
            expression(*argument.value);
            site.names.push_back(argument.name->text);
        }
    }
    if (expr.arguments.size() > 200) error(Code::kMisplaced, expr.span, "a call has at most 200 arguments");
}

void Lowerer::record(const CallExpr& expr, const NameExpr& callee) {
    script::RecordShape shape;
    shape.name = callee.name;
    shape.where = expr.span;
    shape.name_where = callee.span;
    for (const Argument& argument : expr.arguments) {
        expression(*argument.value);
        shape.fields.push_back({argument.name ? argument.name->text : "", argument.value->span, argument.name ? argument.name->span : Span{}});
    }
    program_.records.push_back(std::move(shape));
    emit(Op::kRecord, expr.span, static_cast<std::uint32_t>(program_.records.size() - 1));
}

void Lowerer::call(const CallExpr& expr) {
    CallSite site;
    if (const auto* name = try_as<NameExpr>(expr.callee.get())) {
        Place place = resolve(name->name);
        bool free_name = place.kind == Place::kNowhere || place.kind == Place::kModule;
        if ((in_machine() || fn_->reads_fields) && free_name) return record(expr, *name);
        if (place.kind == Place::kField && receiver()) {
            arguments(expr, site);
            site.name = name->name;
            emit(Op::kInvoke, expr.span, call_site(std::move(site)));
            return;
        }
    }
    if (const auto* member = try_as<MemberExpr>(expr.callee.get())) {
        site.name = member->member.text;
        bool is_super = member->object->kind == ExprKind::kSuperExpr;
        if (is_super ? !receiver() : false) {
            error(Code::kMisplaced, expr.span, "`super` stands only in a method");
            emit(Op::kNull, expr.span);
        } else if (!is_super) {
            expression(*member->object);
        }
        std::size_t none = member->optional ? jump(Op::kJumpIfNull, expr.span) : 0;
        arguments(expr, site);
        emit(is_super ? Op::kInvokeSuper : Op::kInvoke, expr.span, call_site(std::move(site)));
        if (member->optional) land(none);
        return;
    }
    if (expr.callee->kind == ExprKind::kSuperExpr) {  // super(…) is the base's init
        if (!receiver()) emit(Op::kNull, expr.span);
        arguments(expr, site);
        site.name = "init";
        emit(Op::kInvokeSuper, expr.span, call_site(std::move(site)));
        return;
    }
    const auto* callee = try_as<NameExpr>(expr.callee.get());
    if (callee && resolve(callee->name).kind == Place::kNative) {
        load(resolve(callee->name), callee->span);
    } else {
        expression(*expr.callee);
    }
    arguments(expr, site);
    if (site.names.empty()) {
        emit(Op::kCall, expr.span, 0, site.positional);
    } else {
        emit(Op::kCallNamed, expr.span, call_site(std::move(site)));
    }
}

}  // namespace nyx::lower
