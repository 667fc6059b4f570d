#include "compiler/place/resources.h"

#include <algorithm>
#include <bit>

#include "compiler/place/conflicts.h"
#include "compiler/place/format.h"
#include "compiler/place/memory_map.h"
#include "runtime/plan/check_plan.h"

namespace nyx::place {

std::uint64_t space_limit(ResourceKind kind) {
    switch (kind) {
        case ResourceKind::kPio:
            return 0x10000;
        case ResourceKind::kMmio:
            return plan::kAddressLimit;
        case ResourceKind::kGsi:
            return plan::kGsiCount;
    }
    return 0;
}

std::uint64_t natural_alignment(const model::ResourceRequest& request) {
    if (request.kind == ResourceKind::kGsi) return 1;
    return std::bit_ceil(
        std::clamp<std::uint64_t>(std::max(request.size, request.alignment), 1, std::uint64_t{1} << 40));
}

namespace {

bool in_bounds(ResourceKind kind, Range range) {
    std::uint64_t limit = space_limit(kind);
    return range.size > 0 && range.base < limit && range.size <= limit - range.base;
}

// Name of the RAM or board window that lies in `range`; empty: none.
std::string reserved_there(const plan::MachinePlan& plan, Range range) {
    for (const plan::RamRegion& ram : plan.ram) {
        if (ram.range.overlaps(range)) return fmt::format("RAM ({})", range_text(ram.range));
    }
    for (const plan::Window& window : plan.windows) {
        bool open = window.name == "pci-hole" || window.name == "vga";
        if (!open && window.range.overlaps(range))
            return fmt::format("the {} window ({})", window.name, range_text(window.range));
    }
    return {};
}

class Assigner {
  public:
    Assigner(const model::Machine& machine, const plan::MachinePlan& plan, diagnostics::Sink& sink)
        : plan_(plan), sink_(sink), all_(machine) {}

    const Assignment& run() {
        claim_board();
        all_.each([&](Wish wish) {
            if (all_.request(wish).fixed) place_fixed(wish);
        });
        all_.each([&](Wish wish) {
            if (!all_.request(wish).fixed && !all_.request(wish).candidates.empty()) place_candidate(wish);
        });
        all_.each([&](Wish wish) {
            if (!all_.request(wish).fixed && all_.request(wish).candidates.empty()) place_anywhere(wish);
        });
        for (const Conflict& conflict : conflicts_) report_conflict(all_, conflict, sink_);
        for (Wish wish : none_left_) report_none_left(all_, wish, sink_);
        return all_;
    }

  private:
    // The system control interrupt is the board's only while no power management device asks for a line itself.
    void claim_board() {
        bool sci_is_the_boards = all_.machine.acpi.value;
        all_.each([&](Wish wish) {
            if (all_.device(wish).type == "acpi_pm" && all_.request(wish).kind == ResourceKind::kGsi)
                sci_is_the_boards = false;
        });
        for (std::size_t part = 0; part < std::size(kBoardParts); ++part) {
            if (part == kSciPart && !sci_is_the_boards) continue;
            all_.space(kBoardParts[part].kind).claim(kBoardParts[part].range, kBoardOwner + part);
        }
    }

    void take(Wish wish, Range range, std::string reason) {
        ResourceKind kind = all_.request(wish).kind;
        if (!in_bounds(kind, range)) return report_out_of_bounds(all_, wish, range, sink_);
        if (kind == ResourceKind::kMmio) {
            std::string what = reserved_there(plan_, range);
            if (!what.empty()) return report_reserved(all_, wish, range, what, sink_);
        }
        if (const Claim* taken = all_.space(kind).find_overlap(range)) {
            conflicts_.push_back({wish, range, *taken});
            return;
        }
        all_.space(kind).claim(range, wish.device);
        all_.given[wish.device][wish.request] = range;
        all_.reasons[wish.device][wish.request] = std::move(reason);
    }

    void place_fixed(Wish wish) {
        const model::ResourceRequest& wanted = all_.request(wish);
        if (wanted.alignment > 1 && wanted.fixed->value % wanted.alignment != 0)
            return report_misaligned(all_, wish, sink_);
        take(wish, {wanted.fixed->value, wanted.size},
             all_.chosen_by_author(wish) ? "fixed by the author" : "fixed by the declaration");
    }

    // The candidate that goes with the range of the request that this one follows.
    std::optional<std::uint64_t> followed(Wish wish) const {
        const model::ResourceRequest& wanted = all_.request(wish);
        const auto& resources = all_.device(wish).resources;
        for (std::size_t r = 0; r < resources.size() && !wanted.follows.empty(); ++r) {
            const auto& leader = all_.given[wish.device][r];
            if (resources[r].field != wanted.follows || !leader) continue;
            const auto& choices = resources[r].candidates;
            auto index =
                static_cast<std::size_t>(std::find(choices.begin(), choices.end(), leader->base) - choices.begin());
            if (index < choices.size() && index < wanted.candidates.size()) return wanted.candidates[index];
        }
        return std::nullopt;
    }

    // The candidates in the order of preference.
    std::vector<std::uint64_t> preferences(Wish wish) const {
        std::vector<std::uint64_t> candidates = all_.request(wish).candidates;
        if (std::optional<std::uint64_t> first = followed(wish)) {
            std::erase(candidates, *first);
            candidates.insert(candidates.begin(), *first);
        }
        return candidates;
    }

    // passed: the candidates before this one, and who has them.
    std::string candidate_reason(Wish wish, std::uint64_t base, const std::string& passed) const {
        const model::ResourceRequest& wanted = all_.request(wish);
        if (followed(wish) == base) return fmt::format("goes with its `{}`", wanted.follows);
        std::string all;
        for (std::uint64_t one : wanted.candidates)
            all += (all.empty() ? "" : ", ") + range_text(wanted.kind, {one, 1});
        std::string which = fmt::format("the first of {}", all);
        return passed.empty() ? which : fmt::format("{} that is free: {}", which, passed);
    }

    void place_candidate(Wish wish) {
        const model::ResourceRequest& wanted = all_.request(wish);
        std::string passed;
        for (std::uint64_t base : preferences(wish)) {
            const Claim* taken = all_.space(wanted.kind).find_overlap({base, wanted.size});
            bool same_type = taken && taken->owner < kBoardOwner &&
                             all_.machine.devices[taken->owner].type == all_.device(wish).type;
            if (!same_type) return take(wish, {base, wanted.size}, candidate_reason(wish, base, passed));
            passed += fmt::format("{}{} has {}", passed.empty() ? "" : ", ", all_.machine.devices[taken->owner].name,
                                  range_text(wanted.kind, {base, 1}));
        }
        none_left(wish);
    }

    // A device that has no place is one mistake, however many places it wants.
    void none_left(Wish wish) {
        bool known = std::any_of(none_left_.begin(), none_left_.end(),
                                 [&](const Wish& other) { return other.device == wish.device; });
        if (!known) none_left_.push_back(wish);
    }

    void place_anywhere(Wish wish) {
        const model::ResourceRequest& wanted = all_.request(wish);
        const Allocator& space = all_.space(wanted.kind);
        auto free = [&](Range within) { return space.first_free(wanted.size, natural_alignment(wanted), within); };
        std::optional<Range> range;
        switch (wanted.kind) {
            case ResourceKind::kPio:
                range = free(kFreePorts);
                break;
            case ResourceKind::kMmio:
                range = free(kFreeMmio);
                break;
            case ResourceKind::kGsi:
                range = free(kFreeLines).has_value() ? free(kFreeLines) : free(kSpareLines);
                break;
        }
        if (!range) return none_left(wish);
        take(wish, *range, "the first that is free");
    }

    const plan::MachinePlan& plan_;
    diagnostics::Sink& sink_;
    Assignment all_;
    std::vector<Conflict> conflicts_;
    std::vector<Wish> none_left_;
};

plan::DevicePlan device_plan(const Assignment& all, std::size_t index) {
    const model::Device& device = all.machine.devices[index];
    plan::DevicePlan placed;
    placed.name = device.name;
    placed.type = device.type;
    for (std::size_t r = 0; r < device.resources.size(); ++r) {
        const auto& given = all.given[index][r];
        if (!given) continue;
        switch (device.resources[r].kind) {
            case ResourceKind::kPio:
                placed.pio.push_back(*given);
                break;
            case ResourceKind::kMmio:
                placed.mmio.push_back(*given);
                break;
            case ResourceKind::kGsi:
                placed.gsis.push_back(static_cast<std::uint32_t>(given->base));
                break;
        }
    }
    for (const auto& [name, value] : device.fields) placed.settings[name] = value.value;
    return placed;
}

// Where each function is on the bus: slots in the order of their names, behind the host bridge's own.
void fill_pci(plan::MachinePlan& plan) {
    std::int64_t slot = 0;
    for (plan::DevicePlan& device : plan.devices) {
        if (!device.type.starts_with("pci_") || device.mmio.empty() || device.gsis.empty()) continue;
        device.settings["bar"] = static_cast<std::int64_t>(device.mmio.front().base);
        device.settings["line"] = std::int64_t{device.gsis.front()};
        device.settings["slot"] = ++slot;
    }
}

}  // namespace

std::vector<Placement> assign_resources(const model::Machine& machine, plan::MachinePlan& plan,
                                        diagnostics::Sink& sink) {
    Assigner assigner(machine, plan, sink);
    const Assignment& all = assigner.run();
    std::vector<Placement> placements;
    all.each([&](Wish wish) {
        const auto& range = all.given[wish.device][wish.request];
        if (!range) return;
        const model::ResourceRequest& wanted = all.request(wish);
        placements.push_back({all.device(wish).name, wanted.field, wanted.kind, *range, wanted.fixed.has_value(),
                              all.reasons[wish.device][wish.request], all.device(wish).where});
    });
    for (std::size_t d = 0; d < machine.devices.size(); ++d) plan.devices.push_back(device_plan(all, d));
    plan.sci_gsi = static_cast<std::uint32_t>(kBoardParts[kSciPart].range.base);
    for (const plan::DevicePlan& device : plan.devices) {
        if (device.type == "acpi_pm" && !device.gsis.empty()) plan.sci_gsi = device.gsis.front();
    }
    std::sort(plan.devices.begin(), plan.devices.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    fill_pci(plan);
    return placements;
}

}  // namespace nyx::place
