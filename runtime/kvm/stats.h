// KVM's own counters of one vCPU or VM (Documentation/virt/kvm/api.rst, KVM_GET_STATS_FD).
//
// Reading does not disturb a running vCPU. Not thread-safe against itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/file.h"
#include "runtime/base/result.h"

namespace nyx::kvm {

class Stats {
  public:
    // fd: of a vCPU or a VM. kUnsupported on kernels before 5.14.
    static Result<Stats> open(int fd);

    // Scalars by the kernel's name ("exits", "insn_emulation"); histograms are left out.
    std::map<std::string, std::uint64_t, std::less<>> read() const;
    // One of them; 0 where the kernel has none of this name.
    std::uint64_t read(std::string_view name) const;

  private:
    struct Counter {
        std::string name;
        std::uint64_t offset = 0;  // in the file
    };
    std::uint64_t value_at(std::uint64_t offset) const;

    Fd fd_;
    std::vector<Counter> counters_;
};

}  // namespace nyx::kvm
