#include <algorithm>

#include "devices/irqchip/pc_irq_chip.h"
#include "runtime/base/check.h"

namespace nyx::dev::irqchip {

static constexpr std::uint32_t kVersion = 1;

// Every chip with its path and type, those that drive others first: what a chip does to the next while it is restored
// is then overwritten by the next one's own state.
template <class Chip, class Visit>
void PcIrqChip::visit_chips(Chip& chip, Visit visit) {
    if (chip.pit_) visit("pit", "i8254", *chip.pit_);
    visit("pic", "i8259_pair", chip.pics_);
    visit("ioapic", "io_apic", chip.io_apic_);
    visit("apic_bus", "apic_bus", chip.bus_);
    for (std::uint32_t cpu = 0; cpu < chip.bus_.count(); ++cpu)
        visit("lapic" + std::to_string(cpu), "local_apic", chip.bus_.apic(cpu));
}

std::vector<StateUnit> PcIrqChip::save_all() const {
    std::vector<StateUnit> units;
    visit_chips(*this, [&](const std::string& path, const char* type, const auto& chip) {
        StateWriter writer;
        chip.save(writer);
        units.push_back({path, type, kVersion, writer.take()});
    });
    return units;
}

// A unit of the right name that is there once. units: not looked at further.
static Result<const StateUnit*> find_unit(std::span<const StateUnit> units, const std::string& path, const char* type) {
    auto found = std::ranges::find(units, path, &StateUnit::path);
    if (found == units.end()) return fail(ErrorCode::kCorrupt, "saved state: '{}' is missing", path);
    if (found->type != type || found->version != kVersion)
        return fail(ErrorCode::kCorrupt, "saved state: '{}' is a {} of version {}", path, found->type, found->version);
    return &*found;
}

Status PcIrqChip::restore_all(std::span<const StateUnit> units) {
    Status status;
    std::size_t restored = 0;
    visit_chips(*this, [&](const std::string& path, const char* type, auto& chip) {
        if (!status) return;
        auto unit = find_unit(units, path, type);
        if (!unit) {
            status = tl::unexpected(unit.error());
            return;
        }
        StateReader reader((*unit)->fields);
        status = chip.restore(reader);
        ++restored;
    });
    NYX_TRY(status);
    if (restored != units.size())
        return fail(ErrorCode::kCorrupt, "saved state: {} interrupt controllers instead of {}", units.size(), restored);
    set_intr(pics_.has_interrupt());
    return {};
}

std::vector<StateUnit> PcIrqChip::save() const {
    std::lock_guard guard(links_.lock);
    return save_all();
}

Status PcIrqChip::restore(std::span<const StateUnit> units) {
    std::lock_guard guard(links_.lock);
    std::vector<StateUnit> before = save_all();
    Status status = restore_all(units);
    if (!status) {
        Status undone = restore_all(before);
        NYX_CHECK(undone.has_value(), "what was saved a moment ago cannot be restored");
    }
    return status;
}

}  // namespace nyx::dev::irqchip
