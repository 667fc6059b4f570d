#include "runtime/cli/run_replay.h"

#include <cstdio>

#include "runtime/cli/accelerator.h"
#include "runtime/cli/boot_files.h"
#include "runtime/cli/command.h"
#include "runtime/cli/replay_prompt.h"
#include "runtime/replay/session.h"

namespace nyx::cli {
namespace {

constexpr int kDisagrees = 1;

struct NullSink final : dev::ByteSink {
    void write(std::span<const std::uint8_t>) override {}
};

// At once, so that what the guest says stands where it belongs among the answers of the prompt.
struct StdoutSink final : dev::ByteSink {
    void write(std::span<const std::uint8_t> bytes) override {
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
        std::fflush(stdout);
    }
};

// The host's ends of a replayed machine: what was the terminal's is on stdout, nothing else leaves.
class Outputs {
  public:
    explicit Outputs(const plan::HostWiring& wiring) : wiring_(wiring) {}

    dev::ByteSink& of(const std::string& device) {
        auto settings = wiring_.find(device);
        if (settings == wiring_.end()) return nowhere_;
        auto backend = settings->second.find("backend");
        const auto* name = backend == settings->second.end() ? nullptr : std::get_if<std::string>(&backend->second);
        if (name == nullptr || *name != "stdio") return nowhere_;
        return sinks_.emplace_back(stdout_);
    }
    std::list<replay::OnceSink>& sinks() { return sinks_; }

  private:
    const plan::HostWiring& wiring_;
    NullSink nowhere_;
    StdoutSink stdout_;
    std::list<replay::OnceSink> sinks_;
};

Result<replay::Recording> open_recording(const ReplayOptions& options) {
    NYX_ASSIGN(replay::Recording recording, replay::read_recording(options.recording));
    if (!recording.end && !options.partial)
        return fail(
            Error{ErrorCode::kCorrupt,
                  fmt::format("{} was cut off after instruction {}", options.recording, recording.last().instructions),
                  "`--partial` replays what there is"});
    return recording;
}

Result<plan::Bundle> open_bundle(const ReplayOptions& options, const replay::Recording& recording) {
    const std::string& path = options.bundle.empty() ? recording.bundle : options.bundle;
    NYX_ASSIGN(plan::Bundle bundle, plan::Bundle::open(path));
    if (bundle.plan_hash() == recording.header.plan_hash) return bundle;
    return fail(Error{ErrorCode::kCorrupt, fmt::format("{} is not the machine that was recorded", path),
                      fmt::format("its plan is {}, the recorded one {}", to_hex(bundle.plan_hash()),
                                  to_hex(recording.header.plan_hash))});
}

Status check_processor(const hv::Hypervisor& hypervisor, const replay::Recording& recording) {
    NYX_ASSIGN(auto cpuid, hypervisor.supported_cpuid());
    if (replay::processor_digest(cpuid) == recording.header.processor) return {};
    return fail(
        Error{ErrorCode::kUnsupported, "this host's processor is of another kind than the recording host's",
              "the software CPU uses its vector instructions: replay it on a host with the same features and maker"});
}

vm::Options machine_options(const replay::RecordingHeader& header) {
    vm::Options options;
    if (header.stops_on_reset) options.on_reset = vm::Options::OnReset::kStop;
    options.restart_after_triple_fault = header.restarts_after_triple_fault;
    options.turns = header.turns;
    return options;
}

std::string registers_of(const vm::Machine& machine) {
    std::string text;
    for (const vm::CpuSnapshot& cpu : machine.look_at_cpus()) text += vm::cpu_report(cpu);
    return text;
}

Result<int> run_once(const ReplayOptions& options, replay::Session& session, const vm::Machine& machine) {
    NYX_TRY(session.go_to(options.stop_at != 0 ? options.stop_at : vm::Turns::kNever));
    NYX_ASSIGN(std::string disagreement, session.disagreement());
    std::string report;
    if (options.stop_at != 0) report += registers_of(machine);
    if (options.digest) {
        NYX_ASSIGN(replay::Digests digests, replay::digests_of(machine));
        report += replay::text_of(digests);
    }
    report += replay_verdict(session, disagreement);
    std::fwrite(report.data(), 1, report.size(), stderr);
    return disagreement.empty() ? 0 : kDisagrees;
}

Result<int> replay_all(const ReplayOptions& options) {
    NYX_ASSIGN(replay::Recording recording, open_recording(options));
    NYX_ASSIGN(plan::Bundle bundle, open_bundle(options, recording));
    NYX_ASSIGN(
        Accelerator accelerator,
        choose_accelerator({.accel = "soft", .soft_tier = "interpreter", .deterministic = true}, bundle.preferences()));
    NYX_TRY(check_processor(*accelerator.hypervisor, recording));
    NYX_ASSIGN(BootFiles files, BootFiles::open(bundle));
    NYX_ASSIGN(std::unique_ptr<vm::EventLoop> loop, vm::EventLoop::create());
    Outputs outputs(bundle.wiring());
    NYX_ASSIGN(vm::Blueprint blueprint, blueprint_of(bundle.plan(), files));
    blueprint.output = [&outputs](const std::string& device) -> dev::ByteSink& { return outputs.of(device); };
    NYX_ASSIGN(
        std::unique_ptr<vm::Machine> machine,
        vm::Machine::create(*accelerator.hypervisor, *loop, std::move(blueprint), machine_options(recording.header)));
    replay::Session session(recording, *machine, outputs.sinks(), options.interactive);
    if (!options.interactive) return run_once(options, session, *machine);
    ReplayPrompt prompt(session, *machine);
    return prompt.run(stdin, stdout);
}

}  // namespace

int run_replay(const ReplayOptions& options) {
    auto status = replay_all(options);
    return status ? *status : fail_with(status.error());
}

}  // namespace nyx::cli
