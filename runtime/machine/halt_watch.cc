#include "runtime/machine/halt_watch.h"

namespace nyx::vm {

constexpr std::uint64_t kInterruptFlag = 1 << 9;  // RFLAGS.IF

bool all_waiting(const std::vector<std::unique_ptr<hv::Vcpu>>& vcpus) {
    return std::ranges::all_of(vcpus, [](const auto& vcpu) { return vcpu->is_waiting().value_or(false); });
}

bool waits_in_vain(hv::Activity activity, std::uint64_t rflags) {
    switch (activity) {
        case hv::Activity::kHalted:
            return (rflags & kInterruptFlag) == 0;
        case hv::Activity::kUninitialized:
        case hv::Activity::kInitReceived:
            return true;
        default:
            return false;
    }
}

}  // namespace nyx::vm
