#include "runtime/cli/run_machine.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "devices/catalog.h"
#include "runtime/base/log.h"
#include "runtime/boot/boot.h"
#include "runtime/cli/boot_state.h"
#include "runtime/cli/consoles.h"
#include "runtime/cli/control_api.h"
#include "runtime/cli/host_signals.h"
#include "runtime/cli/terminal.h"

namespace nyx::cli {
namespace {

// The bundle's files, open for the length of the run: a reset reads them again.
struct BootFiles {
    std::optional<plan::Image> kernel;
    std::optional<plan::Image> initrd;
    std::map<std::string, ByteView> tables;
    const plan::Bundle* bundle = nullptr;

    static Result<BootFiles> open(const plan::Bundle& bundle);
    boot::Images images() const {
        boot::Images images;
        images.image = kernel->bytes();
        if (initrd) images.initrd = initrd->bytes();
        return images;
    }
    // The guest has its copy; until a reset nobody looks at these.
    void release_pages() const {
        bundle->release_pages();
        kernel->release_pages();
        if (initrd) initrd->release_pages();
    }
};

Result<BootFiles> BootFiles::open(const plan::Bundle& bundle) {
    const plan::BootPlan& boot = bundle.plan().boot;
    BootFiles files;
    files.bundle = &bundle;
    NYX_ASSIGN(files.kernel, bundle.image(boot.image));
    if (boot.initrd) {
        NYX_ASSIGN(files.initrd, bundle.image(*boot.initrd));
    }
    for (const plan::TableLoad& table : bundle.plan().tables)
        if (auto section = bundle.section(table.section)) files.tables[table.section] = *section;
    return files;
}

Result<hv::CpuState> load(const plan::MachinePlan& plan, const BootFiles& files, dev::GuestMemory& memory) {
    NYX_ASSIGN(boot::InitialState initial, boot::load(plan, files.images(), memory));
    NYX_TRY(boot::load_tables(plan, files.tables, memory));
    files.release_pages();
    return cpu_state(initial);
}

Result<vm::Blueprint> blueprint_of(const plan::MachinePlan& plan, const BootFiles& files, Consoles& consoles) {
    vm::Blueprint blueprint;
    blueprint.plan = &plan;
    blueprint.create_device = dev::create;
    blueprint.output = [&consoles](const std::string& device) -> dev::ByteSink& { return consoles.output(device); };
    blueprint.input_room = [&consoles](const std::string& device) { consoles.room(device); };
    blueprint.load = [&plan, &files](dev::GuestMemory& memory) { return load(plan, files, memory); };
    NYX_ASSIGN(std::vector<boot::Rom> roms, boot::roms(plan, files.images()));
    for (const boot::Rom& rom : roms) blueprint.roms.push_back({rom.address, rom.bytes});
    return blueprint;
}

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

void announce(const Consoles& consoles, const RawTerminal* terminal) {
    for (const std::string& line : consoles.announcements()) fmt::print(stderr, "nyx: {}\n", line);
    if (terminal != nullptr) std::fputs("nyx: Ctrl-A x leaves, Ctrl-A h helps\n", stderr);
}

}  // namespace

// What is made later uses what was made earlier, and is gone before it: signals are blocked before the first thread,
// the terminal is restored after the last byte was written.
Result<RunResult> run_machine(const plan::Bundle& bundle, const RunOptions& options) {
    NYX_ASSIGN(std::unique_ptr<HostSignals> signals, HostSignals::block());
    NYX_ASSIGN(Accelerator accelerator, choose_accelerator(options.accelerator, bundle.preferences()));
    NYX_ASSIGN(BootFiles files, BootFiles::open(bundle));
    NYX_ASSIGN(std::unique_ptr<vm::EventLoop> loop, vm::EventLoop::create());
    NYX_ASSIGN(std::unique_ptr<Consoles> consoles, Consoles::open(bundle.plan(), bundle.wiring(), options.serial));
    NYX_ASSIGN(vm::Blueprint blueprint, blueprint_of(bundle.plan(), files, *consoles));
    NYX_ASSIGN(std::unique_ptr<vm::Machine> machine,
               vm::Machine::create(*accelerator.hypervisor, *loop, std::move(blueprint), options.machine));
    NYX_ASSIGN(std::unique_ptr<RawTerminal> terminal, take_terminal(*consoles));
    if (!accelerator.warning.empty()) fmt::print(stderr, "nyx: warning: {}\n", accelerator.warning);
    announce(*consoles, terminal.get());
    log_info("{} runs the machine, because {}", accelerator.hypervisor->name(), accelerator.why);
    RunResult result;
    NYX_TRY(watch_signals(*signals, *loop, *machine, terminal.get(), result.signal));
    NYX_TRY(consoles->connect(*machine, *loop, terminal ? escape_filter(*machine) : nullptr));
    NYX_ASSIGN(std::unique_ptr<ControlApi> api,
               ControlApi::open(options.name.empty() ? bundle.plan().name : options.name, !options.name.empty(),
                                to_hex(bundle.plan_hash()), *machine, *loop));
    result.outcome = machine->run(options.time_limit_ns);
    api.reset();
    result.exits = machine->exits();
    result.resets = machine->resets();
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
