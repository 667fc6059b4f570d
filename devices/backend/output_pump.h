// Bytes on their way to a peer that may be slow: a queue of at most `capacity` bytes and a thread that writes them out.
//
// Nothing is lost while the peer is there, however slow: when the queue is full, write() waits for room. A peer that
// has taken nothing for `patience` counts as gone: what does not fit is then dropped and counted, without waiting,
// until it takes something again. A write error (closed pipe, hung-up terminal) is the same at once. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "devices/kit/byte_stream.h"
#include "runtime/base/bytes.h"
#include "runtime/base/file.h"

namespace nyx::dev {

class OutputPump final : public ByteSink {
  public:
    static constexpr std::size_t kCapacity = std::size_t{1} << 20;
    static constexpr std::chrono::milliseconds kPatience{2000};

    // fd: where to; stays the caller's and outlives this. Best non-blocking: writes to a blocking one are kept short
    // instead.
    explicit OutputPump(int fd, std::size_t capacity = kCapacity, std::chrono::milliseconds patience = kPatience);
    // Writes out the rest, giving up when the peer is gone.
    ~OutputPump() override;

    void write(std::span<const std::uint8_t> bytes) override;
    std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  private:
    using Time = std::chrono::steady_clock::time_point;

    void run();
    // Writes part of `bytes`; how much, or 0 when the peer did not take anything within a time slice or at all.
    std::size_t write_some(std::span<const std::uint8_t> bytes);
    bool gone(Time now) const { return broken_ || now - progress_ >= patience_; }

    const int fd_;
    const std::size_t capacity_;
    const std::chrono::milliseconds patience_;
    std::atomic<std::uint64_t> dropped_{0};

    std::mutex mutex_;
    std::condition_variable changed_;
    Bytes waiting_;              // not yet seen by the thread
    std::size_t in_flight_ = 0;  // bytes that the thread holds
    Time progress_;              // when the peer last took something, or had nothing to take
    bool broken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace nyx::dev
