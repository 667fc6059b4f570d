// Linux's setup header: Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". Offsets are those of the file.
#include "runtime/image/formats.h"

namespace nyx::image {
namespace {

constexpr std::uint64_t kSetupHeader = 0x1F1;  // setup_sects
constexpr std::uint64_t kMagic = 0x202;
constexpr std::uint64_t kJumpOffset = 0x201;  // second byte of the jump: where the header ends, relative to 0x202
constexpr std::uint64_t kVersion = 0x206;
constexpr std::uint64_t kLoadFlags = 0x211;
constexpr std::uint64_t kInitrdAddrMax = 0x22C;
constexpr std::uint64_t kKernelAlignment = 0x230;
constexpr std::uint64_t kRelocatable = 0x234;
constexpr std::uint64_t kXLoadFlags = 0x236;
constexpr std::uint64_t kCmdlineSize = 0x238;
constexpr std::uint64_t kPrefAddress = 0x258;
constexpr std::uint64_t kInitSize = 0x260;
constexpr std::uint64_t kHeaderEnd = 0x268;      // after handover_offset: all of protocol 2.12
constexpr std::uint64_t kMaxHeaderEnd = 0x290;   // the zero page goes on with edd_mbr_sig_buffer
constexpr std::uint16_t kNeededVersion = 0x20C;  // 2.12 brought the 64-bit entry
constexpr std::uint64_t kSectorSize = 512;
constexpr std::uint64_t kMaxInitSize = std::uint64_t{1} << 32;

Status check_bounds(const BzImage& kernel, std::uint64_t file_size) {
    if (!inside(kernel.protected_mode, file_size) || kernel.protected_mode.size == 0) {
        return fail(ErrorCode::kCorrupt, "bzImage ends inside its setup code: is the file cut short?");
    }
    const bool is_power_of_two = (kernel.kernel_alignment & (kernel.kernel_alignment - 1)) == 0;
    if (kernel.relocatable && (kernel.kernel_alignment == 0 || !is_power_of_two)) {
        return fail(ErrorCode::kCorrupt, "bzImage asks for an alignment of {:#x}", kernel.kernel_alignment);
    }
    if (kernel.init_size < kernel.protected_mode.size || kernel.init_size > kMaxInitSize) {
        return fail(ErrorCode::kCorrupt, "bzImage's init_size {:#x} does not fit its {:#x} bytes", kernel.init_size,
                    kernel.protected_mode.size);
    }
    if (!checked_add(kernel.pref_address, kernel.init_size)) {
        return fail(ErrorCode::kCorrupt, "bzImage's preferred address {:#x} wraps around", kernel.pref_address);
    }
    return {};
}

}  // namespace

bool is_bzimage(ByteView file) {
    return file.size() >= kMagic + 4 && as_text(file.subspan(kMagic, 4)) == "HdrS" &&
           load_le<std::uint16_t>(&file[0x1FE]) == 0xAA55;
}

Result<BzImage> parse_bzimage(ByteView file) {
    if (file.size() < kVersion + 2) return fail(ErrorCode::kCorrupt, "bzImage ends inside its setup header");
    BzImage kernel;
    kernel.version = load_le<std::uint16_t>(&file[kVersion]);
    if (kernel.version < kNeededVersion) {
        return fail(
            {.code = ErrorCode::kUnsupported,
             .message = fmt::format("bzImage of boot protocol {}.{:02}", kernel.version >> 8, kernel.version & 0xFF),
             .hint = "protocol 2.12 (Linux 3.8) or later has the 64-bit entry that is used here"});
    }
    const std::uint64_t header_end = kMagic + file[kJumpOffset];
    if (file.size() < kHeaderEnd || header_end < kHeaderEnd || header_end > kMaxHeaderEnd || header_end > file.size()) {
        return fail(ErrorCode::kCorrupt, "bzImage's setup header ends at {:#x}", header_end);
    }
    if ((file[kLoadFlags] & 1) == 0)
        return fail(ErrorCode::kUnsupported, "a zImage (it loads below 1 MiB), not a bzImage");
    const std::uint64_t setup_sects = file[kSetupHeader] == 0 ? 4 : file[kSetupHeader];  // 0 means 4, for old kernels
    const std::uint64_t setup_size = (setup_sects + 1) * kSectorSize;
    kernel.setup_header = {kSetupHeader, header_end - kSetupHeader};
    kernel.protected_mode = {setup_size, setup_size < file.size() ? file.size() - setup_size : 0};
    kernel.initrd_addr_max = load_le<std::uint32_t>(&file[kInitrdAddrMax]);
    kernel.kernel_alignment = load_le<std::uint32_t>(&file[kKernelAlignment]);
    kernel.relocatable = file[kRelocatable] != 0;
    kernel.xloadflags = load_le<std::uint16_t>(&file[kXLoadFlags]);
    kernel.cmdline_size = load_le<std::uint32_t>(&file[kCmdlineSize]);
    kernel.pref_address = load_le<std::uint64_t>(&file[kPrefAddress]);
    kernel.init_size = load_le<std::uint32_t>(&file[kInitSize]);
    NYX_TRY(check_bounds(kernel, file.size()));
    return kernel;
}

Result<std::uint64_t> bzimage_load_address(const BzImage& kernel, std::uint64_t ram_end) {
    constexpr std::uint64_t kLowest = 0x100000;
    const auto preferred_end = checked_add(kernel.pref_address, kernel.init_size);
    if (kernel.pref_address >= kLowest && preferred_end && *preferred_end <= ram_end) return kernel.pref_address;
    if (kernel.relocatable) {
        const std::uint64_t lowest = align_up(kLowest, kernel.kernel_alignment);
        const auto end = checked_add(lowest, kernel.init_size);
        if (end && *end <= ram_end) return lowest;
    }
    return fail(ErrorCode::kResource, "the kernel needs {} MiB of RAM from {:#x}, and RAM ends at {:#x}",
                kernel.init_size >> 20, kernel.pref_address, ram_end);
}

}  // namespace nyx::image
