// Tests of a device to steps: every value in them is a function of the program over what the test has read so far.
#include <fmt/format.h>

#include "compiler/device/test_actions.h"

namespace nyx::device {

using diagnostics::Code;

namespace {

constexpr std::size_t kMostSteps = 10000;

class TestLowering {
  public:
    TestLowering(Declared& device, dev::ir::Program& program, const LockedDevice* before)
        : device_(device), values_(device, program, made_.steps), actions_(device, values_, made_.steps, before) {}

    DeviceTest run(const ast::TestStmt& node) {
        made_.title = node.title;
        made_.where = node.span;
        statements(node.body);
        made_.slots = values_.slots();
        return std::move(made_);
    }

  private:
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
        if (call != nullptr && actions_.lower(*call)) return;
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
        TestStep step{TestStep::Kind::kLet, node.span};
        step.value = values_.value(*node.value, std::nullopt, &type);
        step.slot = values_.new_slot(type, node.names[0]);
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
            values_.add_counter(node.names[0].text, i);
            statements(node.body);
            values_.drop_counter();
        }
    }

    // Both sides of a comparison are shown when it does not hold.
    void expect(const ast::AssertStmt& node) {
        const auto* compared = ast::try_as<ast::BinaryExpr>(node.condition.get());
        const bool is_comparison = compared != nullptr && compared->op >= ast::BinaryOp::kEqual &&
                                   compared->op <= ast::BinaryOp::kGreaterEqual;
        TestStep step{TestStep::Kind::kExpect, node.condition->span};
        step.value = values_.value(*node.condition, Type::boolean());
        if (is_comparison) {
            for (const ast::Expr* side : {compared->left.get(), compared->right.get()}) {
                if (side->kind == ast::ExprKind::kIntLiteral || side->kind == ast::ExprKind::kBoolLiteral) continue;
                step.shown.push_back({device_.source_text(side->span), values_.part_of_value(*side)});
            }
        }
        made_.steps.push_back(std::move(step));
    }

    Declared& device_;
    DeviceTest made_;  // before those that add to its steps
    TestValues values_;
    TestActions actions_;
    bool is_too_long_ = false;
};

}  // namespace

std::vector<DeviceTest> lower_tests(Declared& device, dev::ir::Program& program, const LockedDevice* before) {
    std::vector<DeviceTest> tests;
    for (const ast::TestItem* item : device.tests)
        tests.push_back(TestLowering(device, program, before).run(*item->test));
    return tests;
}

}  // namespace nyx::device
