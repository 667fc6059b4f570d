#include "runtime/cli/boot_files.h"

#include <algorithm>

#include "devices/catalog.h"
#include "devices/scripted/scripted.h"
#include "runtime/cli/boot_state.h"
#include "runtime/plan/programs.h"
#include "runtime/script/code_digest.h"

namespace nyx::cli {

// Classes are in the machine's identity by the digest of their code.
static Status check_code(const script::Program& code, std::span<const dev::ir::Program> programs) {
    const std::string digest = to_hex(script::code_digest(code));
    for (const dev::ir::Program& program : programs)
        if (!program.script.code.empty() && program.script.code != digest)
            return fail(ErrorCode::kCorrupt, "the script is not the one that device type '{}' was made of",
                        program.name);
    return {};
}

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
    const auto is_class = [](const dev::ir::Program& program) { return !program.script.name.empty(); };
    if (std::ranges::any_of(bundle.programs(), is_class)) {
        const auto code = bundle.section("script");
        if (!code) return fail(ErrorCode::kCorrupt, "a device is a class of a script, and the bundle has none");
        NYX_ASSIGN(files.script, script::decode(*code));
        NYX_TRY(check_code(*files.script, bundle.programs()));
    }
    return files;
}

namespace {

Result<std::unique_ptr<dev::Device>> create_device(const BootFiles& files, const plan::DevicePlan& device,
                                                   const dev::Environment& environment) {
    const dev::ir::Program* program = dev::program_of(device.type, files.bundle->programs());
    if (program == nullptr || program->script.name.empty() || !files.script)
        return dev::create(device, environment, files.bundle->programs());
    NYX_ASSIGN(const dev::ir::Program own, plan::configured(device, *program));
    return dev::scripted::Scripted::create(own, device, *files.script, environment);
}

Result<hv::CpuState> load(const plan::MachinePlan& plan, const BootFiles& files, dev::GuestMemory& memory) {
    NYX_ASSIGN(boot::InitialState initial, boot::load(plan, files.images(), memory));
    NYX_TRY(boot::load_tables(plan, files.tables, memory));
    files.release_pages();
    return cpu_state(initial);
}

}  // namespace

Result<vm::Blueprint> blueprint_of(const plan::MachinePlan& plan, const BootFiles& files) {
    vm::Blueprint blueprint;
    blueprint.plan = &plan;
    blueprint.create_device = [&files](const plan::DevicePlan& device, const dev::Environment& environment) {
        return create_device(files, device, environment);
    };
    blueprint.load = [&plan, &files](dev::GuestMemory& memory) { return load(plan, files, memory); };
    NYX_ASSIGN(std::vector<boot::Rom> roms, boot::roms(plan, files.images()));
    for (const boot::Rom& rom : roms) blueprint.roms.push_back({rom.address, rom.bytes});
    return blueprint;
}

}  // namespace nyx::cli
