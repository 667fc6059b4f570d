#include "runtime/machine/halt_watch.h"

namespace nyx::vm {

constexpr std::uint64_t kInterruptFlag = 1 << 9;  // RFLAGS.IF

bool all_blocked(const std::vector<kvm::Stats>& stats) {
    return !stats.empty() &&
           std::all_of(stats.begin(), stats.end(), [](const kvm::Stats& vcpu) { return vcpu.read("blocking") != 0; });
}

bool waits_in_vain(kvm::Activity activity, std::uint64_t rflags) {
    switch (activity) {
        case kvm::Activity::kHalted:
            return (rflags & kInterruptFlag) == 0;
        case kvm::Activity::kUninitialized:
        case kvm::Activity::kInitReceived:
            return true;
        default:
            return false;
    }
}

}  // namespace nyx::vm
