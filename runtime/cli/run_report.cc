#include "runtime/cli/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace nyx::cli {
namespace {

using nlohmann::json;
using Kind = vm::Outcome::Kind;

// The hypervisor's counters that say where a guest's time went; JSON has all of them.
constexpr std::string_view kShownCounters[] = {
    "instructions", "compiled regions", "compiled instructions", "exits", "insn_emulation", "io_exits", "mmio_exits",
    "halt_exits",   "irq_exits",        "irq_injections"};

double share(std::uint64_t count, std::uint64_t total) {
    return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
}

json registers_json(const hv::GeneralRegisters& r) {
    auto hex = [](std::uint64_t value) { return fmt::format("{:#x}", value); };
    return {{"rax", hex(r.rax)}, {"rbx", hex(r.rbx)},      {"rcx", hex(r.rcx)}, {"rdx", hex(r.rdx)},
            {"rsi", hex(r.rsi)}, {"rdi", hex(r.rdi)},      {"rbp", hex(r.rbp)}, {"rsp", hex(r.rsp)},
            {"r8", hex(r.r8)},   {"r9", hex(r.r9)},        {"r10", hex(r.r10)}, {"r11", hex(r.r11)},
            {"r12", hex(r.r12)}, {"r13", hex(r.r13)},      {"r14", hex(r.r14)}, {"r15", hex(r.r15)},
            {"rip", hex(r.rip)}, {"rflags", hex(r.rflags)}};
}

json cpu_json(const vm::CpuSnapshot& cpu) {
    auto hex = [](std::uint64_t value) { return fmt::format("{:#x}", value); };
    const hv::SystemRegisters& s = cpu.state.system;
    return {
        {"index", cpu.index},
        {"activity", hv::activity_name(cpu.activity)},
        {"registers", registers_json(cpu.state.general)},
        {"control",
         {{"cr0", hex(s.cr0)}, {"cr2", hex(s.cr2)}, {"cr3", hex(s.cr3)}, {"cr4", hex(s.cr4)}, {"efer", hex(s.efer)}}},
        {"code", fmt::format("{:02x}", fmt::join(cpu.code, ""))},
        {"instruction", cpu.disassembly}};
}

json exits_json(const vm::ExitSummary& exits) {
    json rows = json::array();
    std::uint64_t total = exits.total_accesses();
    for (const auto& row : exits.rows)
        rows.push_back({{"device", row.device},
                        {"register", row.reg},
                        {"direction", row.is_write ? "write" : "read"},
                        {"count", row.count},
                        {"without_exit", row.without_exit},
                        {"share", share(row.count, total)}});
    return {{"accesses", rows},
            {"total_accesses", total},
            {"exits", exits.exits},
            {"total_exits", exits.total_exits()},
            {"kvm", exits.kvm}};
}

}  // namespace

std::string exit_table(const vm::ExitSummary& exits) {
    std::size_t device = 6;
    std::size_t reg = 8;
    for (const auto& row : exits.rows) {
        device = std::max(device, row.device.size());
        reg = std::max(reg, row.reg.size());
    }
    std::uint64_t total = exits.total_accesses();
    std::string out = fmt::format("{:<{}}  {:<{}}  {:<5}  {:>12}  {:>6}  {:>12}\n", "device", device, "register", reg,
                                  "dir", "count", "share", "without exit");
    for (const auto& row : exits.rows)
        out += fmt::format("{:<{}}  {:<{}}  {:<5}  {:>12}  {:>5.1f}%  {:>12}\n", row.device.empty() ? "-" : row.device,
                           device, row.reg, reg, row.is_write ? "write" : "read", row.count,
                           100 * share(row.count, total), row.without_exit);
    out += fmt::format("accesses: {}\n", total);
    out += fmt::format("exits to nyx: {}", exits.total_exits());
    for (const auto& [kind, count] : exits.exits) out += fmt::format(", {} {}", kind, count);
    out += "\n";
    if (exits.kvm.empty()) return out + "the hypervisor's own counters: none\n";
    std::vector<std::string> shown;
    for (std::string_view name : kShownCounters)
        if (auto counter = exits.kvm.find(name); counter != exits.kvm.end())
            shown.push_back(fmt::format("{} {}", name, counter->second));
    return out + fmt::format("the hypervisor's own counters: {}\n", fmt::join(shown, ", "));
}

std::string outcome_text(const RunResult& result) {
    std::string out;
    for (const std::string& line : result.losses) out += "nyx: " + line + "\n";
    bool quiet = result.outcome.kind == Kind::kPoweredOff || result.outcome.kind == Kind::kExited;
    return quiet ? out : out + "nyx: " + vm::outcome_report(result.outcome);
}

static json digests_json(const replay::Digests& digests) {
    return {{"instructions", digests.instructions},
            {"vcpus", digests.by_vcpu},
            {"memory_sha256", to_hex(digests.memory)},
            {"state_sha256", to_hex(digests.state)}};
}

std::string run_json(const RunResult& result, bool with_exits) {
    json document = {{"outcome", vm::outcome_name(result.outcome.kind)},
                     {"status", exit_status(result)},
                     {"reason", result.outcome.reason},
                     {"advice", result.outcome.advice},
                     {"resets", result.resets}};
    if (!result.outcome.cpus.empty()) {
        document["vcpus"] = json::array();
        for (const auto& cpu : result.outcome.cpus) document["vcpus"].push_back(cpu_json(cpu));
    }
    if (result.digests) document["digest"] = digests_json(*result.digests);
    if (with_exits) document["exit_stats"] = exits_json(result.exits);
    if (with_exits) document["device_code"] = result.native;
    return document.dump() + "\n";
}

}  // namespace nyx::cli
