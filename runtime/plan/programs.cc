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

// A yes or no counts as 1 or 0.
static std::optional<std::int64_t> number(const Setting& setting) {
    if (const bool* truth = std::get_if<bool>(&setting)) return *truth ? 1 : 0;
    if (const std::int64_t* integer = std::get_if<std::int64_t>(&setting)) return *integer;
    return std::nullopt;
}

Digest program_digest(const Program& program) {
    return sha256(as_bytes(dev::ir::canonical_json(program)));
}

void name_programs(MachinePlan& plan, std::span<const Program> programs) {
    for (const Program& program : programs) plan.programs[program.name] = program_digest(program);
}

Result<Program> configured(const DevicePlan& device, const Program& program) {
    Program own = program;
    for (const auto& [name, setting] : device.settings) {
        auto known = std::ranges::find(own.settings, name, &dev::ir::Setting::name);
        if (known == own.settings.end()) return fail(ErrorCode::kInvalidArgument, "there is no setting '{}'", name);
        auto value = number(setting);
        if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > dev::ir::low_bits(known->bits))
            return fail(ErrorCode::kInvalidArgument, "setting '{}' is no number of {} bits", name, known->bits);
        known->value = static_cast<std::uint64_t>(*value);
    }
    return own;
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
