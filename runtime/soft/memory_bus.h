// The memory bus of a machine, as far as an instruction needs it that must change memory in one step and cannot by one
// of the host's: with a LOCK on an operand that runs over the end of a page, or that is a device's.
//
// A CPU rides on the bus while it executes guest code. lock() returns once every other one that rides stands between
// two instructions, where it stays until unlock(): what the others do to memory, plain and locked accesses and page
// walks alike, comes before all of it or after all of it, as with LOCK# (SDM volume 3, §8.1.2.2). Kept out are CPUs
// only; devices and whoever looks at guest memory from outside are not. A device that an instruction accesses may not
// wait for another CPU to make progress. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace nyx::soft {

class MemoryBus {
  public:
    // Of a CPU, in which kWantBus asks it to give_way().
    using Attention = std::atomic<std::uint32_t>;

    // Rides for as long as it lives.
    class Ride {
      public:
        Ride(MemoryBus& bus, Attention& rider) : bus_(bus), rider_(rider) { bus_.join(rider_); }
        ~Ride() { bus_.leave(rider_); }
        Ride(const Ride&) = delete;
        Ride& operator=(const Ride&) = delete;

      private:
        MemoryBus& bus_;
        Attention& rider_;
    };

    // Between two instructions: comes back when nobody has the bus locked.
    void give_way(Attention& rider);
    // In the middle of an instruction, before it has changed anything: others may change memory until this returns.
    void lock(Attention& rider);
    void unlock(Attention& rider);

  private:
    void join(Attention& rider);
    void leave(Attention& rider);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Attention*> riders_;  // but for who has locked the bus, or waits for that
    bool is_locked_ = false;
};

}  // namespace nyx::soft
