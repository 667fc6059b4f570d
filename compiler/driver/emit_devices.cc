#include "compiler/driver/emit_devices.h"

#include "compiler/device/c_header.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/device_locks.h"
#include "compiler/driver/pipeline.h"
#include "devices/ir/program_json.h"

namespace nyx::driver {

int emit_devices(const std::string& stage, const std::string& file, const ReportOptions& how) {
    Compilation compilation;
    auto checked = check_file(compilation, file);
    if (!checked) return fail_with(checked.error());
    if (int reported = report(compilation.sources, compilation.sink, how); reported != kDone) return reported;
    std::string headers;
    std::vector<dev::ir::Program> programs;
    for (const device::CompiledDevice& device : checked->devices) {
        if (device.where.file != checked->file) continue;
        headers += (programs.empty() ? "" : "\n") + device::c_header(device.program);
        programs.push_back(device.program);
    }
    if (programs.empty())
        return fail_with({ErrorCode::kInvalidArgument, fmt::format("{} declares no device", file),
                          "`device name(…) { … }` outside a machine is one"});
    if (stage == "header") return deliver(headers);
    if (stage == "devices") return deliver(dev::ir::canonical_json(programs) + "\n");
    auto lock = device_lock_text(compilation, *checked, checked->file);
    return lock ? deliver(*lock) : fail_with(lock.error());
}

}  // namespace nyx::driver
