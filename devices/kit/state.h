// Saved state of one device: values by field id, apart from the device's own types.
//
// A device lists its fields once, in a template that both StateWriter and StateReader run over:
//     template <class Io, class S> void fields(Io& io, S& s) { io.field(1, s.ier); io.field(2, s.lcr); }
// Ids are never used again for something else. A field that the saved state lacks keeps the value the reader found,
// which is the default; an id that nobody asked for, a repeated id and a value of the wrong size are refused by
// finish(). Encoding of a unit (all little-endian): path and type as u16 length + bytes, u32 version, u32 field count,
// then per field u32 id (ascending), u32 size, bytes. Integers take their own width, a bool is a byte 0 or 1. Not
// thread-safe: the caller holds the device's lock.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "devices/kit/byte_fifo.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::dev {

struct StateField {
    std::uint32_t id = 0;
    Bytes value;
    bool operator==(const StateField&) const = default;
};

// path: the instance's name in the plan ("com1"). type and version: of the device type that wrote it.
struct StateUnit {
    std::string path;
    std::string type;
    std::uint32_t version = 1;
    std::vector<StateField> fields;  // ascending ids
    bool operator==(const StateUnit&) const = default;
};

Bytes encode_state(const StateUnit& unit);
// Exactly one unit; refuses anything that encode_state would not write.
Result<StateUnit> decode_state(ByteView bytes);

template <class T>
concept StateScalar = std::is_integral_v<T> || std::is_enum_v<T>;

class StateWriter {
  public:
    // Ids must ascend.
    template <StateScalar T>
    void field(std::uint32_t id, const T& value) {
        Bytes bytes(sizeof value);
        store_le(bytes.data(), value);
        append(id, std::move(bytes));
    }
    template <std::size_t N>
    void field(std::uint32_t id, const std::array<std::uint8_t, N>& value) {
        append(id, Bytes(value.begin(), value.end()));
    }
    template <std::size_t N>
    void field(std::uint32_t id, const ByteFifo<N>& value) {
        append(id, value.bytes());
    }

    // For a device whose fields are known when it runs.
    void bytes(std::uint32_t id, Bytes value) { append(id, std::move(value)); }

    std::vector<StateField> take() { return std::move(fields_); }

  private:
    void append(std::uint32_t id, Bytes value);
    std::vector<StateField> fields_;
};

class StateReader {
  public:
    // version: of the device type that wrote them; 0: of the one that reads.
    explicit StateReader(std::span<const StateField> fields, std::uint32_t version = 0)
        : fields_(fields), version_(version) {}

    std::span<const StateField> fields() const { return fields_; }
    std::uint32_t version() const { return version_; }

    template <StateScalar T>
    void field(std::uint32_t id, T& value) {
        const Bytes* bytes = find(id, sizeof value, sizeof value);
        if (!bytes) return;
        if constexpr (std::is_same_v<T, bool>) {
            if (bytes->front() > 1) return refuse(id, "is neither true nor false");
            value = bytes->front() != 0;
        } else {
            value = load_le<T>(bytes->data());
        }
    }
    template <std::size_t N>
    void field(std::uint32_t id, std::array<std::uint8_t, N>& value) {
        if (const Bytes* bytes = find(id, N, N)) std::copy(bytes->begin(), bytes->end(), value.begin());
    }
    template <std::size_t N>
    void field(std::uint32_t id, ByteFifo<N>& value) {
        const Bytes* bytes = find(id, 0, N);
        if (!bytes) return;
        value.clear();
        for (std::uint8_t byte : *bytes) value.push(byte);
    }

    // For a device whose fields are known when it runs, and which refuses what is no value of them. Null: not there.
    const Bytes* bytes(std::uint32_t id) { return find(id, 0, SIZE_MAX); }
    void refuse(std::uint32_t id, std::string_view why);

    // What was wrong, if anything. Call it after the last field.
    Status finish();

  private:
    const Bytes* find(std::uint32_t id, std::size_t min_size, std::size_t max_size);

    std::span<const StateField> fields_;
    std::uint32_t version_;
    std::vector<std::uint32_t> asked_;
    std::string problem_;
};

}  // namespace nyx::dev
