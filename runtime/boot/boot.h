// Puts a boot image into guest memory by the plan's protocol and says with which registers the guest begins.
//
// Where things go is the plan's (plan.boot.addresses); a loader only checks that they fit the image it was given:
// everything inside RAM, nothing over anything else. Runs before the guest and again at each reset; thread-compatible.
// The plan went through parse_plan, the image through the bundle's digest check; neither makes the image's own headers
// trustworthy, so they are checked by runtime/image.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/boot/initial_state.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::dev {
class GuestMemory;
}

namespace nyx::boot {

// Contents of the files that plan.boot names; they need to live only during load().
struct Images {
    ByteView image;
    std::optional<ByteView> initrd{};
};

// Copies image, initrd, command line and boot structures, and zeroes what the image wants zero (.bss).
Result<InitialState> load(const plan::MachinePlan& plan, const Images& images, dev::GuestMemory& memory);

// Copies the table sections of plan.tables (ACPI, SMBIOS). `sections` has the bundle's bytes by section name.
Status load_tables(const plan::MachinePlan& plan, const std::map<std::string, ByteView>& sections,
                   dev::GuestMemory& memory);

// Read-only memory that the machine maps outside RAM before load(): the firmware, ending at 4 GiB. Empty for every
// other protocol.
struct Rom {
    std::uint64_t address = 0;
    ByteView bytes;  // a part of images.image
};
Result<std::vector<Rom>> roms(const plan::MachinePlan& plan, const Images& images);

}  // namespace nyx::boot
