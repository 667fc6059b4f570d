#include "compiler/lower/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nyx::lower {

using diagnostics::Code;
using script::ErrorKind;

namespace {

// Beyond this the rest of what a script prints is dropped.
constexpr std::size_t kMaxOutput = std::size_t{16} << 20;

Code code_of(ErrorKind kind) {
    if (kind == ErrorKind::kLimit) return Code::kScriptLimit;
    return kind == ErrorKind::kCapability ? Code::kNotInBuild : Code::kScriptError;
}

// The place itself, or a call on the way to it whose arguments are the mistake.
bool is_known(const script::ScriptError& error, const KnownMistake& known) {
    if (error.kind == ErrorKind::kCapability || error.kind == ErrorKind::kThrown) return false;
    if (known(error.where)) return true;
    return std::any_of(error.trace.begin(), error.trace.end(),
                       [&](const script::TraceEntry& entry) { return known(entry.where); });
}

// The build stage ends where the machine would start.
class StopAtRun final : public script::RunHooks {
  public:
    script::NativeResult run(script::Interpreter&, script::MachineObject& machine) override {
        planned = &machine.config;
        return script::script_error(ErrorKind::kStop, "the build stage ends at `.run()`");
    }
    const script::MachineConfig* planned = nullptr;
};

script::ScriptError missing_need(const script::Need& need) {
    script::ScriptError error;
    error.kind = ErrorKind::kCapability;
    error.message = fmt::format("this build of Nyx has no {}", need.what);
    error.where = error.user_where = need.where;
    return error;
}

// Each place once, however often the script comes there.
void add_missing(std::vector<script::ScriptError>& missing, const script::ScriptError& error) {
    auto same = [&error](const script::ScriptError& known) {
        return known.user_where == error.user_where && known.message == error.message;
    };
    if (std::none_of(missing.begin(), missing.end(), same)) missing.push_back(error);
}

}  // namespace

void report_script_error(const script::ScriptError& error, const script::Program& program, diagnostics::Sink& sink) {
    constexpr std::size_t kShown = 8;
    Span where = error.user_where.known() ? error.user_where : error.where;
    std::string message =
        error.kind == ErrorKind::kThrown ? fmt::format("nothing catches this: {}", error.message) : error.message;
    auto& finding = sink.report(code_of(error.kind), where, std::move(message));
    if (where != error.where && error.where.known() && error.kind != ErrorKind::kCapability) {
        finding.label(error.where, "in stdlib, here");
    }
    // The first entry is the place itself.
    for (std::size_t i = 1; i < error.trace.size() && i <= kShown; ++i) {
        const Span& call = error.trace[i].where;
        if (!call.known() || program.files[call.file].is_stdlib || call == where) continue;
        finding.label(call, fmt::format("called from `{}` here", error.trace[i].function));
    }
    if (error.kind == ErrorKind::kLimit)
        finding.help("the build stage is bounded; look for a loop or a recursion that does not end");
}

BuildResult evaluate(const Program& program, diagnostics::Sink& sink, const script::Limits& usual,
                     const KnownMistake& known) {
    BuildResult result;
    script::Limits limits = usual;
    if (!program.clean) limits.steps = std::min(limits.steps, limits.steps_after_mistake);
    auto interpreter = script::Interpreter::create(program.code, script::standard_natives(), limits);
    NYX_CHECK(interpreter, "{}", interpreter.error().message);
    result.interpreter = std::move(*interpreter);
    bool clean = program.clean;
    StopAtRun stop;
    result.interpreter->on_run(&stop);
    result.interpreter->on_print([&](std::string_view text) {
        if (clean && result.output.size() + text.size() <= kMaxOutput) result.output += text;
    });
    std::set<std::pair<std::uint32_t, std::uint32_t>> reported;  // a loop may come to one mistake many times
    result.interpreter->on_mistake([&](const script::ScriptError& error) {
        if (error.kind == ErrorKind::kCapability) return add_missing(result.missing, error);
        clean = false;
        if (known && is_known(error, known)) return;
        bool is_new = reported.emplace(error.where.file, error.where.begin).second;
        if (is_new) report_script_error(error, program.code, sink);
    });
    script::NativeResult ended = result.interpreter->run();
    result.interpreter->on_mistake({});
    result.interpreter->on_run(nullptr);
    result.interpreter->on_print({});
    result.run = stop.planned;
    // After a mistake a run that does not end may be a consequence.
    if (!ended && ended.error().kind == ErrorKind::kCapability) {
        add_missing(result.missing, ended.error());
    } else if (!ended && ended.error().kind != ErrorKind::kStop && clean) {
        report_script_error(ended.error(), program.code, sink);
    }
    for (script::MachineObject* machine : result.interpreter->machines().finished()) {
        result.interpreter->heap().pin(machine);
        (machine->config.is_host ? result.hosts : result.machines).push_back(&machine->config);
        for (const script::Need& need : machine->config.needs) add_missing(result.missing, missing_need(need));
    }
    return result;
}

}  // namespace nyx::lower
