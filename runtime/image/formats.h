// The parsers behind inspect(), one a format. Private to this folder.
#pragma once

#include "runtime/image/image.h"

namespace nyx::image {

// Half-open `part` lies in [0, size) and does not wrap around.
inline bool inside(Range part, std::uint64_t size) {
    return part.base <= size && part.size <= size - part.base;
}

// By magic number; the parsers expect it there.
bool is_elf(ByteView file);
bool is_bzimage(ByteView file);
// Offset of a multiboot 1 header with a right checksum, if there is one.
std::optional<std::size_t> find_multiboot(ByteView file);

Result<Elf> parse_elf(ByteView file);
Result<BzImage> parse_bzimage(ByteView file);
Result<Multiboot> parse_multiboot(ByteView file, std::size_t header_at);

}  // namespace nyx::image
