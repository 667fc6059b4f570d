// Numbers, text and counts as docs/bytecode.md has them in bytes: what codec.cc describes its tables to, one way and
// the other. Private to this folder.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/bytes.h"

namespace nyx::script {

class ArchiveWriter {
  public:
    static constexpr bool kReads = false;
    void number(std::uint64_t value) {  // LEB128
        while (value >= 0x80) {
            out.write(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        out.write(static_cast<std::uint8_t>(value));
    }
    template <std::integral T>
    void integer(T& value) {
        number(static_cast<std::uint64_t>(value));
    }
    void text(std::string& value) {
        number(value.size());
        out.write(std::string_view(value));
    }
    template <class T>
    void count(std::vector<T>& items) {
        number(items.size());
    }
    ByteWriter out;
};

class ArchiveReader {
  public:
    static constexpr bool kReads = true;
    explicit ArchiveReader(ByteView bytes) : in(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            auto byte = in.read<std::uint8_t>();
            if (shift == 63 && byte > 1) break;
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80) == 0) {
                if (byte == 0 && shift != 0) break;  // one way to write each number
                return value;
            }
        }
        bad = true;
        return 0;
    }
    template <std::integral T>
    void integer(T& value) {
        std::uint64_t raw = number();
        value = static_cast<T>(raw);
        if (static_cast<std::uint64_t>(value) != raw) bad = true;
    }
    void text(std::string& value) {
        std::uint64_t size = number();
        if (size > in.remaining()) bad = true;
        if (!bad) value = as_text(in.take(size));
    }
    // Every item takes a byte or more, so a count beyond what is left is a lie, and memory stays in proportion to the
    // input.
    template <class T>
    void count(std::vector<T>& items) {
        std::uint64_t size = number();
        if (!in.ok() || size > in.remaining()) bad = true;
        if (!bad) items.resize(size);
    }
    ByteReader in;
    bool bad = false;
};

}  // namespace nyx::script
