// Saved: a unit a part, and what the board has of its own.
#include "devices/board/described_irq_chip.h"
#include "devices/board/units.h"
#include "runtime/base/check.h"

namespace nyx::dev::board {

namespace {

// What the board has of its own, and no part.
struct Own {
    std::uint32_t last_winner = 0, levels = 0;
    bool intr = false, nmi = false;
};
template <class Io, class Values>
void fields(Io& io, Values& own) {
    io.field(1, own.last_winner);
    io.field(2, own.levels);
    io.field(3, own.intr);
    io.field(4, own.nmi);
}

Status restore_part(Part& part, std::string_view path, std::span<const StateUnit> units) {
    NYX_ASSIGN(const StateUnit* unit, find_unit(units, path));
    return part.restore(path, *unit);
}

}  // namespace

std::vector<StateUnit> DescribedIrqChip::save_all() const {
    std::vector<StateUnit> units = bus_.save();
    if (pit_) units.push_back(pit_->save("pit"));
    units.push_back(pics_.save("pic"));
    units.push_back(io_apic_.save("ioapic"));
    Own own{.last_winner = bus_.last_winner(), .levels = 0, .intr = intr_, .nmi = nmi_};
    for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi) own.levels |= std::uint32_t{levels_[gsi]} << gsi;
    StateWriter board, debt;
    fields(board, own);
    units.push_back({"board", "board", 1, board.take()});
    TickDebt::fields(debt, debt_);
    units.push_back({"ticks", "ticks", 1, debt.take()});
    return units;
}

// What parts tell each other about lines that are others now was told before the state was saved.
Status DescribedIrqChip::restore_all(std::span<const StateUnit> units) {
    Status status = restore_parts(units);
    errands_.forget();
    return status;
}

Status DescribedIrqChip::restore_parts(std::span<const StateUnit> units) {
    if (units.size() != 2 * processors_.size() + (pit_ ? 5 : 4))
        return fail(ErrorCode::kCorrupt, "saved state: {} units of interrupt controllers", units.size());
    NYX_TRY(bus_.restore(units));
    if (pit_) NYX_TRY(restore_part(*pit_, "pit", units));
    NYX_TRY(restore_part(pics_, "pic", units));
    NYX_TRY(restore_part(io_apic_, "ioapic", units));
    NYX_ASSIGN(const StateUnit* ticks, find_unit(units, "ticks", "ticks", 1));
    StateReader debt(ticks->fields);
    TickDebt::fields(debt, debt_);
    NYX_TRY(debt.finish());
    return restore_own(units);
}

Status DescribedIrqChip::restore_own(std::span<const StateUnit> units) {
    NYX_ASSIGN(const StateUnit* unit, find_unit(units, "board", "board", 1));
    Own own;
    StateReader reader(unit->fields);
    fields(reader, own);
    NYX_TRY(reader.finish());
    if (own.levels >> kGsis != 0 || !bus_.set_last_winner(own.last_winner))
        return fail(ErrorCode::kCorrupt, "saved state: '{}' names what is not there", unit->path);
    for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi) levels_[gsi] = (own.levels >> gsi & 1) != 0;
    intr_ = own.intr;
    nmi_ = own.nmi;
    return {};
}

std::vector<StateUnit> DescribedIrqChip::save() const {
    const std::lock_guard guard(links_.lock);
    return save_all();
}

Status DescribedIrqChip::restore(std::span<const StateUnit> units) {
    const std::lock_guard guard(links_.lock);
    const std::vector<StateUnit> before = save_all();
    Status status = restore_all(units);
    if (!status) NYX_CHECK(restore_all(before), "what was saved a moment ago cannot be restored");
    return status;
}

}  // namespace nyx::dev::board
