// A place in source text, as numbers: bytes [begin, end) of the file with that index. Shared by the compiler and by
// bytecode, so that a message at run time can point at the line that caused it. file == kNoFile: no place is known.
#pragma once

#include <cstdint>

namespace nyx {

struct Span {
    static constexpr std::uint32_t kNoFile = 0xFFFFFFFF;

    std::uint32_t file = kNoFile;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    constexpr bool known() const { return file != kNoFile; }
    constexpr bool operator==(const Span&) const = default;
};

// From the start of `first` to the end of `last`; both in one file.
constexpr Span join(Span first, Span last) {
    if (!first.known()) return last;
    if (!last.known()) return first;
    return {first.file, first.begin, last.end};
}

}  // namespace nyx
