// nyxc build FILE
#include <algorithm>
#include <filesystem>
#include <memory>

#include "compiler/driver/build.h"
#include "compiler/driver/command.h"
#include "compiler/driver/device_locks.h"
#include "compiler/driver/native_code.h"
#include "compiler/driver/report.h"
#include "runtime/base/file.h"

namespace nyx::driver {

namespace fs = std::filesystem;

namespace {

struct Options {
    std::string file;
    std::string output;
    std::string machine;
    std::string images = "embed";
    std::string profile;
    bool locked = false;
    ReportOptions report;
};

// What is built: the machine that is named, the one that the script runs, or all that the file describes.
Result<std::vector<const model::Machine*>> choose(const Checked& checked, const Options& options) {
    std::string wanted = options.machine.empty() ? checked.run : options.machine;
    std::vector<const model::Machine*> all;
    std::string names;
    for (const model::Machine& machine : checked.machines) {
        if (machine.name == wanted) return std::vector{&machine};
        all.push_back(&machine);
        names += (names.empty() ? "" : ", ") + machine.name;
    }
    if (!wanted.empty()) {
        return fail(Error{ErrorCode::kInvalidArgument,
                          fmt::format("{} has no machine named '{}'", options.file, wanted),
                          names.empty() ? "it describes no machine" : "it has: " + names});
    }
    if (all.empty()) {
        return fail(Error{ErrorCode::kInvalidArgument, fmt::format("{} describes no machine", options.file),
                          "add `machine name { … }`, or a builder that ends in .build()"});
    }
    if (all.size() > 1 && options.output.ends_with(".nyxb")) {
        return fail(Error{
            ErrorCode::kInvalidArgument,
            fmt::format("{} describes several machines, and {} is one bundle: {}", options.file, options.output, names),
            "choose one with --machine NAME, or name a folder for all of them"});
    }
    return all;
}

std::string stem_of(const Options& options) {
    fs::path source(options.file);
    return (source.parent_path() / source.stem()).string();
}

// machine.nyxb of one machine; of several machine-NAME.nyxb, or NAME.nyxb in the folder that -o names.
std::string output_of(const Options& options, const std::string& machine, bool is_fleet) {
    if (!is_fleet) return options.output.empty() ? stem_of(options) + ".nyxb" : options.output;
    if (options.output.empty()) return fmt::format("{}-{}.nyxb", stem_of(options), machine);
    return (fs::path(options.output) / (machine + ".nyxb")).string();
}

std::string short_digest(const std::string& digest) {
    return digest.empty() ? "nothing" : digest.substr(0, 12) + "…";
}

// --locked: every difference is a mistake of this build, shown as one.
void refuse_changes(Compilation& compilation, const Checked& checked, const std::vector<LockChange>& changes) {
    Span start{checked.file, 0, 0};
    for (const LockChange& change : changes) {
        compilation.sink
            .report(diagnostics::Code::kLockChanged, start,
                    fmt::format("{} is not what the lock file says", change.what))
            .note(fmt::format("locked: {}, now: {}", short_digest(change.before), short_digest(change.after)))
            .help("build without --locked to accept the change");
    }
}

// Reads the lock file, if there is one that can be read.
Result<std::optional<LockFile>> old_lock(const std::string& path, bool must_be_good) {
    std::error_code error;
    if (!fs::exists(path, error)) {
        if (!must_be_good) return std::optional<LockFile>();
        return fail(Error{ErrorCode::kNotFound, fmt::format("{}: there is no lock file", path),
                          "build once without --locked to make it"});
    }
    NYX_ASSIGN(Bytes bytes, read_file(path, 1 << 20));
    auto lock = parse_lock(as_text(bytes));
    if (lock) return std::optional<LockFile>(std::move(*lock));
    if (must_be_good) return fail(std::move(lock.error()).in(path));
    return std::optional<LockFile>();
}

Status write_bundle(const Checked& checked, const Compiled& compiled, const std::string& output,
                    const std::optional<plan::AccessProfile>& profile, const Options& options) {
    const DispatchOrder order = order_by(profile, compiled);
    plan::BundleContents contents = bundle_of(checked, compiled, output, options.images == "embed");
    NYX_ASSIGN(contents.code, native_code(compiled, order.hot));
    NYX_TRY(plan::write_bundle_file(output, contents));
    trust_own_code(contents, output);
    if (options.report.format == "text") std::fputs(order.report.c_str(), stdout);
    return {};
}

Status write_bundles(const Checked& checked, std::span<const Compiled> built, const Options& options) {
    NYX_ASSIGN(const std::optional<plan::AccessProfile> profile, read_profile(options.profile));
    bool is_fleet = built.size() > 1;
    std::error_code error;
    if (is_fleet && !options.output.empty()) fs::create_directories(options.output, error);
    if (error) return fail(errno_error(error.value(), options.output));
    for (const Compiled& compiled : built) {
        std::string output = output_of(options, compiled.placed.plan.name, is_fleet);
        NYX_TRY(write_bundle(checked, compiled, output, profile, options));
    }
    return {};
}

Status write_outputs(Compilation& compilation, const Checked& checked, std::span<const Compiled> built,
                     const Options& options) {
    std::string lock_path = stem_of(options) + ".lock";
    NYX_ASSIGN(std::optional<LockFile> before, old_lock(lock_path, options.locked));
    NYX_ASSIGN(LockFile lock, lock_of(compilation, checked, built, before ? &*before : nullptr));
    if (options.locked) {
        refuse_changes(compilation, checked, lock_changes(*before, lock));
        if (compilation.sink.has_errors()) return {};
    }
    NYX_TRY(write_bundles(checked, built, options));
    if (!options.locked) NYX_TRY(write_device_locks(compilation, checked));
    if (!before || lock_text(*before) != lock_text(lock)) NYX_TRY(write_file(lock_path, as_bytes(lock_text(lock))));
    return {};
}

int build(const Options& options) {
    Compilation compilation;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    report_missing(compilation, *checked);
    report_fleet(compilation, *checked);
    if (options.report.format == "text") std::fputs(checked->output.c_str(), stdout);
    if (compilation.sink.has_errors()) return report(compilation.sources, compilation.sink, options.report);
    auto machines = choose(*checked, options);
    if (!machines) {
        report(compilation.sources, compilation.sink, options.report);
        return fail_with(machines.error());
    }
    std::vector<Compiled> built;
    for (const model::Machine* machine : *machines) {
        if (auto compiled = compile_machine(compilation, *machine)) built.push_back(std::move(*compiled));
    }
    if (!compilation.sink.has_errors()) {
        if (Status written = write_outputs(compilation, *checked, built, options); !written)
            return fail_with(written.error());
    }
    return report(compilation.sources, compilation.sink, options.report);
}

}  // namespace

Runner add_build(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->file, "Source file")->required();
    command.add_option("-o,--output", options->output,
                       "Bundle to write (default: FILE with the ending .nyxb); of several machines the folder for "
                       "their bundles (default: FILE-MACHINE.nyxb)");
    command.add_option("--machine", options->machine, "Build only this machine of the file");
    command
        .add_option("--images", options->images,
                    "embed: files are put into the bundle; reference: it names them by path and digest")
        ->check(CLI::IsMember({"embed", "reference"}));
    command.add_option(
        "--profile", options->profile,
        "What `nyx run --profile` wrote: the registers that it found to be frequent are asked for first");
    command.add_flag("--locked", options->locked, "Fail if the lock file would change");
    add_report_options(command, options->report);
    command.footer("Example:\n  nyxc build machine.ny && nyx run machine.nyxb");
    return [options] { return build(*options); };
}

}  // namespace nyx::driver
