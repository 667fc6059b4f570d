// nyxc test FILE…
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "compiler/device/run_tests.h"
#include "compiler/driver/build.h"
#include "compiler/driver/command.h"
#include "compiler/driver/report.h"
#include "compiler/driver/temporary_folder.h"
#include "compiler/testing/report.h"
#include "compiler/testing/session.h"
#include "runtime/plan/bundle_writer.h"

namespace nyx::driver {

namespace fs = std::filesystem;
using testing::Outcome;

namespace {

struct Options {
    std::vector<std::string> files;
    std::string machine;
    std::string filter;
    std::string accelerator = "auto";
    unsigned timeout = 300;  // s, of one guest
    ReportOptions report;
};

struct Counts {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t refused = 0;
    std::size_t all() const { return passed + failed + refused; }
};

// Beside this program, else by PATH.
std::string runtime() {
    std::error_code error;
    fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / "nyx";
    return !error && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "nyx";
}

bool has_serial(const Compiled& compiled) {
    const auto& devices = compiled.placed.plan.devices;
    return std::any_of(devices.begin(), devices.end(), [](const plan::DevicePlan& d) { return d.type == "serial"; });
}

class TestRun {
  public:
    TestRun(const Compilation& compilation, const Checked& checked, const Options& options)
        : compilation_(compilation), checked_(checked), options_(options) {}

    Status run(const model::Machine& machine, const Compiled& compiled, Counts& counts) {
        for (const script::Test* test : tests_of(machine)) {
            if (test->title.find(options_.filter) == std::string::npos) continue;
            NYX_ASSIGN(auto folder, TemporaryFolder::make());
            auto boot = [&] { return start(compiled, folder->path); };
            testing::Report report = testing::run_test(*checked_.built.interpreter, *test, machine, compiled.placed,
                                                       compilation_.sources, boot);
            count(report, counts);
            show(machine.name, *test, report);
        }
        return {};
    }

    // Those of a device need no guest.
    void run(const device::CompiledDevice& device, Counts& counts) {
        for (const device::DeviceTest& test : device.tests) {
            if (test.title.find(options_.filter) == std::string::npos) continue;
            device::TestResult result = device::run_test(device, test);
            testing::Report report;
            report.outcome = result.has_passed ? Outcome::kPassed : Outcome::kFailed;
            report.where = result.failed;
            report.message = std::move(result.message);
            report.parts = std::move(result.notes);
            script::Test shown;
            shown.title = test.title;
            shown.where = test.where;
            count(report, counts);
            show(device.program.name, shown, report);
        }
    }

  private:
    // Those of the machines that it extends first.
    std::vector<const script::Test*> tests_of(const model::Machine& machine) const {
        std::vector<const script::Test*> tests;
        const auto& levels = machine.origins.at("").steps;
        for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
            for (const script::MachineConfig* config : checked_.built.machines) {
                if (config->name != level->by || config->where != level->where) continue;
                for (const script::Test& test : config->tests) tests.push_back(&test);
            }
        }
        return tests;
    }

    Result<std::unique_ptr<testing::Guest>> start(const Compiled& compiled, const std::string& folder) const {
        if (!checked_.missing.empty()) {
            return fail(Error{ErrorCode::kUnsupported, checked_.missing.front().message + " (NY0901)", {}});
        }
        std::string bundle = (fs::path(folder) / "test.nyxb").string();
        NYX_TRY(plan::write_bundle_file(bundle, bundle_of(checked_, compiled, bundle, true)));
        std::vector<std::string> words{runtime(),
                                       "run",
                                       bundle,
                                       "--accel",
                                       options_.accelerator,
                                       "--timeout",
                                       std::to_string(options_.timeout),
                                       "--name",
                                       fmt::format("test-{}", ::getpid())};
        if (has_serial(compiled)) words.insert(words.end(), {"--serial", "stdio"});
        return testing::Guest::start(words, folder);
    }

    static void count(const testing::Report& report, Counts& counts) {
        counts.passed += report.outcome == Outcome::kPassed;
        counts.failed += report.outcome == Outcome::kFailed;
        counts.refused += report.outcome == Outcome::kRefused;
    }

    void show(const std::string& name, const script::Test& test, const testing::Report& report) const {
        bool color = use_color(options_.report.color, STDOUT_FILENO);
        std::string text = options_.report.format == "json"
                               ? testing::as_json(name, test, report, compilation_.sources)
                               : testing::as_text(name, test, report, compilation_.sources, color);
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }

    const Compilation& compilation_;
    const Checked& checked_;
    const Options& options_;
};

// Returns the exit status; what was run is counted.
int test_file(const std::string& file, const Options& options, Counts& counts) {
    Compilation compilation;
    auto checked = check_file(compilation, file);
    if (!checked) return fail_with(checked.error());
    std::vector<Compiled> compiled;
    for (const model::Machine& machine : checked->machines) {
        auto one = compile_machine(compilation, machine);
        if (one) compiled.push_back(std::move(*one));
    }
    report_fleet(compilation, *checked);
    ReportOptions how = options.report;
    how.format = "text";
    if (int reported = report(compilation.sources, compilation.sink, how); reported != kDone) return reported;
    TestRun runner(compilation, *checked, options);
    for (const device::CompiledDevice& device : checked->devices) {
        const bool is_own = device.where.file == checked->file;
        if (is_own && (options.machine.empty() || options.machine == device.program.name)) runner.run(device, counts);
    }
    for (std::size_t i = 0; i < compiled.size(); ++i) {
        const model::Machine& machine = checked->machines[i];
        if (!options.machine.empty() && machine.name != options.machine) continue;
        if (Status ran = runner.run(machine, compiled[i], counts); !ran) return fail_with(ran.error());
    }
    return kDone;
}

int test(const Options& options) {
    Counts counts;
    int status = kDone;
    for (const std::string& file : options.files) status = std::max(status, test_file(file, options, counts));
    if (status != kDone) return status;
    if (counts.all() == 0) {
        bool chosen = !options.filter.empty() || !options.machine.empty();
        if (chosen) return fail_with({ErrorCode::kInvalidArgument, "no test is meant by --machine and --filter", {}});
        fmt::print(stderr, "there are no tests: `test \"title\" {{ … }}` in a machine or device is one\n");
        return kDone;
    }
    std::string refused = counts.refused == 0 ? "" : fmt::format(", {} refused", counts.refused);
    if (options.report.format == "text") fmt::print("{} passed, {} failed{}\n", counts.passed, counts.failed, refused);
    if (counts.failed != 0) return kInputErrors;
    return counts.refused != 0 ? kEnvironment : kDone;
}

}  // namespace

Runner add_test(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->files, "Source files")->required();
    command.add_option("--machine", options->machine, "Only the tests of this machine or device");
    command.add_option("--filter", options->filter, "Only tests with this text in their titles");
    command.add_option("--accel", options->accelerator, "What runs guests: auto, kvm or soft")
        ->check(CLI::IsMember({"auto", "kvm", "soft"}))
        ->capture_default_str();
    command.add_option("--timeout", options->timeout, "Seconds after which a guest is ended in any case")
        ->check(CLI::Range(1, 86400))
        ->capture_default_str();
    add_format(command, options->report.format);
    add_color_option(command, options->report);
    command.footer("Example:\n  nyxc test machine.ny --accel soft");
    return [options] { return test(*options); };
}

}  // namespace nyx::driver
