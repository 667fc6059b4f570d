#include "compiler/place/memory_map.h"

#include <algorithm>

#include "compiler/place/format.h"
#include "runtime/plan/check_plan.h"

namespace nyx::place {

using diagnostics::Code;

namespace {

bool check_size(const model::Sourced<std::uint64_t>& memory, diagnostics::Sink& sink) {
    if (memory.value % plan::kPageSize != 0) {
        std::uint64_t whole = align_up(std::min(memory.value, plan::kAddressLimit), plan::kPageSize);
        sink.report(Code::kMemoryMisaligned, memory.where,
                    fmt::format("memory of {} is not a whole number of 4 KiB pages", size_text(memory.value)))
            .help(fmt::format("the next size up is {}: `memory = {}`", size_text(whole), size_text(whole)))
            .fix({"round up to whole pages",
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{memory.where, size_text(whole)}}});
        return false;
    }
    if (memory.value < kOneMiB) {
        sink.report(Code::kMemoryTooSmall, memory.where,
                    fmt::format("{} of memory is less than a PC has", size_text(memory.value)))
            .help("give the machine at least 1 MiB; a Linux guest wants 64 MiB or more")
            .fix("give it 64 MiB", diagnostics::Applicability::kMaybeIncorrect, memory.where, "64 MiB");
        return false;
    }
    if (memory.value > plan::kAddressLimit / 2) {
        sink.report(Code::kMemoryTooLarge, memory.where,
                    fmt::format("{} of memory does not fit into the guest's address space", size_text(memory.value)))
            .help(fmt::format("at most {} can be addressed on every x86-64 host", size_text(plan::kAddressLimit / 2)))
            .fix(fmt::format("give it {}", size_text(plan::kAddressLimit / 2)),
                 diagnostics::Applicability::kMaybeIncorrect, memory.where, size_text(plan::kAddressLimit / 2));
        return false;
    }
    return true;
}

void map_ram(plan::MachinePlan& plan) {
    std::uint64_t low = std::min(plan.memory_size, kPciHole);
    plan.ram.push_back({{0, kVgaHole.base}, 0});
    plan.ram.push_back({{kVgaHole.end(), low - kVgaHole.end()}, kVgaHole.end()});
    if (plan.memory_size > low) plan.ram.push_back({{kFourGiB, plan.memory_size - low}, low});
}

void map_e820(plan::MachinePlan& plan) {
    plan.e820 = {{{0, kEbda}, 1}, {{kEbda, kVgaHole.base - kEbda}, 2}, {{0xE0000, 0x20000}, 2}};
    if (low_ram_end(plan) > kOneMiB) plan.e820.push_back({{kOneMiB, low_ram_end(plan) - kOneMiB}, 1});
    plan.e820.push_back({kHypervisor, 2});
    if (plan.ram.size() > 2) plan.e820.push_back({plan.ram[2].range, 1});
}

}  // namespace

bool map_memory(const model::Machine& machine, plan::MachinePlan& plan, diagnostics::Sink& sink) {
    if (!check_size(machine.memory, sink)) return false;
    plan.memory_size = machine.memory.value;
    map_ram(plan);
    plan.windows = {{"vga", kVgaHole},
                    {"pci-hole", {kPciHole, kIoApic.base - kPciHole}},
                    {"ioapic", kIoApic},
                    {"lapic", kLocalApic},
                    {"hypervisor", kHypervisor}};
    map_e820(plan);
    return true;
}

void add_firmware_window(plan::MachinePlan& plan, std::uint64_t size) {
    Range range{kFourGiB - size, size};
    plan.windows.push_back({"firmware", range});
    auto above = std::find_if(plan.e820.begin(), plan.e820.end(),
                              [](const auto& entry) { return entry.range.base >= kFourGiB; });
    plan.e820.insert(above, {range, 2});
}

std::uint64_t low_ram_end(const plan::MachinePlan& plan) {
    return plan.ram.at(1).range.end();
}

}  // namespace nyx::place
