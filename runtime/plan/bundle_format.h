// The numbers of docs/bundle.md, shared by the writer and the reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/sha256.h"

namespace nyx::plan {

inline constexpr std::array<std::uint8_t, 8> kBundleMagic{'N', 'Y', 'X', 'B', '\r', '\n', 0x1A, '\n'};
inline constexpr std::uint32_t kBundleFormat = 1;
inline constexpr std::size_t kHeaderSize = 64;
inline constexpr std::size_t kHeaderDigestAt = 24;
inline constexpr std::size_t kEntrySize = 80;
inline constexpr std::size_t kEntryNameSize = 32;
inline constexpr std::uint32_t kMaxSections = 32;

struct SectionEntry {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    Digest digest{};
};

// "image:kernel" → "kernel"; empty for other sections.
std::string_view image_id(std::string_view section);
// "code:x86-64-v3" → "x86-64-v3", and back; empty for other sections.
std::string_view code_level(std::string_view section);
std::string code_section(std::string_view level);
std::uint64_t section_alignment(std::string_view section);
// Place in the order of the format: images last and equal among themselves (they go by name). -1: the format has no
// such section.
int section_rank(std::string_view section);
// SHA-256 over header and table, the digest field taken as zeros. `head` is at least kHeaderSize bytes.
Digest header_digest(ByteView head);

}  // namespace nyx::plan
