// A 64-bit ELF entered at e_entry in long mode. RSI is 0: a guest that knows the other protocols can tell that this is
// none of them.
#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {

Result<InitialState> load_elf64(const LoadContext& context) {
    NYX_ASSIGN(const image::Elf elf, image::inspect_elf(context.images.image));
    if (!elf.is_64) {
        return fail({.code = ErrorCode::kUnsupported,
                     .message = "not an ELF64: a 32-bit ELF",
                     .hint = "boot it by PVH or multiboot"});
    }
    NYX_TRY(context.placement.put_segments("the image", context.images.image, elf.segments));
    return long_mode(context.at(), elf.entry, context.placement);
}

}  // namespace nyx::boot
