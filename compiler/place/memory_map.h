// The guest-physical address space of the PC board: RAM around the VGA and PCI holes, the windows in them, and e820.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

inline constexpr Range kVgaHole{0xA0000, 0x20000};
inline constexpr std::uint64_t kEbda = 0x9FC00;  // boot structures stay below; e820 reserves it up to the VGA hole
inline constexpr std::uint64_t kOneMiB = 0x100000;
inline constexpr std::uint64_t kPciHole = 0xC0000000;
inline constexpr std::uint64_t kFourGiB = 0x100000000;
inline constexpr Range kIoApic{0xFEC00000, 0x1000};
inline constexpr Range kLocalApic{0xFEE00000, 0x1000};
// The identity map page and three TSS pages (KVM_SET_IDENTITY_MAP_ADDR, KVM_SET_TSS_ADDR).
inline constexpr Range kHypervisor{0xFEFFC000, 0x4000};

// Fills memory_size, ram, windows and e820. False after an error.
bool map_memory(const model::Machine& machine, plan::MachinePlan& plan, diagnostics::Sink& sink);
// The window below 4 GiB in which firmware of that size is found, and its e820 entry.
void add_firmware_window(plan::MachinePlan& plan, std::uint64_t size);
// End of the RAM that lies below the PCI hole.
std::uint64_t low_ram_end(const plan::MachinePlan& plan);

}  // namespace nyx::place
