// PVH: xen/docs/misc/pvh.pandoc, and the start info of xen/include/public/arch-x86/hvm/start_info.h (version 1).
#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {
namespace {

constexpr std::uint32_t kStartMagic = 0x336EC578;
constexpr std::uint64_t kStartInfoSize = 56;
constexpr std::uint64_t kModuleSize = 32;

Bytes start_info(const LoadContext& context) {
    const std::uint64_t base = context.at().boot_params;
    const bool has_module = context.images.initrd.has_value();
    const std::uint64_t modules = base + kStartInfoSize;
    const std::uint64_t memory_map = modules + (has_module ? kModuleSize : 0);
    ByteWriter info;
    info.write(kStartMagic);
    info.write<std::uint32_t>(1);  // version
    info.write<std::uint32_t>(0);  // flags
    info.write<std::uint32_t>(has_module ? 1 : 0);
    info.write<std::uint64_t>(has_module ? modules : 0);
    info.write<std::uint64_t>(context.at().cmdline);
    info.write<std::uint64_t>(context.plan.rsdp);
    info.write<std::uint64_t>(memory_map);
    info.write(static_cast<std::uint32_t>(context.plan.e820.size()));
    info.write<std::uint32_t>(0);
    if (has_module) {
        info.write<std::uint64_t>(context.at().initrd);
        info.write<std::uint64_t>(context.images.initrd->size());
        info.zeros(16);  // command line of the module, reserved
    }
    for (const plan::E820Entry& entry : context.plan.e820) {
        info.write(entry.range.base);
        info.write(entry.range.size);
        info.write(entry.type);
        info.write<std::uint32_t>(0);
    }
    return info.take();
}

}  // namespace

Result<InitialState> load_pvh(const LoadContext& context) {
    NYX_ASSIGN(const image::Elf elf, image::inspect_elf(context.images.image));
    if (!elf.pvh_entry) {
        return fail({.code = ErrorCode::kUnsupported,
                     .message = "the ELF has no PVH entry note",
                     .hint = "Linux has one with CONFIG_PVH=y; other images boot as elf64 or multiboot"});
    }
    NYX_TRY(context.placement.put_segments("the image", context.images.image, elf.segments));
    NYX_TRY(put_initrd(context, 0xFFFFFFFF));
    NYX_TRY(put_cmdline(context, plan::BootAddresses::kCmdlineSize - 1));
    NYX_TRY(context.placement.put_structure("the PVH start info", context.at().boot_params,
                                            plan::BootAddresses::kBootParamsSize, start_info(context)));
    NYX_ASSIGN(InitialState state, protected_mode(context.at(), *elf.pvh_entry, context.placement));
    state.rbx = context.at().boot_params;
    return state;
}

}  // namespace nyx::boot
