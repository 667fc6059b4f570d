#include <fmt/format.h>

#include "compiler/lower/lower.h"
#include "runtime/base/check.h"
#include "runtime/script/machines.h"

namespace nyx::lower {

using diagnostics::Code;

script::Natives build_natives();

namespace {

// The build stage ends where the machine would run.
class StopAtRun : public script::RunHooks {
  public:
    script::NativeResult run(script::Interpreter&, script::MachineObject& object) override {
        machine = &object;
        script::ScriptError stop;
        stop.kind = script::ErrorKind::kStop;
        return tl::make_unexpected(std::move(stop));
    }
    const script::MachineObject* machine = nullptr;
};

Code code_of(script::ErrorKind kind) {
    switch (kind) {
        case script::ErrorKind::kLimit: return Code::kScriptLimit;
        case script::ErrorKind::kCapability: return Code::kNotInBuild;
        default: return Code::kScriptError;
    }
}

void report(const script::ScriptError& error, diagnostics::Sink& sink) {
    Span where = error.user_where.known() ? error.user_where : error.where;
    auto& diagnostic = sink.report(code_of(error.kind), where, error.message);
    for (const script::TraceEntry& entry : error.trace) {
        if (entry.where.known() && !(entry.where == where)) diagnostic.label(entry.where, fmt::format("called from here, in `{}`", entry.function));
        if (diagnostic.labels.size() >= 5) break;
    }
}

}  // namespace

BuildResult evaluate(const Program& program, diagnostics::Sink& sink, script::Limits limits) {
    BuildResult result;
    // The interpreter binds natives when it is made, and keeps no reference to the table.
    script::Natives natives = build_natives();
    auto interpreter = script::Interpreter::create(program.code, natives, limits);
    NYX_CHECK(interpreter.has_value(), "{}", interpreter ? "" : interpreter.error().text());
    result.interpreter = std::move(*interpreter);
    StopAtRun hooks;
    result.interpreter->on_run(&hooks);
    result.interpreter->on_print([&result](std::string_view text) { result.output += text; });
    auto end = result.interpreter->run();
    result.interpreter->on_run(nullptr);
    result.interpreter->on_print({});
    if (!end && end.error().kind != script::ErrorKind::kStop) report(end.error(), sink);
    for (const script::MachineObject* machine : result.interpreter->machines().finished()) result.machines.push_back(&machine->config);
    if (hooks.machine) result.run = &hooks.machine->config;
    return result;
}

}  // namespace nyx::lower
