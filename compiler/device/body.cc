#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using diagnostics::Code;

Body::Body(const Declared& device, std::string name, unsigned parameters, bool returns)
    : device_(device), builder_(std::move(name), parameters, returns) {}

diagnostics::Diagnostic& Body::report(Code code, Span where, std::string message, std::string label) {
    if (inlined_.empty()) return device_.sink->report(code, where, std::move(message), std::move(label));
    const bool is_new = device_.said_of_functions.emplace(static_cast<unsigned>(code), where.file, where.begin).second;
    if (!is_new) return device_.repeated = {};
    auto& finding = device_.sink->report(code, where, std::move(message), std::move(label));
    const bool depends_on_call = code == Code::kDeviceRange || code == Code::kOutsidePhase;
    if (depends_on_call) finding.label(inlined_.front().call, "in what is called here");
    return finding;
}

void Body::parameter(unsigned number, const ast::Ident& name, Type type) {
    if (name.text.empty()) return;
    Local local{type, static_cast<std::uint16_t>(number), false, Range::of_bits(type.bits), std::nullopt, ++locals_};
    unchanging_.insert(local.number);
    scopes_.front()[name.text] = local;
}

// An index: below `count`.
void Body::counted_parameter(unsigned number, const ast::Ident& name, Range range) {
    if (name.text.empty()) return;
    scopes_.front()[name.text] = {Type::literal(), static_cast<std::uint16_t>(number), false, range, std::nullopt,
                                  ++locals_};
    unchanging_.insert(locals_);
}

void Body::constant(const std::string& name, std::uint64_t value) {
    scopes_.front()[name] = {Type::literal(), 0, false, Range::of(value), value, ++locals_};
}

void Body::require_return(Type type, Span where) {
    if (ends_ || is_broken_ || type.base == TypeBase::kNothing) return;
    report(Code::kNotTotal, where, "this may end without a value").help("every way through it ends with `return …`");
}

void Body::only_where(const ast::Expr& asked) {
    const Value value = condition(asked);
    const std::uint16_t holds = in_temporary(value);
    const std::size_t on = builder_.emit(
        {Op::kJumpIfNot, 64, 0, in_temporary(negated({Type::boolean(), {0, 1}, std::nullopt, holds, {}}))});
    give_back(Value::of(Type::nothing(), 0));
    builder_.point_here(on);
    learn(asked, true);
}

dev::ir::Function Body::finish(Span where) {
    if (builder_.is_too_large()) report(Code::kNotTotal, where, "this is too large to be compiled");
    return builder_.finish();
}

}  // namespace nyx::device
