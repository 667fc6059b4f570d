// The state of one described device: fields by index, in the layout's bytes.
//
// Indices of fields are those of a verified program; indices of elements may be anything.
#pragma once

#include <cstring>

#include "devices/described/layout.h"
#include "devices/kit/state.h"

namespace nyx::dev::described {

class State {
  public:
    explicit State(const ir::Program& program);  // which outlives it; with the initial values

    void reset();
    std::uint64_t get(std::uint32_t field, std::uint64_t index = 0) const;
    void set(std::uint32_t field, std::uint64_t value, std::uint64_t index = 0);

    std::uint32_t length(std::uint32_t fifo) const { return word(layout_.fields[fifo].lengths + 4); }
    void push(std::uint32_t fifo, std::uint64_t value);
    std::uint64_t pop(std::uint32_t fifo, std::uint64_t otherwise);
    std::uint64_t at(std::uint32_t fifo, std::uint64_t index) const;
    void clear(std::uint32_t fifo);

    // A field as it is saved: its elements, little-endian; of a fifo those that it has.
    Bytes saved(std::uint32_t field) const;
    // False: the bytes are no value of the field, which stays as it is.
    bool restore(std::uint32_t field, ByteView bytes);

    std::span<const std::uint8_t> bytes() const { return bytes_; }
    std::uint8_t* data() { return bytes_.data(); }

  private:
    std::uint32_t word(std::uint32_t offset) const {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    void set_word(std::uint32_t offset, std::uint32_t value) {
        std::memcpy(bytes_.data() + offset, &value, sizeof value);
    }
    std::uint64_t element(std::uint32_t field, std::uint64_t index) const;
    void set_element(std::uint32_t field, std::uint64_t index, std::uint64_t value);

    const ir::Program* program_;
    Layout layout_;
    Bytes bytes_;
};

}  // namespace nyx::dev::described
