// Multiboot Specification 0.6.96: §3.2 machine state, §3.3 boot information.
#include "runtime/boot/cpu_modes.h"
#include "runtime/boot/protocols.h"

namespace nyx::boot {
namespace {

constexpr std::uint32_t kBootloaderMagic = 0x2BADB002;
constexpr std::uint32_t kHasMemory = 1U << 0;
constexpr std::uint32_t kHasCmdline = 1U << 2;
constexpr std::uint32_t kHasModules = 1U << 3;
constexpr std::uint32_t kHasMemoryMap = 1U << 6;
constexpr std::uint32_t kHasLoaderName = 1U << 9;
constexpr std::size_t kInfoSize = 88;  // up to and with the VBE fields
constexpr std::size_t kModuleSize = 16;
constexpr std::size_t kMapEntrySize = 24;  // with its size field, which counts the other 20
constexpr char kLoaderName[] = "nyx";      // with its NUL
constexpr std::uint64_t kOneMiB = 0x100000;

// Usable KiB from `base` up to the first hole.
std::uint32_t usable_kib(const std::vector<plan::E820Entry>& e820, std::uint64_t base) {
    for (const plan::E820Entry& entry : e820) {
        if (entry.type == 1 && entry.range.contains(base)) {
            return static_cast<std::uint32_t>(std::min<std::uint64_t>((entry.range.end() - base) >> 10, 0xFFFFFFFF));
        }
    }
    return 0;
}

struct InfoOffsets {
    std::uint32_t modules;
    std::uint32_t memory_map;
    std::uint32_t name;
};

InfoOffsets offsets(const LoadContext& context) {
    const auto base = static_cast<std::uint32_t>(context.at().boot_params);
    const std::size_t map = kInfoSize + (context.images.initrd ? kModuleSize : 0);
    const std::size_t name = map + context.plan.e820.size() * kMapEntrySize;
    return {base + static_cast<std::uint32_t>(kInfoSize), base + static_cast<std::uint32_t>(map),
            base + static_cast<std::uint32_t>(name)};
}

void write_lists(ByteWriter& info, const LoadContext& context) {
    if (context.images.initrd) {
        const std::uint64_t start = context.at().initrd;
        info.write(static_cast<std::uint32_t>(start));
        info.write(static_cast<std::uint32_t>(start + context.images.initrd->size()));
        info.zeros(8);  // string, reserved
    }
    for (const plan::E820Entry& entry : context.plan.e820) {
        info.write<std::uint32_t>(20);
        info.write(entry.range.base);
        info.write(entry.range.size);
        info.write(entry.type);
    }
    info.write(std::string_view(kLoaderName, sizeof kLoaderName));
}

Bytes boot_information(const LoadContext& context) {
    const bool has_module = context.images.initrd.has_value();
    const InfoOffsets at = offsets(context);
    ByteWriter info;
    info.write(kHasMemory | kHasCmdline | (has_module ? kHasModules : 0) | kHasMemoryMap | kHasLoaderName);
    info.write(usable_kib(context.plan.e820, 0));
    info.write(usable_kib(context.plan.e820, kOneMiB));
    info.write<std::uint32_t>(0);  // boot_device: flag 1 is not set
    info.write(static_cast<std::uint32_t>(context.at().cmdline));
    info.write<std::uint32_t>(has_module ? 1 : 0);
    info.write<std::uint32_t>(has_module ? at.modules : 0);
    info.zeros(16);  // syms
    info.write(static_cast<std::uint32_t>(context.plan.e820.size() * kMapEntrySize));
    info.write(at.memory_map);
    info.zeros(12);  // drives_length, drives_addr, config_table
    info.write(at.name);
    info.zeros(kInfoSize - info.size());
    write_lists(info, context);
    return info.take();
}

// The address fields win over the ELF header (§3.1.2); without them the file must be a 32-bit ELF.
Result<std::uint64_t> put_image(const LoadContext& context) {
    const ByteView file = context.images.image;
    NYX_ASSIGN(const image::Multiboot header, image::inspect_multiboot(file));
    if (header.addresses) {
        NYX_TRY(context.placement.put_segment("the image", file, header.addresses->segment));
        return header.addresses->entry;
    }
    NYX_ASSIGN(const image::Elf elf, image::inspect_elf(file));
    if (elf.is_64) return fail(ErrorCode::kUnsupported, "a 64-bit ELF whose multiboot header has no address fields");
    NYX_TRY(context.placement.put_segments("the image", file, elf.segments));
    return elf.entry;
}

}  // namespace

Result<InitialState> load_multiboot1(const LoadContext& context) {
    NYX_ASSIGN(const std::uint64_t entry, put_image(context));
    NYX_TRY(put_initrd(context, 0xFFFFFFFE));
    NYX_TRY(put_cmdline(context, plan::BootAddresses::kCmdlineSize - 1));
    NYX_TRY(context.placement.put_structure("the multiboot information", context.at().boot_params,
                                            plan::BootAddresses::kBootParamsSize, boot_information(context)));
    NYX_ASSIGN(InitialState state, protected_mode(context.at(), entry, context.placement));
    state.rax = kBootloaderMagic;
    state.rbx = context.at().boot_params;
    return state;
}

}  // namespace nyx::boot
