#include "compiler/device/test_actions.h"

#include <fmt/format.h>

namespace nyx::device {

using diagnostics::Code;

bool TestActions::lower(const ast::CallExpr& node) {
    if (const auto* member = ast::try_as<ast::MemberExpr>(node.callee.get())) {
        const auto* object = ast::try_as<ast::NameExpr>(member->object.get());
        if (object == nullptr || object->name != "host") return false;
        host(node, member->member);
        return true;
    }
    const auto* called = ast::try_as<ast::NameExpr>(node.callee.get());
    if (called == nullptr) return false;
    if (called->name == "write")
        write(node);
    else if (called->name == "read")
        values_.prepare(node);
    else if (called->name == "restore")
        restore(node);
    else if (called->name == "advance")
        advance(node);
    else if (called->name == "reset")
        reset(node);
    else
        return false;
    return true;
}

bool TestActions::has_arguments(const ast::CallExpr& node, std::size_t count, std::string_view otherwise) {
    if (node.arguments.size() == count) return true;
    device_.report(Code::kDeviceItem, node.span, std::string(otherwise));
    return false;
}

void TestActions::write(const ast::CallExpr& node) {
    if (!has_arguments(node, 2, "`write` takes a register and a value: `write(lcr, 0x80)`")) return;
    TestStep step{TestStep::Kind::kWrite, node.span};
    const RegisterInfo* reg = values_.register_of(*node.arguments[0].value, step);
    if (reg == nullptr) return;
    step.value = values_.value(*node.arguments[1].value, Type::number(reg->bits));
    steps_.push_back(std::move(step));
}

void TestActions::advance(const ast::CallExpr& node) {
    if (!has_arguments(node, 1, "`advance` takes a time in nanoseconds: `advance(5 ms)`")) return;
    TestStep step{TestStep::Kind::kAdvance, node.span};
    step.value = values_.value(*node.arguments[0].value, Type::number(64));
    steps_.push_back(std::move(step));
}

void TestActions::reset(const ast::CallExpr& node) {
    if (has_arguments(node, 0, "`reset` takes nothing")) steps_.push_back({TestStep::Kind::kReset, node.span});
}

void TestActions::restore(const ast::CallExpr& node) {
    TestStep step{TestStep::Kind::kRestore, node.span};
    lower_restore(device_, before_, node, step,
                  [this](const ast::Expr& expr, Type type) { return values_.value(expr, type); });
    steps_.push_back(std::move(step));
}

void TestActions::host(const ast::CallExpr& node, const ast::Ident& name) {
    const Symbol* symbol = device_.find(name.text);
    if (symbol != nullptr && symbol->kind == SymbolKind::kQuery) return answer(node, symbol->index);
    if (symbol != nullptr && symbol->kind == SymbolKind::kSource) return send(node, symbol->index);
    device_.report(Code::kDeviceItem, name.span,
                   fmt::format("the device takes nothing called `{}` from the host", name.text));
}

void TestActions::send(const ast::CallExpr& node, std::uint32_t source) {
    const unsigned bits = device_.program.sources[source].bits;
    const bool is_event = bits == 0;
    if (!has_arguments(node, is_event ? 0 : 1, is_event ? "an event has no value" : "one value is sent at a time"))
        return;
    TestStep step{TestStep::Kind::kHost, node.span};
    step.port = source;
    if (!is_event) step.value = values_.value(*node.arguments[0].value, Type::number(bits));
    steps_.push_back(std::move(step));
}

// What the host answers from now on.
void TestActions::answer(const ast::CallExpr& node, std::uint32_t query) {
    if (!has_arguments(node, 1, "a query has one answer, which it gives from now on")) return;
    TestStep step{TestStep::Kind::kAnswer, node.span};
    step.port = query;
    step.value = values_.value(*node.arguments[0].value, Type::number(device_.program.queries[query].bits));
    steps_.push_back(std::move(step));
}

}  // namespace nyx::device
