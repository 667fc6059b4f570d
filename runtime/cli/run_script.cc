#include "runtime/cli/run_script.h"

#include <chrono>
#include <cstdio>

#include "runtime/script/interpreter.h"
#include "runtime/script/machines.h"
#include "runtime/script/program.h"

namespace nyx::cli {
namespace {

class RealRun : public script::RunHooks {
  public:
    RealRun(const plan::Bundle& bundle, const RunOptions& options) : bundle_(bundle), options_(options) {}

    script::NativeResult run(script::Interpreter&, script::MachineObject& machine) override {
        if (ended)
            return script::script_error(script::ErrorKind::kCapability,
                                        "this build of Nyx runs one machine a script, once");
        if (machine.config.name != bundle_.plan().name) {
            return script::script_error(script::ErrorKind::kValue, "the bundle holds machine `{}`, not `{}`",
                                        bundle_.plan().name, machine.config.name);
        }
        std::fflush(stdout);
        ended = run_machine(bundle_, options_);
        if (!*ended) return script::script_error(script::ErrorKind::kStop, "the host cannot run the machine");
        return script::Value::integer(exit_status(**ended));
    }

    std::int64_t now() const override {
        return since_1970(start_) + std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin_).count();
    }

    std::optional<Result<RunResult>> ended;

  private:
    static std::int64_t since_1970(std::chrono::system_clock::time_point at) {
        return std::chrono::nanoseconds(at.time_since_epoch()).count();
    }

    const plan::Bundle& bundle_;
    const RunOptions& options_;
    const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
    const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

Error script_failed(const script::Program& program, const script::ScriptError& error) {
    Span where = error.user_where.known() ? error.user_where : error.where;
    std::string place = where.known() && where.file < program.files.size()
                            ? fmt::format("{} (byte {})", program.files[where.file].path, where.begin)
                            : "the script";
    return {ErrorCode::kInvalidArgument, fmt::format("{}: {}", place, error.message),
            "correct the source and build it again"};
}

}  // namespace

Result<RunResult> run_script(const plan::Bundle& bundle, const RunOptions& options) {
    NYX_ASSIGN(script::Program program, script::decode(*bundle.section("script")));
    script::Natives natives;
    natives.add(script::standard_natives().all());
    natives.add(script::machine_natives());
    NYX_ASSIGN(std::unique_ptr<script::Interpreter> interpreter, script::Interpreter::create(program, natives));
    RealRun hooks(bundle, options);
    interpreter->on_run(&hooks);
    interpreter->on_print([](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
    auto end = interpreter->run();
    std::fflush(stdout);
    if (hooks.ended && !*hooks.ended) return fail(hooks.ended->error());
    if (!end) return fail(script_failed(program, end.error()));
    if (!hooks.ended) return fail(ErrorCode::kInvalidArgument, "the script ended without running its machine");
    return std::move(*hooks.ended);
}

}  // namespace nyx::cli
