// Stand-ins for everything a device lives on, for tests: they record what the device did and do what the test says.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "devices/kit/byte_stream.h"
#include "devices/kit/services.h"
#include "devices/kit/timer_queue.h"
#include "runtime/base/bytes.h"

namespace nyx::dev {

struct FakeIrqLine : IrqLine {
    void set(bool value) override {
        if (value && !asserted) ++rises;
        asserted = value;
    }
    bool asserted = false;
    int rises = 0;
};

struct FakeClock : Clock {
    std::uint64_t monotonic_ns() const override { return now_ns; }
    std::int64_t wall_ns() const override { return wall_at_zero_ns + static_cast<std::int64_t>(now_ns); }
    std::uint64_t now_ns = 0;
    std::int64_t wall_at_zero_ns = 0;
};

// Time passes only in advance().
class FakeTimers : public Timers {
  public:
    explicit FakeTimers(FakeClock& clock) : clock_(clock), timers_(queue_.for_device(lock_)) {}
    std::unique_ptr<Timer> create(std::function<void()> fired) override { return timers_->create(std::move(fired)); }

    // Moves the clock, stopping at each deadline on the way to run its timer.
    void advance(std::uint64_t ns) {
        std::uint64_t end = clock_.now_ns + ns;
        for (auto next = queue_.next_deadline(); next && *next <= end; next = queue_.next_deadline()) {
            if (*next > clock_.now_ns) clock_.now_ns = *next;
            queue_.run_due(clock_.now_ns);
        }
        clock_.now_ns = end;
    }
    std::optional<std::uint64_t> next_deadline() const { return queue_.next_deadline(); }

  private:
    FakeClock& clock_;
    TimerQueue queue_;
    std::mutex lock_;
    std::unique_ptr<Timers> timers_;
};

struct FakeControl : MachineControl {
    void request_reset(std::string_view reason) override { requests.push_back("reset: " + std::string(reason)); }
    void request_power_off(std::string_view reason) override {
        requests.push_back("power off: " + std::string(reason));
    }
    void request_exit(int status) override { requests.push_back("exit " + std::to_string(status)); }
    void guest_panicked(bool crash_loaded) override { requests.push_back(crash_loaded ? "crash loaded" : "panicked"); }
    std::vector<std::string> requests;
};

struct VectorSink : ByteSink {
    void write(std::span<const std::uint8_t> part) override { bytes.insert(bytes.end(), part.begin(), part.end()); }
    std::string text() const { return std::string(as_text(bytes)); }
    Bytes bytes;
};

}  // namespace nyx::dev
