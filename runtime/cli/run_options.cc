#include "runtime/cli/run_options.h"

#include <cstdio>
#include <ctime>

#include "runtime/cli/run_machine.h"
#include "runtime/cli/run_report.h"
#include "runtime/cli/run_script.h"

namespace nyx::cli {
namespace {

constexpr double kLongestTimeout = 1e9;  // seconds; fits nanoseconds in 64 bits

// Seconds since 1970 of "2024-01-31" or "2024-01-31T12:00:00", UTC.
Result<std::int64_t> seconds_of(const std::string& date) {
    std::tm time{};
    for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"}) {
        time = {};
        const char* end = ::strptime(date.c_str(), form, &time);
        if (end != nullptr && *end == '\0') return std::int64_t{::timegm(&time)};
    }
    return fail(Error{ErrorCode::kInvalidArgument, fmt::format("--date {}: not a date", date),
                      "write it as 2024-01-31 or 2024-01-31T12:00:00 (UTC)"});
}

// Only the software CPU counts instructions.
Status make_deterministic(const RunFlags& flags, RunOptions& options) {
    if (flags.accelerator.accel == "kvm")
        return fail(Error{ErrorCode::kInvalidArgument, "KVM cannot run a machine deterministically",
                          "it does not count instructions; leave out --accel, or give `--accel soft`"});
    if (!flags.accelerator.irqchip.empty())
        return fail(Error{ErrorCode::kInvalidArgument, "a deterministic run chooses its interrupt controllers itself",
                          "leave out --irqchip"});
    if (flags.accelerator.accel != "soft" && flags.turns.recording.empty())
        fmt::print(stderr, "nyx: --deterministic: the software CPU runs the machine\n");
    options.accelerator.accel = "soft";
    options.accelerator.deterministic = true;
    options.machine.turns = vm::TurnOptions{};
    options.machine.turns->seed = flags.turns.seed;
    if (!flags.turns.date.empty()) {
        NYX_ASSIGN(std::int64_t seconds, seconds_of(flags.turns.date));
        options.machine.turns->start_wall_ns = seconds * 1'000'000'000;
    }
    if (flags.turns.stop_at != 0) options.stop_at = flags.turns.stop_at;
    options.digest = flags.turns.digest;
    options.recording = flags.turns.recording;
    return {};
}

Result<RunOptions> options_of(const RunFlags& flags) {
    RunOptions options;
    options.name = flags.name;
    options.accelerator = flags.accelerator;
    if (!flags.serial.empty()) {
        NYX_ASSIGN(options.serial, dev::parse_backend(flags.serial));
    }
    if (flags.timeout_s > 0) options.time_limit_ns = static_cast<std::uint64_t>(flags.timeout_s * 1e9);
    if (flags.on_reset == "stop") options.machine.on_reset = vm::Options::OnReset::kStop;
    options.machine.restart_after_triple_fault = flags.on_triple_fault == "reset";
    options.machine.huge_pages = flags.huge_pages;
    options.machine.exit_free = !flags.every_exit;
    options.machine.irqfd = flags.irqfd;
    options.native = flags.native;
    options.profile = flags.profile;
    if (flags.turns.deterministic) NYX_TRY(make_deterministic(flags, options));
    return options;
}

Result<RunResult> run(const std::string& path, const RunFlags& flags) {
    NYX_ASSIGN(RunOptions options, options_of(flags));
    options.bundle = path;
    NYX_ASSIGN(plan::Bundle bundle, plan::Bundle::open(path));
    return bundle.section("script") ? run_script(bundle, options) : run_machine(bundle, options);
}

}  // namespace

void add_run_flags(CLI::App& command, RunFlags& flags) {
    command.add_option("--name", flags.name,
                       "Name of the running machine for `nyx ps` and the others (default: the machine's)");
    command.add_option("--serial", flags.serial, "The first serial port: stdio, pty, file:PATH, append:PATH or none");
    command
        .add_option("--timeout", flags.timeout_s, "End a guest that still runs after this many seconds, with a report")
        ->check(CLI::Range(0.001, kLongestTimeout));
    command.add_flag("--exit-stats", flags.exit_stats, "At the end, count accesses by device and register (to stderr)");
    command.add_flag("--every-exit", flags.every_exit,
                     "Serve every access of a device by an exit, also where the hypervisor could do without one");
    command.add_flag("--irqfd", flags.irqfd,
                     "On KVM: raise interrupts by level through eventfds and have KVM lower them (irqfd with "
                     "resample), in place of a call for each");
    command
        .add_option("--native", flags.native,
                    "The code that nyxc compiled for the machine's devices: auto runs what you built on this machine, "
                    "always also what others built, never leaves it to the interpreter")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.add_option("--profile", flags.profile,
                       "At the end, write how often each register was accessed, for `nyxc build --profile`");
    command.add_option("--on-reset", flags.on_reset, "When the guest asks for a reset: restart or stop")
        ->check(CLI::IsMember({"restart", "stop"}))
        ->capture_default_str();
    command.add_option("--on-triple-fault", flags.on_triple_fault, "report (and end), or reset as a PC does")
        ->check(CLI::IsMember({"report", "reset"}))
        ->capture_default_str();
    command
        .add_option("--accel", flags.accelerator.accel,
                    "What executes the guest: kvm, soft (in software), or auto: KVM where it has hardware behind it "
                    "(default: what the machine prefers, else auto)")
        ->check(CLI::IsMember({"auto", "kvm", "soft"}));
    command
        .add_option(
            "--irqchip", flags.accelerator.irqchip,
            "Whose interrupt controllers and timer the guest has: kernel, KVM's, or user, those described in Nyx "
            "(default: what the machine prefers, else kernel; on the software CPU nyx's own, which are faster)")
        ->check(CLI::IsMember({"kernel", "user"}));
    command
        .add_option(
            "--soft-tier", flags.accelerator.soft_tier,
            "In software: compile hot guest code (llvm), or only interpret it (default: llvm where it is installed)")
        ->check(CLI::IsMember({"interpreter", "llvm"}));
    command
        .add_option(
            "--soft-heat", flags.accelerator.soft_heat,
            "In software: how often guest code is met before it is compiled; 0: once, and the guest waits for it")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_flag("--huge-pages", flags.huge_pages, "Ask the host for huge pages for the guest's memory");
    add_format(command, flags.format);
}

void add_deterministic(CLI::App& command, TurnFlags& flags) {
    add_turn_flags(command, flags,
                   command.add_flag("--deterministic", flags.deterministic,
                                    "Run so that another such run is the same to the last byte (in software)"));
}

void add_turn_flags(CLI::App& command, TurnFlags& flags, CLI::Option* deterministic) {
    for (CLI::Option* option :
         {command.add_option("--seed", flags.seed, "Of the guest's random numbers")->capture_default_str(),
          command.add_option("--date", flags.date, "What the guest's clock starts at, UTC (default: 2024-01-01)"),
          command.add_option("--stop-at", flags.stop_at, "End when so many instructions were executed")
              ->check(CLI::PositiveNumber),
          command.add_flag("--digest", flags.digest,
                           "At the end, print instruction counts and the SHA-256 of memory and state (to stderr)")})
        if (deterministic != nullptr) option->needs(deterministic);
}

int run_bundle(const BundleSource& source, const RunFlags& flags) {
    if (source.status != 0) return source.status;
    auto result = run(source.bundle, flags);
    if (!result) return fail_with(result.error());
    std::string report;
    if (flags.format == "json") {
        report = run_json(*result, flags.exit_stats);
    } else {
        report = outcome_text(*result);
        if (result->digests) report += replay::text_of(*result->digests);
        if (flags.exit_stats) report += exit_table(result->exits) + "code of devices: " + result->native + "\n";
    }
    std::fwrite(report.data(), 1, report.size(), stderr);
    return exit_status(*result);
}

void add_named_run(CLI::App& command, NamedRun& run) {
    command.add_option("FILE", run.file, "A bundle (.nyxb), or a .ny file; the one bundle in this folder");
    command.add_option("--machine", run.machine, "Which machine of a .ny file");
    add_run_flags(command, run.flags);
}

int run_named(const NamedRun& run) {
    auto source = find_bundle(run.file, run.machine);
    return source ? run_bundle(*source, run.flags) : fail_with(source.error());
}

}  // namespace nyx::cli
