// The processor modes in which a guest may begin, and the tables in guest memory that they need. Private to this
// folder.
#pragma once

#include "runtime/boot/placement.h"

namespace nyx::boot {

// Selectors in the boot GDT; Linux names the first two __BOOT_CS and __BOOT_DS (boot.rst, "64-bit Boot Protocol").
inline constexpr std::uint16_t kCode64 = 0x10;
inline constexpr std::uint16_t kData = 0x18;
inline constexpr std::uint16_t kCode32 = 0x20;

// 16-bit: segments of 64 KiB whose base is 16 times the selector. `entry` and `stack` lie below 1 MiB.
InitialState real_mode(std::uint64_t entry, std::uint64_t stack);
// 32-bit protected mode, paging off, flat segments. Writes the GDT.
Result<InitialState> protected_mode(const plan::BootAddresses& at, std::uint64_t entry, Placement& placement);
// 64-bit mode, the first 4 GiB mapped to themselves. Writes the GDT and the page tables.
Result<InitialState> long_mode(const plan::BootAddresses& at, std::uint64_t entry, Placement& placement);

}  // namespace nyx::boot
