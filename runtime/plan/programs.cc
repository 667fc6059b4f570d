#include "runtime/plan/programs.h"

#include <algorithm>

#include "devices/ir/program_json.h"

namespace nyx::plan {

using dev::ir::Bank;
using dev::ir::Program;
using dev::ir::Space;

namespace {

std::vector<std::uint64_t> bank_sizes(const Program& program, Space space) {
    std::vector<std::uint64_t> sizes;
    for (const Bank& bank : program.banks)
        if (bank.space == space) sizes.push_back(bank.size);
    return sizes;
}

bool fits(const std::vector<Range>& ranges, const std::vector<std::uint64_t>& sizes) {
    return std::ranges::equal(ranges, sizes, {}, &Range::size);
}

}  // namespace

Status check_device(const DevicePlan& device, const Program& program) {
    if (!fits(device.pio, bank_sizes(program, Space::kPio)) || !fits(device.mmio, bank_sizes(program, Space::kMmio)))
        return fail(ErrorCode::kCorrupt, "device '{}' has not the regions that its program wants", device.name);
    if (device.gsis.size() != program.lines.size())
        return fail(ErrorCode::kCorrupt, "device '{}' has {} interrupt lines, its program {}", device.name,
                    device.gsis.size(), program.lines.size());
    return {};
}

Digest program_digest(const Program& program) {
    return sha256(as_bytes(dev::ir::canonical_json(program)));
}

void name_programs(MachinePlan& plan, std::span<const Program> programs) {
    for (const Program& program : programs) plan.programs[program.name] = program_digest(program);
}

Status check_programs(const MachinePlan& plan, std::span<const Program> programs) {
    if (programs.size() != plan.programs.size())
        return fail(ErrorCode::kCorrupt, "{} programs; the plan names {}", programs.size(), plan.programs.size());
    for (const Program& program : programs) {
        auto named = plan.programs.find(program.name);
        if (named == plan.programs.end() || named->second != program_digest(program))
            return fail(ErrorCode::kCorrupt, "program '{}' is not the one that the plan names", program.name);
        if (!std::ranges::is_sorted(program.banks, {}, &Bank::space))
            return fail(ErrorCode::kCorrupt, "program '{}' has ports behind memory", program.name);
        for (const DevicePlan& device : plan.devices)
            if (device.type == program.name) NYX_TRY(check_device(device, program));
    }
    return {};
}

}  // namespace nyx::plan
