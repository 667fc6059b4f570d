#include "runtime/image/image.h"

#include "runtime/image/formats.h"

namespace nyx::image {
namespace {

struct KindName {
    std::string_view operator()(const Elf& elf) const {
        if (elf.pvh_entry) return elf.is_64 ? "64-bit ELF with a PVH entry" : "32-bit ELF with a PVH entry";
        return elf.is_64 ? "64-bit ELF" : "32-bit ELF";
    }
    std::string_view operator()(const BzImage&) const { return "Linux bzImage"; }
    std::string_view operator()(const Raw&) const { return "raw bytes"; }
};

// What the first bytes say about a file that is not what was wanted.
std::string_view guess(ByteView file) {
    if (file.empty()) return "an empty file";
    if (is_elf(file)) return "an ELF";
    if (is_bzimage(file)) return "a Linux bzImage";
    if (file.size() >= 2 && file[0] == 0x1F && file[1] == 0x8B) return "gzip data";
    if (file.size() >= 2 && as_text(file.first(2)) == "#!") return "a script";
    return "raw bytes";
}

}  // namespace

std::string_view ImageInfo::kind() const {
    return std::visit(KindName{}, format);
}

Result<ImageInfo> inspect(ByteView file) {
    ImageInfo info{.format = Raw{}, .multiboot = std::nullopt, .size = file.size()};
    if (is_elf(file)) {
        NYX_ASSIGN(info.format, parse_elf(file));
    } else if (is_bzimage(file)) {
        NYX_ASSIGN(info.format, parse_bzimage(file));
    }
    // The magic may stand in other files by chance: only a header that also makes sense counts here.
    if (auto at = find_multiboot(file)) {
        if (auto header = parse_multiboot(file, *at)) info.multiboot = *header;
    }
    return info;
}

Result<Elf> inspect_elf(ByteView file) {
    if (!is_elf(file)) return fail(ErrorCode::kCorrupt, "not an ELF: {}", guess(file));
    return parse_elf(file);
}

Result<BzImage> inspect_bzimage(ByteView file) {
    if (!is_bzimage(file)) return fail(ErrorCode::kCorrupt, "not a Linux bzImage: {}", guess(file));
    return parse_bzimage(file);
}

Result<Multiboot> inspect_multiboot(ByteView file) {
    auto at = find_multiboot(file);
    if (!at) return fail(ErrorCode::kCorrupt, "no multiboot header in the first 8 KiB: {}", guess(file));
    return parse_multiboot(file, *at);
}

Status check_firmware(ByteView file) {
    if (file.empty() || file.size() > kMaxFirmwareSize) {
        return fail(ErrorCode::kCorrupt, "firmware of {} bytes; it must have 4 KiB to 16 MiB", file.size());
    }
    const std::uint64_t unit = file.size() > 0x10000 ? 0x10000 : 0x1000;
    if (file.size() % unit != 0) {
        return fail(ErrorCode::kCorrupt, "firmware of {} bytes is not a multiple of {} KiB: is the file cut short?",
                    file.size(), unit >> 10);
    }
    return {};
}

}  // namespace nyx::image
