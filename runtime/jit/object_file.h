// A relocatable ELF64 file for x86-64, as compiler/codegen writes it and as far as linking needs it.
//
// The bytes are hostile. read() has checked that everything lies in them, that what is loaded is code or read-only
// data, that no symbol comes from outside, and that each relocation is one of two kinds, inside its section and of a
// symbol that is loaded; whoever holds an ObjectFile checks nothing again. (System V ABI, AMD64 supplement 1.0,
// chapter 4.)
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::jit {

struct ObjectSection {
    ByteView bytes;
    std::uint64_t alignment = 1;  // a power of two, at most kMaxAlignment
    bool is_code = false;
};

// 32 bits at `offset` of a section become symbol + addend - place.
struct ObjectRelocation {
    std::uint32_t section = 0;  // index into sections, of what is changed
    std::uint64_t offset = 0;
    std::uint32_t target = 0;  // index into sections, of the symbol
    std::int64_t value = 0;    // of the symbol in its section, with the addend
};

struct ObjectFunction {
    std::string_view name;      // points into the file
    std::uint32_t section = 0;  // of code
    std::uint64_t offset = 0;
};

struct ObjectFile {
    static constexpr std::size_t kMaxSize = std::size_t{16} << 20;  // bytes of a file
    static constexpr std::uint64_t kMaxAlignment = 4096;

    std::vector<ObjectSection> sections;  // that are loaded
    std::vector<ObjectRelocation> relocations;
    std::vector<ObjectFunction> functions;  // that it exports

    // The result refers to `file`. Errors: kCorrupt with what is wrong.
    static Result<ObjectFile> read(ByteView file);
};

}  // namespace nyx::jit
