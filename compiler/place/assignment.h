// The state of one run of assign_resources(): who asked for what, who got what. Private to this folder.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "compiler/model/machine.h"
#include "compiler/place/allocator.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

using ResourceKind = model::ResourceRequest::Kind;

// One request of one device, by index into machine.devices and device.resources.
struct Wish {
    std::size_t device = 0;
    std::size_t request = 0;
};

// Owners in the allocators: devices by index, from here on parts of the board.
inline constexpr std::size_t kBoardOwner = std::size_t{1} << 32;

// What the board has for itself: the in-kernel interrupt controllers and timer, and the system control interrupt.
struct BoardPart {
    const char* name;
    ResourceKind kind;
    Range range;
};
inline constexpr BoardPart kBoardParts[] = {
    {"the first interrupt controller (8259A)", ResourceKind::kPio, {0x20, 2}},
    {"the timer (8254)", ResourceKind::kPio, {0x40, 4}},
    {"the timer's gate (port 61h)", ResourceKind::kPio, {0x61, 1}},
    {"the second interrupt controller (8259A)", ResourceKind::kPio, {0xA0, 2}},
    {"the interrupt trigger registers (ELCR)", ResourceKind::kPio, {0x4D0, 2}},
    {"the timer (8254)", ResourceKind::kGsi, {0, 1}},
    {"the interrupt controllers' cascade", ResourceKind::kGsi, {2, 1}},
    {"the ACPI system control interrupt", ResourceKind::kGsi, {9, 1}},  // last; ACPI 6.5 §5.2.9: the FADT says which
};
inline constexpr std::size_t kSciPart = std::size(kBoardParts) - 1;

struct Assignment {
    explicit Assignment(const model::Machine& of) : machine(of), given(of.devices.size()), reasons(of.devices.size()) {
        for (std::size_t d = 0; d < given.size(); ++d) {
            given[d].resize(of.devices[d].resources.size());
            reasons[d].resize(of.devices[d].resources.size());
        }
    }

    const model::Device& device(Wish wish) const { return machine.devices[wish.device]; }
    const model::ResourceRequest& request(Wish wish) const { return device(wish).resources[wish.request]; }
    Allocator& space(ResourceKind kind) { return spaces[static_cast<std::size_t>(kind)]; }
    const Allocator& space(ResourceKind kind) const { return spaces[static_cast<std::size_t>(kind)]; }

    bool chosen_by_author(Wish wish) const { return request(wish).fixed && !request(wish).fixed->is_default; }
    // The place in the source that stands for a claim: its address, or its device where the author wrote none.
    Span claim_span(Wish wish) const {
        return chosen_by_author(wish) ? request(wish).fixed->where : device(wish).where;
    }
    // f(wish) for all, in order of the source.
    template <class F>
    void each(F f) const {
        for (std::size_t d = 0; d < machine.devices.size(); ++d) {
            for (std::size_t r = 0; r < machine.devices[d].resources.size(); ++r) f(Wish{d, r});
        }
    }

    const model::Machine& machine;
    std::array<Allocator, 3> spaces;                       // by kind
    std::vector<std::vector<std::optional<Range>>> given;  // by device and request
    std::vector<std::vector<std::string>> reasons;         // as given: why that one
};

// Alignment at which a range of this request is looked for: its size, as hardware decodes it.
std::uint64_t natural_alignment(const model::ResourceRequest& request);
// First address that is not in the space: 0x10000 for ports, the number of lines for lines.
std::uint64_t space_limit(ResourceKind kind);
// Where requests without candidates go.
inline constexpr Range kFreePorts{0x1000, 0xF000};
inline constexpr Range kFreeMmio{0xFE000000, 0xC00000};
inline constexpr Range kFreeLines{16, 8};   // beyond the ISA lines
inline constexpr Range kSpareLines{3, 13};  // then those

}  // namespace nyx::place
