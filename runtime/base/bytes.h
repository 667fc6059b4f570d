// Little-endian reading and writing of byte sequences that nobody has checked yet.
//
// ByteReader never reads outside its span: a read past the end yields zero and makes ok() false for good, so a parser
// reads a whole record and asks once. ByteWriter appends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace nyx {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Little-endian integer at the start of `bytes`, which must hold at least sizeof(T); hosts are x86-64.
template <class T>
T load_le(const std::uint8_t* bytes) {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

template <class T>
void store_le(std::uint8_t* bytes, T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(bytes, &value, sizeof value);
}

class ByteReader {
  public:
    explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

    template <class T>
    T read() {
        T value{};
        ByteView source = take(sizeof(T));
        if (source.size() == sizeof(T)) std::memcpy(&value, source.data(), sizeof(T));
        return value;
    }

    // The next `size` bytes, or an empty view and ok() == false.
    ByteView take(std::size_t size) {
        if (size > remaining()) {
            ok_ = false;
            return {};
        }
        ByteView part = bytes_.subspan(position_, size);
        position_ += size;
        return part;
    }

    bool ok() const { return ok_; }
    std::size_t position() const { return position_; }
    std::size_t remaining() const { return bytes_.size() - position_; }

  private:
    ByteView bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

class ByteWriter {
  public:
    template <class T>
    void write(T value) {
        static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
        std::size_t at = bytes_.size();
        bytes_.resize(at + sizeof value);
        std::memcpy(bytes_.data() + at, &value, sizeof value);
    }
    void write(ByteView part) { bytes_.insert(bytes_.end(), part.begin(), part.end()); }
    void write(std::string_view text) { write(as_bytes(text)); }
    void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
    // Zeros until size() is a multiple of `alignment`.
    void align(std::size_t alignment) { zeros((alignment - bytes_.size() % alignment) % alignment); }

    std::size_t size() const { return bytes_.size(); }
    Bytes& bytes() { return bytes_; }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

}  // namespace nyx
