// Tests of a device to steps: every value in them is a function of the program over what the test has read so far.
#include <fmt/format.h>

#include "compiler/device/compiler_steps.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using dev::ir::kNone;
using diagnostics::Code;

namespace {

constexpr std::size_t kMostSteps = 10000;

class TestLowering {
  public:
    TestLowering(const Declared& device, dev::ir::Program& program, const LockedDevice* before)
        : device_(device), program_(program), before_(before) {}

    DeviceTest run(const ast::TestStmt& node) {
        made_.title = node.title;
        made_.where = node.span;
        statements(node.body);
        made_.slots = static_cast<std::uint32_t>(slots_.size());
        return std::move(made_);
    }

  private:
    struct Slot {
        Type type;
        ast::Ident name;  // of a `let`
    };

    diagnostics::Diagnostic& bad(Span where, std::string message) {
        return device_.report(Code::kDeviceItem, where, std::move(message));
    }

    void statements(const ast::StmtList& list) {
        for (const ast::StmtPtr& one : list) {
            if (made_.steps.size() > kMostSteps) {
                if (!is_too_long_) bad(one->span, fmt::format("this test has more than {} steps", kMostSteps));
                is_too_long_ = true;
                return;
            }
            statement(*one);
            if (!made_.steps.empty()) made_.steps.back().ends_statement = true;
        }
    }

    void statement(const ast::Stmt& stmt) {
        if (const auto* node = ast::try_as<ast::AssertStmt>(&stmt)) return expect(*node);
        if (const auto* node = ast::try_as<ast::ForInStmt>(&stmt)) return repeat(*node);
        if (const auto* node = ast::try_as<ast::LetStmt>(&stmt)) return let(*node);
        if (stmt.kind == ast::StmtKind::kPassStmt || stmt.kind == ast::StmtKind::kErrorStmt) return;
        const auto* plain = ast::try_as<ast::ExprStmt>(&stmt);
        const auto* call = plain == nullptr ? nullptr : ast::try_as<ast::CallExpr>(plain->expr.get());
        if (call != nullptr && action(*call)) return;
        if (plain != nullptr && plain->expr->kind == ast::ExprKind::kErrorExpr) return;
        bad(stmt.span, "a test of a device has no such statement")
            .help(
                "it has `write(reg, v)`, `read(reg)`, `host.name(v)`, `advance(ns)`, `reset()`, `restore(version, …)`, "
                "`expect e`, `let` and `for i in 0..8`");
    }

    void let(const ast::LetStmt& node) {
        if (node.names.size() != 1 || node.value == nullptr || node.binding == ast::LetKind::kLetMut) {
            bad(node.span, "a test names values that do not change: `let x = …`");
            return;
        }
        Type type = Type::error();
        TestStep step = made(TestStep::Kind::kLet, node.span);
        step.value = value(*node.value, std::nullopt, &type);
        step.slot = new_slot(type, node.names[0]);
        made_.steps.push_back(std::move(step));
    }

    void repeat(const ast::ForInStmt& node) {
        const auto* range = ast::try_as<ast::BinaryExpr>(node.iterable.get());
        if (range == nullptr || range->op != ast::BinaryOp::kRange) {
            bad(node.iterable->span, "a test repeats over constants: `for i in 0..8`");
            return;
        }
        const auto from = constant_of(device_, *range->left, "a bound of a loop"),
                   to = constant_of(device_, *range->right, "a bound of a loop");
        if (!from || !to) return;
        for (std::uint64_t i = *from; i < *to && !is_too_long_; ++i) {
            constants_.emplace_back(node.names[0].text, i);
            statements(node.body);
            constants_.pop_back();
        }
    }

    // Both sides of a comparison are shown when it does not hold.
    void expect(const ast::AssertStmt& node) {
        const auto* compared = ast::try_as<ast::BinaryExpr>(node.condition.get());
        const bool is_comparison = compared != nullptr && compared->op >= ast::BinaryOp::kEqual &&
                                   compared->op <= ast::BinaryOp::kGreaterEqual;
        TestStep step = made(TestStep::Kind::kExpect, node.condition->span);
        step.value = value(*node.condition, Type::boolean());
        if (is_comparison) {
            for (const ast::Expr* side : {compared->left.get(), compared->right.get()}) {
                if (side->kind == ast::ExprKind::kIntLiteral || side->kind == ast::ExprKind::kBoolLiteral) continue;
                step.shown.push_back({device_.source_text(side->span), function(*side, std::nullopt, nullptr, true)});
            }
        }
        made_.steps.push_back(std::move(step));
    }

    // ---- What a test does

    bool action(const ast::CallExpr& node) {
        if (const auto* member = ast::try_as<ast::MemberExpr>(node.callee.get())) {
            const auto* host = ast::try_as<ast::NameExpr>(member->object.get());
            return host != nullptr && host->name == "host" && send(node, member->member);
        }
        const auto* called = ast::try_as<ast::NameExpr>(node.callee.get());
        if (called == nullptr) return false;
        if (called->name == "write") return write(node);
        if (called->name == "read") {
            prepare(node);
            return true;
        }
        if (called->name == "restore") {
            TestStep step = made(TestStep::Kind::kRestore, node.span);
            lower_restore(device_, before_, node, step,
                          [&](const ast::Expr& expr, Type type) { return value(expr, type); });
            made_.steps.push_back(std::move(step));
            return true;
        }
        const bool advances = called->name == "advance";
        if (!advances && called->name != "reset") return false;
        if (node.arguments.size() != (advances ? 1 : 0)) {
            bad(node.span,
                advances ? "`advance` takes a time in nanoseconds: `advance(5 ms)`" : "`reset` takes nothing");
            return true;
        }
        TestStep step = made(advances ? TestStep::Kind::kAdvance : TestStep::Kind::kReset, node.span);
        if (advances) step.value = value(*node.arguments[0].value, Type::number(64));
        made_.steps.push_back(std::move(step));
        return true;
    }

    bool send(const ast::CallExpr& node, const ast::Ident& name) {
        const Symbol* symbol = device_.find(name.text);
        if (symbol != nullptr && symbol->kind == SymbolKind::kQuery) return teach(node, symbol->index);
        if (symbol == nullptr || symbol->kind != SymbolKind::kSource) {
            bad(name.span, fmt::format("the device takes nothing called `{}` from the host", name.text));
            return true;
        }
        const unsigned bits = device_.program.sources[symbol->index].bits;
        if (node.arguments.size() != (bits == 0 ? 0 : 1)) {
            bad(node.span, bits == 0 ? "an event has no value" : "one value is sent at a time");
            return true;
        }
        TestStep step = made(TestStep::Kind::kHost, node.span);
        step.port = symbol->index;
        if (bits != 0) step.value = value(*node.arguments[0].value, Type::number(bits));
        made_.steps.push_back(std::move(step));
        return true;
    }

    // `host.query(v)`: what the host answers from now on.
    bool teach(const ast::CallExpr& node, std::uint32_t query) {
        if (node.arguments.size() != 1) {
            bad(node.span, "a query has one answer, which it gives from now on");
            return true;
        }
        TestStep step = made(TestStep::Kind::kAnswer, node.span);
        step.port = query;
        step.value = value(*node.arguments[0].value, Type::number(device_.program.queries[query].bits));
        made_.steps.push_back(std::move(step));
        return true;
    }

    bool write(const ast::CallExpr& node) {
        if (node.arguments.size() != 2) {
            bad(node.span, "`write` takes a register and a value: `write(lcr, 0x80)`");
            return true;
        }
        TestStep step = made(TestStep::Kind::kWrite, node.span);
        const RegisterInfo* reg = register_of(*node.arguments[0].value, step);
        if (reg == nullptr) return true;
        step.value = value(*node.arguments[1].value, Type::number(reg->bits));
        made_.steps.push_back(std::move(step));
        return true;
    }

    const RegisterInfo* register_of(const ast::Expr& expr, TestStep& step) {
        const auto* at = ast::try_as<ast::IndexExpr>(&expr);
        const auto* name = ast::try_as<ast::NameExpr>(at != nullptr ? at->object.get() : &expr);
        const Symbol* symbol = name == nullptr ? nullptr : device_.find(name->name);
        if (symbol == nullptr || symbol->kind != SymbolKind::kRegister) {
            auto& finding = device_.report(Code::kDeviceName, expr.span, "this is no register of the device");
            std::vector<std::string> names;
            for (const RegisterInfo& reg : device_.registers) names.push_back(reg.name.text);
            if (auto near = name == nullptr ? std::nullopt : diagnostics::did_you_mean(name->name, names))
                finding.help(fmt::format("did you mean `{}`?", *near));
            return nullptr;
        }
        const RegisterInfo& reg = device_.registers[symbol->index];
        if ((reg.count > 1) != (at != nullptr)) {
            bad(expr.span, reg.count > 1 ? fmt::format("there are {} of `{}`: take one", reg.count, name->name)
                                         : fmt::format("there is one `{}`", name->name));
            return nullptr;
        }
        step.reg = symbol->index;
        if (at != nullptr) step.index = value(*at->index, Type::number(64));
        return &reg;
    }

    // ---- Values

    static TestStep made(TestStep::Kind kind, Span where) {
        TestStep step;
        step.kind = kind;
        step.where = where;
        return step;
    }

    std::uint32_t new_slot(Type type, ast::Ident name = {}) {
        slots_.push_back({type, std::move(name)});
        return static_cast<std::uint32_t>(slots_.size() - 1);
    }

    std::uint32_t value(const ast::Expr& expr, std::optional<Type> wanted, Type* found = nullptr) {
        prepare(expr);
        return function(expr, wanted, found, false);
    }

    // () -> value, over the slots. quietly: it was lowered once already.
    std::uint32_t function(const ast::Expr& expr, std::optional<Type> wanted, Type* found, bool quietly) {
        diagnostics::Sink ignored;
        Declared& device = const_cast<Declared&>(device_);
        diagnostics::Sink* sink = device.sink;
        if (quietly) device.sink = &ignored;
        Body body(device_, "test", static_cast<unsigned>(slots_.size()), true);
        for (std::size_t i = 0; i < slots_.size(); ++i)
            body.parameter(static_cast<unsigned>(i), slots_[i].name, slots_[i].type);
        for (const auto& [name, number] : constants_) body.constant(name, number);
        body.ask_first([&](const ast::Expr& one) -> std::optional<Value> {
            const auto at = prepared_.find(&one);
            if (at == prepared_.end()) return std::nullopt;
            const Type type = slots_[at->second].type;
            return Value{type, Range::of_bits(type.bits), std::nullopt, static_cast<std::uint16_t>(at->second), {}};
        });
        const Value result = wanted && wanted->base == TypeBase::kBool ? body.condition(expr)
                             : wanted                                  ? body.expression_as(expr, *wanted)
                                                                       : body.expression(expr);
        if (found != nullptr) *found = result.type;
        if (!result.type.is_error()) body.give_back(result);
        program_.functions.push_back(body.finish(expr.span));
        device.sink = sink;
        return static_cast<std::uint32_t>(program_.functions.size() - 1);
    }

    // Reads of registers and of what came out happen first, from left to right, each into a slot.
    void prepare(const ast::Expr& expr) {
        if (special(expr)) return;
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

    // `read(reg)`, `host.tx.pop_or(0)`, `host.tx.len`, `control.reset`.
    bool special(const ast::Expr& expr) {
        const auto* call = ast::try_as<ast::CallExpr>(&expr);
        const auto* called = call == nullptr ? nullptr : ast::try_as<ast::NameExpr>(call->callee.get());
        if (called != nullptr && called->name == "read") return read(*call);
        const auto* member = ast::try_as<ast::MemberExpr>(call != nullptr ? call->callee.get() : &expr);
        if (member == nullptr) return false;
        if (const auto* port = ast::try_as<ast::NameExpr>(member->object.get())) {
            const Symbol* symbol = device_.find(port->name);
            return call == nullptr && symbol != nullptr && symbol->kind == SymbolKind::kControl &&
                   asked(expr, member->member);
        }
        const auto* port = ast::try_as<ast::MemberExpr>(member->object.get());
        const auto* host = port == nullptr ? nullptr : ast::try_as<ast::NameExpr>(port->object.get());
        if (host == nullptr || host->name != "host") return false;
        return sent(expr, call, port->member, member->member);
    }

    bool read(const ast::CallExpr& node) {
        if (node.arguments.size() != 1) {
            bad(node.span, "`read` takes a register: `read(lsr)`");
            prepared_[&node] = new_slot(Type::error());
            return true;
        }
        TestStep step = made(TestStep::Kind::kRead, node.span);
        const RegisterInfo* reg = register_of(*node.arguments[0].value, step);
        step.slot = new_slot(reg == nullptr ? Type::error() : Type::number(reg->bits));
        prepared_[&node] = step.slot;
        if (reg != nullptr) made_.steps.push_back(std::move(step));
        return true;
    }

    bool asked(const ast::Expr& expr, const ast::Ident& what) {
        const std::vector<std::string> names = {"reset", "power_off", "exited", "panicked", "status"};
        const auto found = std::find(names.begin(), names.end(), what.text);
        const bool is_status = what.text == "status";
        TestStep step = made(is_status ? TestStep::Kind::kStatus : TestStep::Kind::kAsked, expr.span);
        if (found == names.end()) {
            device_
                .report(Code::kDeviceName, what.span,
                        fmt::format("a test does not know `{}` of the machine", what.text))
                .help("it knows reset, power_off, exited, status and panicked");
        }
        step.port = static_cast<std::uint32_t>(found - names.begin());
        step.slot = new_slot(found == names.end() ? Type::error() : is_status ? Type::number(8) : Type::boolean());
        prepared_[&expr] = step.slot;
        made_.steps.push_back(std::move(step));
        return true;
    }

    bool sent(const ast::Expr& expr, const ast::CallExpr* call, const ast::Ident& port, const ast::Ident& what) {
        const Symbol* symbol = device_.find(port.text);
        const bool takes = call != nullptr && what.text == "pop_or" && call->arguments.size() == 1;
        const bool counts = call == nullptr && what.text == "len";
        const bool asks = symbol != nullptr && symbol->kind == SymbolKind::kQuery;
        if (symbol == nullptr || (symbol->kind != SymbolKind::kSink && !asks) || (!takes && !counts)) {
            bad(expr.span,
                "what a sink was sent, or a query asked about, is `host.name.pop_or(e)`, and how much of it "
                "`host.name.len`");
            prepared_[&expr] = new_slot(Type::error());
            return true;
        }
        const dev::ir::Program& program = device_.program;
        const Type type = Type::number(asks ? program.queries[symbol->index].about : program.sinks[symbol->index].bits);
        TestStep step = made(takes ? TestStep::Kind::kTaken : TestStep::Kind::kSent, expr.span);
        step.port = symbol->index + (asks ? static_cast<std::uint32_t>(program.sinks.size()) : 0);
        if (takes) step.value = value(*call->arguments[0].value, type);
        step.slot = new_slot(takes ? type : Type::number(32));
        prepared_[&expr] = step.slot;
        made_.steps.push_back(std::move(step));
        return true;
    }

    const Declared& device_;
    dev::ir::Program& program_;
    const LockedDevice* before_;
    DeviceTest made_;
    std::vector<Slot> slots_;
    std::vector<std::pair<std::string, std::uint64_t>> constants_;  // counters of loops
    std::map<const ast::Expr*, std::uint32_t> prepared_;            // which slot has it
    bool is_too_long_ = false;
};

}  // namespace

std::vector<DeviceTest> lower_tests(const Declared& device, dev::ir::Program& program, const LockedDevice* before) {
    std::vector<DeviceTest> tests;
    for (const ast::TestItem* item : device.tests)
        tests.push_back(TestLowering(device, program, before).run(*item->test));
    return tests;
}

}  // namespace nyx::device
