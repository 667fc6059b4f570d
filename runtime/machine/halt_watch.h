// When to ask whether the guest has halted for good: all its vCPUs wait, and have masked what could wake them.
//
// Looking needs the vCPUs to stand still for a moment, so the watch first asks the hypervisor what disturbs nobody,
// and asks less and less often while the answer is no. Time is the caller's. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/hv/hypervisor.h"

namespace nyx::vm {

class HaltWatch {
  public:
    static constexpr std::uint64_t kFirstNs = 100'000'000;
    static constexpr std::uint64_t kLongestNs = 5'000'000'000;

    void start(std::uint64_t now_ns) {
        interval_ns_ = kFirstNs;
        next_ns_ = now_ns + interval_ns_;
    }
    std::uint64_t next_ns() const { return next_ns_; }
    bool is_due(std::uint64_t now_ns) const { return now_ns >= next_ns_; }
    // It still lives.
    void postpone(std::uint64_t now_ns) {
        interval_ns_ = std::min(2 * interval_ns_, kLongestNs);
        next_ns_ = now_ns + interval_ns_;
    }

  private:
    std::uint64_t interval_ns_ = kFirstNs;
    std::uint64_t next_ns_ = 0;
};

// Every vCPU waits for something. False where the hypervisor cannot tell.
bool all_waiting(const std::vector<std::unique_ptr<hv::Vcpu>>& vcpus);
// A vCPU that only an NMI, INIT or SMI could wake; nothing in the machine sends one when all are like that.
bool waits_in_vain(hv::Activity activity, std::uint64_t rflags);

}  // namespace nyx::vm
