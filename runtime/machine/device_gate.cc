#include "runtime/machine/device_gate.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "runtime/base/check.h"

namespace nyx::vm {

namespace {

long membarrier(int command) {
    return ::syscall(__NR_membarrier, command, 0, 0);
}

}  // namespace

bool DeviceGate::prepare() {
    return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}

// Only its own thread makes a vCPU the owner, so what others did under the lock before is known to it when it goes
// without.
void DeviceGate::enter(dev::ir::NativeVcpu* vcpu) {
    if (patience_.most == 0) return;
    std::atomic_ref word(word_.owner);
    dev::ir::NativeVcpu* owner = word.load(std::memory_order_relaxed);
    if (owner != nullptr && owner == vcpu) return;
    if (owner != nullptr) {
        revoke(*owner);
        if (vcpu != nullptr) patience_.first = std::min(2 * patience_.first, patience_.most);
    }
    in_a_row_ = vcpu == last_ ? in_a_row_ + 1 : 1;
    last_ = vcpu;
    if (vcpu != nullptr && in_a_row_ >= patience_.first) word.store(vcpu, std::memory_order_relaxed);
}

// The owner either saw that it is no more, or is seen to be inside: between its store and its load lies the barrier.
void DeviceGate::revoke(dev::ir::NativeVcpu& owner) {
    std::atomic_ref(word_.owner).store(nullptr, std::memory_order_relaxed);
    NYX_CHECK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0, "membarrier");
    while (std::atomic_ref(owner.inside).load(std::memory_order_acquire) == &word_) std::this_thread::yield();
}

}  // namespace nyx::vm
