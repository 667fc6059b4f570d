#include "compiler/driver/build.h"

#include <algorithm>
#include <filesystem>

#include "compiler/driver/stdlib_folder.h"
#include "nyx_version.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/wiring.h"
#include "runtime/script/machine_levels.h"

namespace nyx::driver {

namespace fs = std::filesystem;

namespace {

std::string relative_to(const fs::path& folder, const std::string& path) {
    if (path.starts_with("package:")) return path;
    std::error_code error;
    fs::path from = fs::absolute(folder.empty() ? fs::path(".") : folder, error).lexically_normal();
    fs::path relative = fs::absolute(path, error).lexically_normal().lexically_relative(from);
    return relative.empty() ? path : relative.generic_string();
}

// A disk's image is found from where the bundle lies, so that both can be moved together.
plan::HostWiring wiring_beside(plan::HostWiring wiring, const fs::path& output) {
    std::error_code error;
    fs::path folder = fs::weakly_canonical(fs::absolute(output, error).parent_path(), error);
    for (auto& [device, settings] : wiring) {
        auto image = settings.find(plan::kDiskImage);
        auto* path = image == settings.end() ? nullptr : std::get_if<std::string>(&image->second);
        if (path != nullptr && fs::path(*path).is_relative())
            *path = fs::weakly_canonical(fs::absolute(*path, error), error).lexically_relative(folder).string();
    }
    return wiring;
}

}  // namespace

plan::BundleContents bundle_of(const Checked& checked, const Compiled& compiled, const std::string& output,
                               bool embed) {
    plan::BundleContents contents;
    contents.plan = compiled.placed.plan;
    contents.wiring = wiring_beside(compiled.placed.wiring, output);
    contents.preferences = compiled.placed.preferences;
    contents.programs = compiled.programs;
    if (compiled.acpi) contents.tables["acpi"] = compiled.acpi->blob;
    if (compiled.smbios) contents.tables["smbios"] = compiled.smbios->blob;
    for (const place::PlacedImage& image : compiled.placed.images) {
        if (embed || !image.made.empty()) {
            contents.images[image.id] = image.bytes();
        } else {
            contents.references[image.id] = image.written;
        }
    }
    bool has_handlers = !script::handlers_of(script::levels_of(checked.built.machines, contents.plan.name)).empty();
    bool has_classes =
        std::ranges::any_of(compiled.programs, [](const dev::ir::Program& one) { return !one.script.name.empty(); });
    if (checked.is_script || has_handlers || has_classes) contents.script = script::encode(checked.program->code);
    return contents;
}

Result<LockFile> lock_of(const Compilation& compilation, const Checked& checked, std::span<const Compiled> built,
                         const LockFile* before) {
    LockFile lock;
    lock.nyxc = NYX_VERSION;
    NYX_ASSIGN(std::string stdlib, stdlib_folder());
    NYX_ASSIGN(lock.stdlib, stdlib_digest(stdlib));
    fs::path folder = fs::path(compilation.sources.file(checked.file).path).parent_path();
    for (std::uint32_t i = 0; i < compilation.sources.file_count(); ++i) {
        const source::SourceFile& file = compilation.sources.file(i);
        if (!file.is_stdlib) lock.sources[relative_to(folder, file.path)] = sha256(as_bytes(file.text));
    }
    if (before) {
        for (const model::Machine& machine : checked.machines) {
            if (auto other = before->machines.find(machine.name); other != before->machines.end())
                lock.machines.insert(*other);
        }
    }
    for (const Compiled& compiled : built) {
        LockFile::Machine& own = lock.machines[compiled.placed.plan.name];
        own = {plan::plan_hash(compiled.placed.plan), {}};
        for (const place::PlacedImage& image : compiled.placed.images) {
            if (const plan::ImageRef* known = compiled.placed.plan.find_image(image.id))
                own.images[image.written] = known->digest;
        }
    }
    return lock;
}

}  // namespace nyx::driver
