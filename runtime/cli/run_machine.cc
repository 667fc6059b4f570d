#include "runtime/cli/run_machine.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "runtime/base/file.h"
#include "runtime/base/log.h"
#include "runtime/cli/boot_files.h"
#include "runtime/cli/consoles.h"
#include "runtime/cli/control_api.h"
#include "runtime/cli/handlers.h"
#include "runtime/cli/host_sides.h"
#include "runtime/cli/host_signals.h"
#include "runtime/cli/native_code.h"
#include "runtime/cli/terminal.h"
#include "runtime/plan/access_profile.h"
#include "runtime/replay/recorder.h"

namespace nyx::cli {
namespace {

constexpr const char* kKeysHelp =
    "\nCtrl-A x  ends the machine and leaves\n"
    "Ctrl-A a  sends Ctrl-A to the guest\n"
    "Ctrl-A h  shows this\n";

InputPump::Filter escape_filter(vm::Machine& machine) {
    auto keys = std::make_shared<EscapeKey>(EscapeKey::Actions{
        [&machine] { machine.request_stop("ended by Ctrl-A x"); }, [] { std::fputs(kKeysHelp, stderr); }});
    return [keys](ByteView typed) { return keys->filter(typed); };
}

Result<std::unique_ptr<RawTerminal>> take_terminal(const Consoles& consoles) {
    if (!consoles.uses_stdin() || ::isatty(STDIN_FILENO) == 0) return nullptr;
    return RawTerminal::enter(STDIN_FILENO);
}

Status watch_signals(HostSignals& signals, vm::EventLoop& loop, vm::Machine& machine, const RawTerminal* terminal,
                     int& ended_by) {
    return signals.watch(loop, {[&machine, &ended_by](int signal) {
                                    ended_by = signal;
                                    machine.request_stop(fmt::format("ended by {} (SIG{})", ::strsignal(signal),
                                                                     ::sigabbrev_np(signal)));
                                },
                                [terminal] {
                                    if (terminal != nullptr) terminal->restore();
                                },
                                [terminal] {
                                    if (terminal != nullptr) terminal->make_raw();
                                }});
}

// A person who types is not left behind by a guest whose time jumps.
vm::Options with_pace(vm::Options options, bool has_person) {
    if (options.turns) options.turns->paced = has_person;
    return options;
}

void announce(const Consoles& consoles, const RawTerminal* terminal) {
    for (const std::string& line : consoles.announcements()) fmt::print(stderr, "nyx: {}\n", line);
    if (terminal != nullptr) std::fputs("nyx: Ctrl-A x leaves, Ctrl-A h helps\n", stderr);
}

}  // namespace

namespace {

Result<std::unique_ptr<replay::Recorder>> start_recording(const plan::Bundle& bundle, const RunOptions& options,
                                                          const hv::Hypervisor& hypervisor, vm::Machine& machine) {
    if (options.recording.empty()) return nullptr;
    NYX_ASSIGN(auto cpuid, hypervisor.supported_cpuid());
    replay::RecordingHeader header;
    header.stops_on_reset = options.machine.on_reset == vm::Options::OnReset::kStop;
    header.restarts_after_triple_fault = options.machine.restart_after_triple_fault;
    header.plan_hash = bundle.plan_hash();
    header.processor = replay::processor_digest(cpuid);
    header.turns = *options.machine.turns;
    NYX_ASSIGN(auto writer, replay::RecordingWriter::create(options.recording, header, options.bundle));
    return std::make_unique<replay::Recorder>(std::move(writer), machine);
}

Status take_digests(const RunOptions& options, const vm::Machine& machine, replay::Recorder* recorder,
                    RunResult& result) {
    if (!options.digest && recorder == nullptr) return {};
    NYX_ASSIGN(replay::Digests digests, replay::digests_of(machine));
    if (options.digest) result.digests = digests;
    return recorder != nullptr ? recorder->finish(digests) : Status{};
}

Status write_profile(const plan::Bundle& bundle, const std::string& path, const vm::ExitSummary& exits) {
    if (path.empty()) return {};
    plan::AccessProfile profile{bundle.plan_hash(), {}};
    for (const vm::ExitSummary::Row& row : exits.rows)
        if (!row.device.empty() && row.count != 0)
            profile.rows.push_back({row.device, row.reg, row.is_write, row.count});
    plan::sort_profile(profile);
    return write_file(path, as_bytes(plan::profile_text(profile)));
}

// A note is for a person: what reads our standard error instead finds it in the log.
void report(const Accelerator& accelerator) {
    if (!accelerator.warning.empty()) fmt::print(stderr, "nyx: warning: {}\n", accelerator.warning);
    if (!accelerator.note.empty() && ::isatty(STDERR_FILENO) != 0)
        fmt::print(stderr, "nyx: note: {}\n", accelerator.note);
    else if (!accelerator.note.empty())
        log_info("{}", accelerator.note);
    log_info("{} runs the machine, because {}", accelerator.hypervisor->name(), accelerator.why);
}

}  // namespace

// What is made later uses what was made earlier, and is gone before it: signals are blocked before the first thread,
// the terminal is restored after the last byte was written.
Result<RunResult> run_machine(const plan::Bundle& bundle, const RunOptions& options, Handlers* handlers) {
    NYX_ASSIGN(std::unique_ptr<HostSignals> signals, HostSignals::block());
    NYX_ASSIGN(Accelerator accelerator, choose_accelerator(options.accelerator, bundle.preferences()));
    NYX_ASSIGN(BootFiles files, BootFiles::open(bundle));
    NYX_ASSIGN(std::unique_ptr<vm::EventLoop> loop, vm::EventLoop::create());
    NYX_ASSIGN(std::unique_ptr<Consoles> consoles, Consoles::open(bundle.plan(), bundle.wiring(), options.serial));
    NYX_ASSIGN(HostSides sides, HostSides::open(bundle, options));
    NYX_ASSIGN(NativeCode native, choose_native_code(bundle, options.native));
    NYX_ASSIGN(vm::Blueprint blueprint, blueprint_of(bundle.plan(), files));
    if (native.code) blueprint.native = &native.code->functions();
    blueprint.host_sides = [&](const std::string& device) { return sides.of(device); };
    blueprint.output = [&](const std::string& device) -> dev::ByteSink& {
        dev::ByteSink& sink = consoles->output(device);
        bool is_serial = bundle.plan().find_device(device)->type == "serial";
        return handlers != nullptr && is_serial ? handlers->output(device, sink) : sink;
    };
    blueprint.input_room = [&](const std::string& device) { consoles->room(device); };
    NYX_ASSIGN(std::unique_ptr<RawTerminal> terminal, take_terminal(*consoles));
    NYX_ASSIGN(std::unique_ptr<vm::Machine> machine,
               vm::Machine::create(*accelerator.hypervisor, *loop, std::move(blueprint),
                                   with_pace(options.machine, terminal != nullptr)));
    report(accelerator);
    log_info("devices are served by {}", native.says);
    announce(*consoles, terminal.get());
    RunResult result;
    NYX_TRY(watch_signals(*signals, *loop, *machine, terminal.get(), result.signal));
    NYX_TRY(consoles->connect(*machine, *loop, terminal ? escape_filter(*machine) : nullptr));
    NYX_ASSIGN(std::unique_ptr<ControlApi> api,
               ControlApi::open(options.name.empty() ? bundle.plan().name : options.name, !options.name.empty(),
                                {to_hex(bundle.plan_hash()), native.says}, *machine, *loop));
    NYX_ASSIGN(std::unique_ptr<replay::Recorder> recorder,
               start_recording(bundle, options, *accelerator.hypervisor, *machine));
    machine->watch(recorder.get());
    if (handlers != nullptr) handlers->attach(*machine, *loop);
    if (options.stop_at) machine->stop_at(*options.stop_at);
    result.outcome = machine->run(options.time_limit_ns);
    api.reset();
    if (handlers != nullptr) handlers->finish();
    NYX_TRY(take_digests(options, *machine, recorder.get(), result));
    result.exits = machine->exits();
    result.resets = machine->resets();
    result.native = native.says;
    NYX_TRY(write_profile(bundle, options.profile, result.exits));
    result.losses = consoles->losses();
    consoles->disconnect();
    signals.reset();
    machine.reset();
    consoles.reset();
    return result;
}

int exit_status(const RunResult& result) {
    return result.signal != 0 ? 128 + result.signal : vm::exit_status(result.outcome);
}

}  // namespace nyx::cli
