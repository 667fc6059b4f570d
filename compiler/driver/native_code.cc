#include "compiler/driver/native_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "compiler/driver/code_cache.h"
#include "runtime/base/file.h"
#include "runtime/plan/bundle_format.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/trusted_code.h"

namespace nyx::driver {

namespace {

// Each costs all accesses behind it a comparison, so only what is frequent comes first.
constexpr std::size_t kMostHot = 6;
constexpr double kLeastShare = 0.05;

bool has_code(const Compiled& compiled, const plan::AccessProfile::Row& row) {
    const plan::DevicePlan* device = compiled.placed.plan.find_device(row.device);
    if (device == nullptr) return false;
    const auto program = std::ranges::find(compiled.programs, device->type, &dev::ir::Program::name);
    return program != compiled.programs.end() &&
           std::ranges::find(program->registers, row.reg, &dev::ir::Register::name) != program->registers.end();
}

}  // namespace

Result<std::optional<plan::AccessProfile>> read_profile(const std::string& path) {
    if (path.empty()) return std::optional<plan::AccessProfile>();
    NYX_ASSIGN(const Bytes bytes, read_file(path, plan::kMaxProfileText));
    auto profile = plan::parse_profile(as_text(bytes));
    if (!profile) return fail(std::move(profile).error().in(path));
    return std::optional(std::move(*profile));
}

DispatchOrder order_by(const std::optional<plan::AccessProfile>& profile, const Compiled& compiled) {
    DispatchOrder order;
    if (!profile) return order;
    const plan::MachinePlan& plan = compiled.placed.plan;
    std::uint64_t total = 0, unknown = 0;
    for (const plan::AccessProfile::Row& row : profile->rows) total += row.count;
    for (const plan::AccessProfile::Row& row : profile->rows) {
        const double share = total == 0 ? 0 : static_cast<double>(row.count) / static_cast<double>(total);
        if (plan.find_device(row.device) == nullptr) ++unknown;
        if (order.hot.size() == kMostHot || share < kLeastShare || !has_code(compiled, row)) continue;
        order.hot.push_back({row.device, row.reg, row.is_write});
        order.report += fmt::format("  {}. {}.{} {}: {:.1f}% of {} accesses\n", order.hot.size(), row.device, row.reg,
                                    row.is_write ? "write" : "read", 100 * share, total);
    }
    order.report = fmt::format("{}: the dispatch asks for {}\n", plan.name,
                               order.hot.empty() ? "nothing first: no register with code has 5% of the accesses"
                                                 : "these first, then searches as without a profile:") +
                   order.report;
    if (unknown != 0) order.report += fmt::format("  {} rows are of devices that it does not have\n", unknown);
    if (profile->plan_hash != plan::plan_hash(plan))
        order.report += "  the profile is of another build of the machine\n";
    return order;
}

Result<std::map<std::string, Bytes>> native_code(const Compiled& compiled, const codegen::HotAccesses& hot) {
    if (compiled.programs.empty()) return std::map<std::string, Bytes>();
    const codegen::ExitCodeInput input{compiled.placed.plan, compiled.programs, hot};
    const Digest key = code_cache_key(input);
    if (auto known = cached_code(key)) return std::move(*known);
    NYX_ASSIGN(auto code, codegen::exit_objects(input));
    keep_code(key, code);
    return code;
}

void trust_own_code(const plan::BundleContents& contents, const std::string& output) {
    const Digest plan_hash = plan::plan_hash(contents.plan);
    std::error_code error;
    const std::string origin = std::filesystem::absolute(output, error).string();
    for (const auto& [level, object] : contents.code) {
        Status noted = plan::trust_code(plan::code_key(plan_hash, plan::code_section(level), object), origin);
        if (noted) continue;
        fmt::print(stderr, "nyxc: warning: nyx will not run the code of {} unless `--native=always` says so: {}\n",
                   output, noted.error().message);
        return;
    }
}

}  // namespace nyx::driver
