// Loading a name that is resolved, and storing to it.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

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
