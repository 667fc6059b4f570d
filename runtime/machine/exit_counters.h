// How often each register of each device was accessed, and everything else that came out of the guest.
//
// One VcpuCounters a vCPU: only its thread writes, so counting costs no contention; any thread may read at any time and
// sees values that were true a moment ago.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "devices/kit/device_type.h"
#include "runtime/hv/exit.h"

namespace nyx::vm {

using dev::Space;

struct UnclaimedAccess {
    Space space = Space::kPio;
    std::uint64_t address = 0;
    bool is_write = false;
    auto operator<=>(const UnclaimedAccess&) const = default;
};

class VcpuCounters {
  public:
    // Addresses remembered one by one; further ones share a counter, so a guest cannot grow the table.
    static constexpr std::size_t kMaxUnclaimed = 256;

    explicit VcpuCounters(std::size_t registers) : registers_(registers) {}

    void count_register(std::size_t index) { bump(registers_[index]); }
    // The same, where several threads count.
    void count_shared(std::size_t index) { registers_[index].fetch_add(1, std::memory_order_relaxed); }
    void count_exit(const hv::Exit& exit) { bump(exits_[exit.index()]); }
    // True: the first access of this kind by this vCPU.
    bool count_unclaimed(const UnclaimedAccess& access);

    // For compiled code, which counts by itself on this vCPU's thread.
    std::uint64_t* raw_registers() {
        static_assert(sizeof(Counter) == sizeof(std::uint64_t) && Counter::is_always_lock_free);
        return reinterpret_cast<std::uint64_t*>(registers_.data());
    }

    std::uint64_t registers(std::size_t index) const { return registers_[index].load(std::memory_order_relaxed); }
    std::uint64_t exits(std::size_t kind) const { return exits_[kind].load(std::memory_order_relaxed); }
    std::map<UnclaimedAccess, std::uint64_t> unclaimed() const;
    std::uint64_t other_unclaimed() const;

  private:
    using Counter = std::atomic<std::uint64_t>;
    // One writer: no locked instruction needed.
    static void bump(Counter& counter) {
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    std::vector<Counter> registers_;
    std::array<Counter, std::variant_size_v<hv::Exit>> exits_{};
    mutable std::mutex mutex_;  // of the two below
    std::map<UnclaimedAccess, std::uint64_t> unclaimed_;
    std::uint64_t other_unclaimed_ = 0;
};

// The sum over all vCPUs, for people and for JSON.
struct ExitSummary {
    struct Row {
        std::string device;  // empty: nobody's address
        std::string reg;     // register, or the address where nobody answers
        bool is_write = false;
        std::uint64_t count = 0;         // by an exit
        std::uint64_t without_exit = 0;  // rung, or queued; reads of a page are not seen
    };
    std::vector<Row> rows;                                  // most frequent first
    std::map<std::string, std::uint64_t> exits;             // to user space, by kind; zeros left out
    std::map<std::string, std::uint64_t, std::less<>> kvm;  // KVM's own counters, summed over vCPUs
    std::uint64_t total_exits() const;
    std::uint64_t total_accesses() const;
};

}  // namespace nyx::vm
