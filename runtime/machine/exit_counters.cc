#include "runtime/machine/exit_counters.h"

namespace nyx::vm {

bool VcpuCounters::count_unclaimed(const UnclaimedAccess& access) {
    std::lock_guard lock(mutex_);
    auto found = unclaimed_.find(access);
    if (found != unclaimed_.end()) {
        ++found->second;
        return false;
    }
    if (unclaimed_.size() >= kMaxUnclaimed) {
        ++other_unclaimed_;
        return false;
    }
    unclaimed_.emplace(access, 1);
    return true;
}

std::map<UnclaimedAccess, std::uint64_t> VcpuCounters::unclaimed() const {
    std::lock_guard lock(mutex_);
    return unclaimed_;
}

std::uint64_t VcpuCounters::other_unclaimed() const {
    std::lock_guard lock(mutex_);
    return other_unclaimed_;
}

std::uint64_t ExitSummary::total_exits() const {
    std::uint64_t total = 0;
    for (const auto& [kind, count] : exits) total += count;
    return total;
}

std::uint64_t ExitSummary::total_accesses() const {
    std::uint64_t total = 0;
    for (const Row& row : rows) total += row.count;
    return total;
}

}  // namespace nyx::vm
