// `test "title" { … }` in a machine: a function that `nyxc test` calls. In it stand, beside the machine's fields, what
// only tests can do: boot(), send(…), expect(…), expect.serial(…) … (compiler/testing).
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

std::vector<std::string> expectations() {
    return {"exit", "http", "poweroff", "serial"};
}

}  // namespace

void Lowerer::write(const ast::TestStmt& node) {
    if (!fn_->is_machine) return mistaken_statement(node.span);  // the parser has said that it stands in a machine
    Span where{node.span.file, node.span.begin, node.body.empty() ? node.span.end : node.body.front()->span.begin};
    std::uint32_t index = in_function("test", node.span, [&](FunctionState& state) {
        state.is_require = state.is_test = true;
        block(node.body);
    });
    fn_->emit(Op::kClosure, where, index);
    fn_->emit(Op::kTest, where, tables_.string(node.title));
}

void Lowerer::call_of_test(const ast::CallExpr& node, const ast::NameExpr& callee) {
    bool is_expect = callee.name == "expect";
    if (!is_expect && callee.name != "boot" && callee.name != "send") return call_unknown(node, callee);
    check_names(node, {}, fmt::format("`{}`", callee.name));
    // Not the field of that name: a machine has a `boot` of its own.
    fn_->emit(Op::kLoadField, callee.span, tables_.string(callee.name + "()"));
    noting_ = is_expect;
    arguments(node);
    noting_ = false;
    fn_->emit(Op::kCall, node.span, 0, std::min<std::size_t>(node.arguments.size(), 255));
}

// What is wrong with `expect.serial("login:", within: 5 s)` before anything boots.
void Lowerer::check_expectation(const ast::CallExpr& node, const ast::MemberExpr& callee) {
    const auto* object = ast::try_as<ast::NameExpr>(callee.object.get());
    if (!object || object->name != "expect" || resolve("expect").kind != Resolved::Kind::kNothing) return;
    std::vector<std::string> known = expectations();
    if (std::find(known.begin(), known.end(), callee.member.text) == known.end()) {
        auto& finding = report(Code::kUnknownMember, callee.member.span,
                               fmt::format("a test cannot expect `{}`", callee.member.text));
        if (auto meant = diagnostics::did_you_mean(callee.member.text, known)) {
            finding.help(fmt::format("did you mean `expect.{}`?", *meant))
                .fix({fmt::format("change it to `{}`", *meant),
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{callee.member.span, *meant}}});
        }
        finding.note(fmt::format("it can expect: {}", fmt::join(known, ", ")));
        return;
    }
    std::string what = fmt::format("`expect.{}`", callee.member.text);
    callee.member.text == "http" ? check_names(node, {"within", "status", "path", "body"}, what)
                                 : check_names(node, {"within"}, what);
}

void Lowerer::check_names(const ast::CallExpr& node, std::initializer_list<std::string_view> named,
                          const std::string& what) {
    for (const ast::Argument& argument : node.arguments) {
        if (!argument.name || std::find(named.begin(), named.end(), argument.name->text) != named.end()) continue;
        report(Code::kWrongArguments, argument.name->span,
               fmt::format("{} has no parameter `{}`", what, argument.name->text));
    }
}

}  // namespace nyx::lower
