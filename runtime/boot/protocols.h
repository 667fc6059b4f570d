// One function a boot protocol, each in its own file. Private to this folder; boot.cc chooses.
#pragma once

#include "runtime/boot/placement.h"

namespace nyx::boot {

struct LoadContext {
    const plan::MachinePlan& plan;
    const Images& images;
    Placement& placement;

    const plan::BootAddresses& at() const { return plan.boot.addresses; }
};

Result<InitialState> load_flat(const LoadContext& context);
Result<InitialState> load_elf64(const LoadContext& context);
Result<InitialState> load_pvh(const LoadContext& context);
Result<InitialState> load_linux64(const LoadContext& context);
Result<InitialState> load_multiboot1(const LoadContext& context);
Result<InitialState> load_firmware(const LoadContext& context);

// The command line with its final NUL, at its address; `max` is the most characters that the image reads.
Status put_cmdline(const LoadContext& context, std::uint64_t max);
// The initrd at its address, or nothing if the plan has none. Its end is checked against `address_max`, the highest
// byte it may use.
Status put_initrd(const LoadContext& context, std::uint64_t address_max);

}  // namespace nyx::boot
