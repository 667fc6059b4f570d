// `on exception(page_fault) (ctx) { … }` in a machine: a function that `nyx run` calls (docs/handlers.md). The events
// and what a handler is told of them are schemas of stdlib/events.ny; a machine with a handler of an event that this
// build does not have can be checked and not built.
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"
#include "runtime/script/machine_events.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

// What people call an event or a way to recover who come from other tools.
using OtherName = std::pair<std::string_view, std::string_view>;
constexpr OtherName kEvents[] = {
    {"crash", "panic"},        {"exit", "guest_exit"},    {"line", "serial_line"},
    {"output", "serial_line"}, {"poweroff", "shutdown"},  {"reboot", "reset"},
    {"restart", "reset"},      {"serial", "serial_line"}, {"stop", "shutdown"},
};
constexpr OtherName kWays[] = {
    {"continue", "ignore"}, {"halt", "shutdown"}, {"poweroff", "shutdown"}, {"reboot", "reset"},
    {"restart", "reset"},   {"resume", "ignore"}, {"stop", "shutdown"},     {"suspend", "pause"},
};

std::optional<std::string> meant(std::span<const OtherName> others, const std::string& name,
                                 const std::vector<std::string>& known) {
    for (const auto& [other, ours] : others)
        if (other == name) return std::string(ours);
    return diagnostics::did_you_mean(name, known);
}

// What a build without the event lacks.
std::string capability_of(const std::string& event) {
    if (event == "exception") return "handlers of guest exceptions";
    if (event == "watchdog") return "watchdog timers";
    return fmt::format("event `{}`", event);
}

// An event may be retried where an instruction can be executed again.
std::vector<std::string> ways_of(const ast::SchemaDecl& event) {
    std::vector<std::string> ways{"ignore", "pause", "reset"};
    if (event.name.text == "exception") ways.emplace_back("retry");
    ways.emplace_back("shutdown");
    return ways;
}

bool is_event(const ast::Stmt& node) {
    const auto* schema = ast::try_as<ast::SchemaDecl>(&node);
    return schema && schema->base && schema->base->text == "event";
}

std::vector<std::string> choices_of(const ast::FieldDecl& field) {
    std::vector<std::string> choices;
    if (!field.type) return choices;
    for (const ast::ExprPtr& one : field.type->arguments) {
        if (const auto* name = ast::try_as<ast::NameExpr>(one.get())) choices.push_back(name->name);
    }
    return choices;
}

// The field that `on` takes a value of.
auto chooser_of(const ast::SchemaDecl& event) {
    return std::find_if(event.fields.begin(), event.fields.end(),
                        [](const auto& field) { return field.value != nullptr; });
}

// `(ctx)`; alone it stands where an argument would, of an event that takes none.
std::optional<ast::Ident> context_of(const ast::OnStmt& node, const ast::SchemaDecl& event) {
    if (!node.parameters.empty()) return node.parameters.front().name;
    bool alone = node.arguments.size() == 1 && chooser_of(event) == event.fields.end();
    const auto* name = alone ? ast::try_as<ast::NameExpr>(node.arguments.front().get()) : nullptr;
    return name ? std::optional(ast::Ident{name->name, name->span}) : std::nullopt;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

const ast::SchemaDecl* Lowerer::event_named(const std::string& name) const {
    for (const LoadedModule& module : *modules_) {
        for (const ast::StmtPtr& node : module.tree->body) {
            if (is_event(*node) && ast::as<ast::SchemaDecl>(*node).name.text == name)
                return &ast::as<ast::SchemaDecl>(*node);
        }
    }
    return nullptr;
}

std::vector<std::string> Lowerer::event_names() const {
    std::vector<std::string> names;
    for (const LoadedModule& module : *modules_) {
        for (const ast::StmtPtr& node : module.tree->body) {
            if (is_event(*node)) names.push_back(ast::as<ast::SchemaDecl>(*node).name.text);
        }
    }
    return names;
}

void Lowerer::unknown_event(const ast::OnStmt& node) {
    std::vector<std::string> names = event_names();
    auto& finding = report(Code::kUnknownName, node.event.span, fmt::format("there is no event `{}`", node.event.text));
    if (auto near = meant(kEvents, node.event.text, names)) {
        finding.help(fmt::format("did you mean `{}`?", *near))
            .fix({fmt::format("change it to `{}`", *near),
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{node.event.span, *near}}});
    }
    finding.note(fmt::format("the events are: {}", fmt::join(names, ", ")));
}

void Lowerer::check_event_arguments(const ast::OnStmt& node, const ast::SchemaDecl& event) {
    auto chooser = chooser_of(event);
    if (context_of(node, event) && node.parameters.empty()) return;
    for (const ast::ExprPtr& argument : node.arguments) {
        if (chooser == event.fields.end() || argument != node.arguments.front()) {
            report(Code::kWrongArguments, argument->span,
                   fmt::format("`on {}` takes {}", event.name.text,
                               chooser == event.fields.end() ? "no argument" : "one argument"));
            return;
        }
        const auto* name = ast::try_as<ast::NameExpr>(argument.get());
        std::vector<std::string> choices = choices_of(*chooser);
        if (name && has(choices, name->name)) continue;
        auto& finding = report(Code::kWrongArguments, argument->span,
                               fmt::format("this is no `{}` of `{}`", chooser->name.text, event.name.text));
        auto meant = name ? diagnostics::did_you_mean(name->name, choices) : std::nullopt;
        if (meant) {
            finding.help(fmt::format("did you mean `{}`?", *meant))
                .fix({fmt::format("change it to `{}`", *meant),
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{argument->span, *meant}}});
        } else {
            finding.note(fmt::format("it is one of: {}", fmt::join(choices, ", ")));
        }
    }
}

void Lowerer::write(const ast::OnStmt& node) {
    if (!fn_->is_machine) return mistaken_statement(node.span);  // the parser has said that it stands in a machine
    const ast::SchemaDecl* event = event_named(node.event.text);
    if (!event) return unknown_event(node);
    check_event_arguments(node, *event);
    if (node.parameters.size() > 1)
        report(Code::kWrongArguments, node.parameters[1].name.span, "a handler is told one thing: `(ctx)`");
    std::optional<ast::Ident> context = context_of(node, *event);
    std::uint32_t index = in_function("on " + node.event.text, node.span, [&](FunctionState& state) {
        state.event = event;
        if (context) {
            state.context = context->text;
            state.function.parameters.push_back(context->text);
            state.function.required = 1;
            state.declare(context->text, Binding::kConst, context->span);
        }
        block(node.body);
    });
    fn_->emit(Op::kClosure, node.event.span, index);
    if (script::is_machine_event(node.event.text)) {
        fn_->emit(Op::kOn, node.event.span, tables_.string(node.event.text));
    } else {
        fn_->emit(Op::kPop, node.span);
        fn_->emit(Op::kNeed, node.event.span, tables_.string(capability_of(node.event.text)));
    }
}

// The handler that the code stands in, also where it stands in a function of the handler's.
const FunctionState* Lowerer::handler() const {
    const FunctionState* state = fn_;
    while (state && !state->event) state = state->parent();
    return state;
}

// `ctx.rip` is what the event tells, `log.warn(…)` writes a line.
void Lowerer::check_context(const ast::MemberExpr& node) {
    const auto* object = ast::try_as<ast::NameExpr>(node.object.get());
    const FunctionState* handler = this->handler();
    if (!object || !handler) return;
    bool is_log = object->name == "log" && resolve("log").kind == Resolved::Kind::kNothing;
    bool is_context = fn_ == handler && !handler->context.empty() && object->name == handler->context;
    if (!is_log && !is_context) return;
    std::vector<std::string> names =
        is_log ? std::vector<std::string>{"debug", "error", "info", "warn"} : told_by(*handler->event);
    if (has(names, node.member.text)) return;
    std::string who = is_log ? "log" : handler->event->name.text;
    auto& finding =
        report(Code::kUnknownMember, node.member.span, fmt::format("`{}` has no `{}`", who, node.member.text));
    if (auto meant = diagnostics::did_you_mean(node.member.text, names)) {
        finding.help(fmt::format("did you mean `{}`?", *meant))
            .fix({fmt::format("change it to `{}`", *meant),
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{node.member.span, *meant}}});
    }
    finding.note(fmt::format("it has: {}", fmt::join(names, ", ")));
}

// The fields of an event and of what all events are.
std::vector<std::string> Lowerer::told_by(const ast::SchemaDecl& event) const {
    std::vector<std::string> names;
    for (const LoadedModule& module : *modules_) {
        for (const ast::StmtPtr& node : module.tree->body) {
            const auto* schema = ast::try_as<ast::SchemaDecl>(node.get());
            if (!schema || (schema != &event && schema->name.text != "event")) continue;
            for (const ast::FieldDecl& field : schema->fields) names.push_back(field.name.text);
        }
    }
    return names;
}

// `recover = reset`. True: it was that, and is reported.
bool Lowerer::assignment_of_handler(const ast::AssignStmt& node) {
    const auto* name = ast::try_as<ast::NameExpr>(node.target.get());
    const FunctionState* handler = this->handler();
    if (!handler || !name || name->name != "recover" || resolve("recover").kind != Resolved::Kind::kNothing)
        return false;
    report(Code::kMisplaced, name->span, "`recover` is no variable")
        .help("what is done stands behind it: `recover reset`")
        .fix({"leave out the `=`",
              diagnostics::Applicability::kMachineApplicable,
              {{{node.span.file, name->span.begin, node.value->span.begin}, "recover "}}});
    return true;
}

// `recover ignore`: what is done about an event. True: it is one of a handler's own.
bool Lowerer::call_of_handler(const ast::CallExpr& node, const ast::NameExpr& callee) {
    const FunctionState* handler = this->handler();
    if (handler && callee.name == "log") {
        report(Code::kUnknownName, callee.span, "`log` is called by a level")
            .help("`log.debug`, `log.info`, `log.warn` or `log.error`")
            .fix({"write `log.info`", diagnostics::Applicability::kMaybeIncorrect, {{callee.span, "log.info"}}});
        no_value(node.span);
        return true;
    }
    if (!handler || callee.name != "recover") return false;
    const std::vector<std::string> ways = ways_of(*handler->event);
    const auto* way =
        node.arguments.size() == 1 ? ast::try_as<ast::NameExpr>(node.arguments.front().value.get()) : nullptr;
    if (!way || !has(ways, way->name)) {
        Span where = node.arguments.size() == 1 ? node.arguments.front().value->span : node.span;
        auto& finding = report(Code::kWrongArguments, where, "this is no way to recover");
        if (auto near = way ? meant(kWays, way->name, ways) : std::nullopt) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix({fmt::format("change it to `{}`", *near),
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{where, *near}}});
        }
        finding.note(fmt::format("after `{}` the ways are: {}", handler->event->name.text, fmt::join(ways, ", ")));
        no_value(node.span);
        return true;
    }
    fn_->emit(Op::kLoadField, callee.span, tables_.string("recover()"));
    fn_->emit(Op::kConst, way->span, tables_.string(way->name));
    fn_->emit(Op::kCall, node.span, 0, 1);
    return true;
}

}  // namespace nyx::lower
