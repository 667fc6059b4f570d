// A queue of at most N bytes, in place. push() on a full queue and pop() on an empty one are mistakes of ours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "runtime/base/bytes.h"
#include "runtime/base/check.h"

namespace nyx::dev {

template <std::size_t N>
class ByteFifo {
  public:
    std::size_t size() const { return count_; }
    bool empty() const { return count_ == 0; }
    bool full() const { return count_ == N; }
    void clear() { count_ = 0; }
    // The i-th oldest.
    std::uint8_t at(std::size_t i) const { return bytes_[(head_ + i) % N]; }

    void push(std::uint8_t byte) {
        NYX_CHECK(!full());
        bytes_[(head_ + count_++) % N] = byte;
    }
    std::uint8_t pop() {
        NYX_CHECK(!empty());
        std::uint8_t byte = bytes_[head_];
        head_ = (head_ + 1) % N;
        --count_;
        return byte;
    }
    // Oldest first.
    Bytes bytes() const {
        Bytes all;
        for (std::size_t i = 0; i < count_; ++i) all.push_back(at(i));
        return all;
    }

  private:
    std::array<std::uint8_t, N> bytes_{};
    std::size_t head_ = 0;
    std::size_t count_ = 0;
};

}  // namespace nyx::dev
