// Multiboot Specification 0.6.96, §3.1: the header stands 4-byte aligned in the first 8192 bytes.
#include <algorithm>

#include "runtime/image/formats.h"

namespace nyx::image {
namespace {

constexpr std::uint32_t kMagic = 0x1BADB002;
constexpr std::size_t kSearch = 8192;
constexpr std::uint32_t kHasAddresses = 1U << 16;
constexpr std::uint32_t kUnderstoodRequirements = 3;  // bits 0 to 15 are requirements: alignment, memory information

// §3.1.3: load_end_addr 0 means to the file's end, bss_end_addr 0 means no bss.
Result<Multiboot::Addresses> parse_addresses(ByteView file, std::size_t header_at) {
    ByteReader reader(file.subspan(header_at + 12));
    const std::uint64_t header_addr = reader.read<std::uint32_t>();
    const std::uint64_t load_addr = reader.read<std::uint32_t>();
    std::uint64_t load_end = reader.read<std::uint32_t>();
    const std::uint64_t bss_end = reader.read<std::uint32_t>();
    const auto entry = reader.read<std::uint32_t>();
    if (!reader.ok()) return fail(ErrorCode::kCorrupt, "the file ends inside its multiboot header");
    if (load_addr > header_addr || header_addr - load_addr > header_at) {
        return fail(ErrorCode::kCorrupt, "multiboot load address {:#x} does not fit the header's place in the file",
                    load_addr);
    }
    const std::uint64_t offset = header_at - (header_addr - load_addr);
    if (load_end == 0) load_end = load_addr + (file.size() - offset);
    if (load_end < load_addr || !inside({offset, load_end - load_addr}, file.size())) {
        return fail(ErrorCode::kCorrupt, "multiboot load range {:#x}-{:#x} lies outside the file", load_addr, load_end);
    }
    const Range memory{load_addr, std::max(load_end, bss_end) - load_addr};
    if (!memory.contains(entry)) return fail(ErrorCode::kCorrupt, "multiboot entry {:#x} is outside the image", entry);
    return Multiboot::Addresses{.segment = {.file = {offset, load_end - load_addr}, .memory = memory}, .entry = entry};
}

}  // namespace

std::optional<std::size_t> find_multiboot(ByteView file) {
    const std::size_t end = std::min(file.size(), kSearch);
    for (std::size_t at = 0; at + 12 <= end; at += 4) {
        if (load_le<std::uint32_t>(&file[at]) != kMagic) continue;
        const std::uint32_t sum =
            kMagic + load_le<std::uint32_t>(&file[at + 4]) + load_le<std::uint32_t>(&file[at + 8]);
        if (sum == 0) return at;
    }
    return std::nullopt;
}

Result<Multiboot> parse_multiboot(ByteView file, std::size_t header_at) {
    Multiboot header;
    header.flags = load_le<std::uint32_t>(&file[header_at + 4]);
    const std::uint32_t unknown = header.flags & 0xFFFF & ~kUnderstoodRequirements;
    if (unknown != 0) {
        return fail(ErrorCode::kUnsupported,
                    "the multiboot header requires features {:#x}; video modes are not provided", unknown);
    }
    if ((header.flags & kHasAddresses) != 0) {
        NYX_ASSIGN(header.addresses, parse_addresses(file, header_at));
    }
    return header;
}

}  // namespace nyx::image
