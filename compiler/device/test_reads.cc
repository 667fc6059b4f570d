// What a test reads: `read(reg)`, `control.reset`, `host.tx.pop_or(0)`, `host.tx.len`.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/device/test_values.h"

namespace nyx::device {

using diagnostics::Code;

void TestValues::prepare(const ast::Expr& expr) {
    if (read(expr)) return;
    switch (expr.kind) {
        case ast::ExprKind::kUnaryExpr:
            return prepare(*ast::as<ast::UnaryExpr>(expr).operand);
        case ast::ExprKind::kBinaryExpr:
            prepare(*ast::as<ast::BinaryExpr>(expr).left);
            return prepare(*ast::as<ast::BinaryExpr>(expr).right);
        case ast::ExprKind::kTupleExpr:
            for (const ast::ExprPtr& one : ast::as<ast::TupleExpr>(expr).elements) prepare(*one);
            return;
        case ast::ExprKind::kCallExpr:
            for (const ast::Argument& one : ast::as<ast::CallExpr>(expr).arguments) prepare(*one.value);
            return;
        case ast::ExprKind::kIndexExpr:
            prepare(*ast::as<ast::IndexExpr>(expr).object);
            return prepare(*ast::as<ast::IndexExpr>(expr).index);
        default:
            return;
    }
}

bool TestValues::read(const ast::Expr& expr) {
    const auto* call = ast::try_as<ast::CallExpr>(&expr);
    const auto* called = call == nullptr ? nullptr : ast::try_as<ast::NameExpr>(call->callee.get());
    if (called != nullptr && called->name == "read") {
        read_register(*call);
        return true;
    }
    const auto* member = ast::try_as<ast::MemberExpr>(call != nullptr ? call->callee.get() : &expr);
    if (member == nullptr) return false;
    if (const auto* name = ast::try_as<ast::NameExpr>(member->object.get())) {
        const Symbol* symbol = device_.find(name->name);
        if (call != nullptr || symbol == nullptr || symbol->kind != SymbolKind::kControl) return false;
        read_request(expr, member->member);
        return true;
    }
    const auto* port = ast::try_as<ast::MemberExpr>(member->object.get());
    const auto* host = port == nullptr ? nullptr : ast::try_as<ast::NameExpr>(port->object.get());
    if (host == nullptr || host->name != "host") return false;
    read_port(expr, call, port->member, member->member);
    return true;
}

void TestValues::read_register(const ast::CallExpr& node) {
    if (node.arguments.size() != 1) {
        device_.report(Code::kDeviceItem, node.span, "`read` takes a register: `read(lsr)`");
        slot_of(node, Type::error());
        return;
    }
    TestStep step{TestStep::Kind::kRead, node.span};
    const RegisterInfo* reg = register_of(*node.arguments[0].value, step);
    step.slot = slot_of(node, reg == nullptr ? Type::error() : Type::number(reg->bits));
    if (reg != nullptr) steps_.push_back(std::move(step));
}

// Whether the device has asked the machine for that.
void TestValues::read_request(const ast::Expr& expr, const ast::Ident& what) {
    constexpr std::array<std::string_view, 4> kRequests{"reset", "power_off", "exited", "panicked"};
    const auto found = std::ranges::find(kRequests, what.text);
    const bool is_status = what.text == "status";
    if (found == kRequests.end() && !is_status) {
        device_.report(Code::kDeviceName, what.span, fmt::format("a test does not know `{}` of the machine", what.text))
            .help("it knows reset, power_off, exited, status and panicked");
        slot_of(expr, Type::error());
        return;
    }
    TestStep step{is_status ? TestStep::Kind::kStatus : TestStep::Kind::kAsked, expr.span};
    step.port = static_cast<std::uint32_t>(found - kRequests.begin());
    step.slot = slot_of(expr, is_status ? Type::number(8) : Type::boolean());
    steps_.push_back(std::move(step));
}

// What a sink was sent, or a query was asked about: behind the sinks are the queries.
void TestValues::read_port(const ast::Expr& expr, const ast::CallExpr* call, const ast::Ident& port,
                           const ast::Ident& what) {
    const Symbol* symbol = device_.find(port.text);
    const bool takes = call != nullptr && what.text == "pop_or" && call->arguments.size() == 1;
    const bool counts = call == nullptr && what.text == "len";
    const bool asks = symbol != nullptr && symbol->kind == SymbolKind::kQuery;
    if (symbol == nullptr || (symbol->kind != SymbolKind::kSink && !asks) || (!takes && !counts)) {
        device_.report(Code::kDeviceItem, expr.span,
                       "what a sink was sent, or a query asked about, is `host.name.pop_or(e)`, and how much of it "
                       "`host.name.len`");
        slot_of(expr, Type::error());
        return;
    }
    const dev::ir::Program& program = device_.program;
    const Type type = Type::number(asks ? program.queries[symbol->index].about : program.sinks[symbol->index].bits);
    TestStep step{takes ? TestStep::Kind::kTaken : TestStep::Kind::kSent, expr.span};
    step.port = symbol->index + (asks ? static_cast<std::uint32_t>(program.sinks.size()) : 0);
    if (takes) step.value = value(*call->arguments[0].value, type);
    step.slot = slot_of(expr, takes ? type : Type::number(32));
    steps_.push_back(std::move(step));
}

}  // namespace nyx::device
