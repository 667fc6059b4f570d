// Bytes at an address, entered in the mode that the plan says.
#include "runtime/base/check.h"
#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {

Result<InitialState> load_flat(const LoadContext& context) {
    const plan::BootPlan& boot = context.plan.boot;
    const Range image{boot.load, context.images.image.size()};
    NYX_TRY(context.placement.put("the image", image.base, context.images.image));
    if (!image.contains(boot.entry)) {
        return fail(ErrorCode::kInvalidArgument, "the entry {:#x} is outside the image at {:#x}-{:#x}", boot.entry,
                    image.base, image.end() - 1);
    }
    switch (boot.mode) {
        case plan::EntryMode::kReal16:
            if (boot.entry > 0xFFFFF || context.at().stack > 0xFFFFF) {
                return fail(ErrorCode::kInvalidArgument, "real mode reaches 1 MiB; the entry is at {:#x}", boot.entry);
            }
            return real_mode(boot.entry, context.at().stack);
        case plan::EntryMode::kProtected32:
            if (boot.entry > 0xFFFFFFFF) {
                return fail(ErrorCode::kInvalidArgument, "protected mode reaches 4 GiB; the entry is at {:#x}",
                            boot.entry);
            }
            return protected_mode(context.at(), boot.entry, context.placement);
        case plan::EntryMode::kLong64:
            return long_mode(context.at(), boot.entry, context.placement);
    }
    NYX_CHECK(false, "a plan with entry mode {}", static_cast<int>(boot.mode));
}

}  // namespace nyx::boot
