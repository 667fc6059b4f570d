#include "compiler/place/boot_memory.h"

#include <algorithm>
#include <cstdint>

#include "compiler/place/format.h"
#include "compiler/place/memory_map.h"
#include "compiler/place/place.h"
#include "runtime/plan/check_plan.h"

namespace nyx::place {

using diagnostics::Code;

namespace {

enum Owner : std::size_t { kNobody, kStructures, kTables, kImage, kInitrd };

const char* owner_text(std::size_t owner) {
    switch (owner) {
        case kStructures:
            return "the boot structures";
        case kTables:
            return "the ACPI and SMBIOS tables";
        case kInitrd:
            return "the initrd";
        default:
            return "a hole in RAM";
    }
}

}  // namespace

// Holes are claims too, so that one allocator answers "is that free RAM?".
BootMemory::BootMemory(const model::Machine& machine, plan::MachinePlan& plan, bool has_tables, diagnostics::Sink& sink)
    : machine_(machine), plan_(plan), sink_(sink) {
    ram_.claim(kVgaHole, kNobody);
    ram_.claim({low_ram_end(plan), kFourGiB - low_ram_end(plan)}, kNobody);
    if (has_tables) {
        ram_.claim(kAcpiRegion, kTables);
        ram_.claim(kSmbiosRegion, kTables);
    }
}

void BootMemory::claim_image(const model::Sourced<model::Image>& image, Range range, Span load) {
    if (range.size == 0) return;
    Span chosen = load.known() ? load : image.where;  // what the author can change
    std::uint64_t ram_end = plan_.ram.back().range.end();
    std::uint64_t end = checked_add(range.base, range.size).value_or(UINT64_MAX);
    if (end > ram_end) {
        bool possible = end < plan::kAddressLimit;
        auto& finding =
            sink_
                .report(Code::kMemoryTooSmall, machine_.memory.is_default ? chosen : machine_.memory.where,
                        fmt::format("the memory is too small for '{}'", image.value.written),
                        fmt::format("RAM ends at {:#x}", ram_end))
                .label(image.where, fmt::format("is loaded up to {:#x}", end - 1))
                .help(possible ? fmt::format("give the machine at least {}", size_text(align_up(end, kOneMiB)))
                               : "the file asks for an address that no machine has");
        if (possible && !machine_.memory.is_default)
            finding.fix(fmt::format("give it {}", size_text(align_up(end, kOneMiB))),
                        diagnostics::Applicability::kMaybeIncorrect, machine_.memory.where,
                        size_text(align_up(end, kOneMiB)));
        return;
    }
    if (const Claim* taken = ram_.find_overlap(range); taken && taken->owner != kImage) {
        sink_
            .report(Code::kImageOverlap, chosen,
                    fmt::format("'{}' would be loaded over {}", image.value.written, owner_text(taken->owner)),
                    fmt::format("takes {}", range_text(range)))
            .note(fmt::format("{} is at {}", owner_text(taken->owner), range_text(taken->range)));
        return;
    }
    ram_.claim(range, kImage);
}

void BootMemory::place_structures(std::initializer_list<Structure> wanted) {
    // Page 0 stays free: it holds the real-mode interrupt vectors, and address 0 means "none" in the plan.
    constexpr Range kWithin{0x1000, align_down(kEbda, plan::kPageSize) - 0x1000};
    for (const Structure& one : wanted) {
        std::optional<Range> range = Range{one.preferred, one.size};
        if (ram_.find_overlap(*range)) range = ram_.first_free(one.size, plan::kPageSize, kWithin);
        if (!range) {
            sink_.report(Code::kImageOverlap, machine_.boot.where, "the image leaves no room for the boot structures")
                .help(fmt::format("leave {} free somewhere in {}", size_text(one.size), range_text(kWithin)));
            return;
        }
        ram_.claim(*range, kStructures);
        bool is_stack = one.address == &plan::BootAddresses::stack;
        plan_.boot.addresses.*one.address = is_stack ? range->end() : range->base;
    }
}

void BootMemory::place_initrd(const model::Sourced<model::Image>& initrd, std::uint64_t size,
                              std::uint64_t address_max) {
    std::uint64_t end = std::min(low_ram_end(plan_), checked_add(address_max, 1).value_or(UINT64_MAX));
    std::optional<Range> range;
    if (end > kOneMiB)
        range = ram_.last_free(align_up(size, plan::kPageSize), plan::kPageSize, {kOneMiB, end - kOneMiB});
    if (!range) {
        sink_
            .report(Code::kMemoryTooSmall, machine_.memory.where,
                    fmt::format("the memory is too small for '{}'", initrd.value.written),
                    fmt::format("{} in all", size_text(machine_.memory.value)))
            .label(initrd.where,
                   fmt::format("has {} and finds no room beside the kernel below {:#x}", size_text(size), end));
        return;
    }
    ram_.claim(*range, kInitrd);
    plan_.boot.addresses.initrd = range->base;
}

}  // namespace nyx::place
