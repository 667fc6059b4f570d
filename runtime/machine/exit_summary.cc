#include <algorithm>
#include <tuple>

#include "runtime/machine/machine.h"
#include "runtime/machine/worker.h"

namespace nyx::vm {
namespace {

std::string register_name(const dev::Device& device, std::size_t row) {
    auto registers = device.registers();
    return row < registers.size() ? std::string(registers[row].name) : "(no register)";
}

std::string unclaimed_name(const UnclaimedAccess& access) {
    return fmt::format("{} {:#x}", access.space == Space::kPio ? "port" : "memory", access.address);
}

}  // namespace

ExitSummary Machine::exits() const {
    ExitSummary summary;
    for (const DeviceSlot& slot : devices_->slots()) {
        for (std::size_t row = 0; row <= slot.device->registers().size(); ++row) {
            for (std::size_t direction = 0; direction < 2; ++direction) {
                std::uint64_t count = 0;
                for (const auto& worker : workers_)
                    count += worker->counters.registers(slot.first_counter + 2 * row + direction);
                const std::uint64_t free =
                    exit_free_ ? exit_free_->counters().registers(slot.first_counter + 2 * row + direction) : 0;
                if (count != 0 || free != 0)
                    summary.rows.push_back({slot.name, register_name(*slot.device, row), direction == 1, count, free});
            }
        }
    }
    std::map<UnclaimedAccess, std::uint64_t> unclaimed;
    std::uint64_t other = 0;
    for (const auto& worker : workers_) {
        for (const auto& [access, count] : worker->counters.unclaimed()) unclaimed[access] += count;
        other += worker->counters.other_unclaimed();
        for (std::size_t kind = 0; kind < std::variant_size_v<hv::Exit>; ++kind)
            if (std::uint64_t count = worker->counters.exits(kind)) summary.exits[hv::exit_name(kind)] += count;
    }
    for (const auto& [access, count] : unclaimed)
        summary.rows.push_back({"", unclaimed_name(access), access.is_write, count, 0});
    if (other != 0) summary.rows.push_back({"", "further addresses", false, other, 0});
    // Equal counts in the order of names, so that the table of a run is always the same.
    std::sort(summary.rows.begin(), summary.rows.end(), [](auto& a, auto& b) {
        return std::tie(b.count, a.device, a.reg, a.is_write) < std::tie(a.count, b.device, b.reg, b.is_write);
    });
    summary.kvm = earlier_counters_;
    if (processors_)
        for (const auto& vcpu : processors_->vcpus)
            for (const auto& [name, value] : vcpu->counters()) summary.kvm[name] += value;
    return summary;
}

}  // namespace nyx::vm
