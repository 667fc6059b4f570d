#include "runtime/cli/run_script.h"

#include <chrono>
#include <cstdio>

#include "runtime/cli/handlers.h"
#include "runtime/script/interpreter.h"
#include "runtime/script/machine_object.h"
#include "runtime/script/program.h"

namespace nyx::cli {
namespace {

// What the description of a machine prints was printed when it was built. A script that runs its machine is not known
// by then: what it prints before is held back until it does.
class Output {
  public:
    void write(std::string_view text) {
        if (is_on_) {
            std::fwrite(text.data(), 1, text.size(), stdout);
        } else if (held_.size() + text.size() <= kMostHeld) {
            held_ += text;
        }
    }
    void turn_on() {
        if (std::exchange(is_on_, true)) return;
        write(held_);
        std::fflush(stdout);
    }
    void turn_on_without_what_was_held() { is_on_ = true; }

  private:
    static constexpr std::size_t kMostHeld = std::size_t{16} << 20;
    bool is_on_ = false;
    std::string held_;
};

class RealRun : public script::RunHooks {
  public:
    RealRun(const plan::Bundle& bundle, const RunOptions& options, Output& output)
        : bundle_(bundle), options_(options), output_(output) {}

    script::NativeResult run(script::Interpreter& interpreter, script::MachineObject& machine) override {
        if (ended)
            return script::script_error(script::ErrorKind::kCapability,
                                        "this build of Nyx runs one machine a script, once");
        if (machine.config.name != bundle_.plan().name) {
            return script::script_error(script::ErrorKind::kValue, "the bundle holds machine `{}`, not `{}`",
                                        bundle_.plan().name, machine.config.name);
        }
        output_.turn_on();
        run_with_handlers(interpreter);
        if (!*ended) return script::script_error(script::ErrorKind::kStop, "the host cannot run the machine");
        return script::Value::integer(exit_status(**ended));
    }

    std::int64_t now() const override {
        return since_1970(start_) + std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin_).count();
    }

    // The machine of the bundle, which the interpreter has described.
    void run_with_handlers(script::Interpreter& interpreter) {
        std::fflush(stdout);
        Handlers handlers(interpreter, bundle_.plan().name);
        ended = run_machine(bundle_, options_, handlers.empty() ? nullptr : &handlers);
    }

    std::optional<Result<RunResult>> ended;

  private:
    static std::int64_t since_1970(std::chrono::system_clock::time_point at) {
        return std::chrono::nanoseconds(at.time_since_epoch()).count();
    }

    const plan::Bundle& bundle_;
    const RunOptions& options_;
    Output& output_;
    const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
    const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

Error script_failed(const script::Program& program, const script::ScriptError& error) {
    Span where = error.user_where.known() ? error.user_where : error.where;
    return {ErrorCode::kInvalidArgument, fmt::format("{}: {}", place_text(program, where), error.message),
            "correct the source and build it again"};
}

}  // namespace

Result<RunResult> run_script(const plan::Bundle& bundle, const RunOptions& options) {
    NYX_ASSIGN(script::Program program, script::decode(*bundle.section("script")));
    script::Natives natives;
    natives.add(script::standard_natives().all());
    natives.add(script::machine_natives());
    NYX_ASSIGN(std::unique_ptr<script::Interpreter> interpreter, script::Interpreter::create(program, natives));
    Output output;
    RealRun hooks(bundle, options, output);
    interpreter->on_run(&hooks);
    interpreter->on_print([&output](std::string_view text) { output.write(text); });
    auto end = interpreter->run();
    if (end && !hooks.ended) {
        output.turn_on_without_what_was_held();
        hooks.run_with_handlers(*interpreter);
    }
    output.turn_on();
    std::fflush(stdout);
    if (hooks.ended && !*hooks.ended) return fail(hooks.ended->error());
    if (!end) return fail(script_failed(program, end.error()));
    return std::move(*hooks.ended);
}

}  // namespace nyx::cli
