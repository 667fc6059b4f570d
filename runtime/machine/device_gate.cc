#include "runtime/machine/device_gate.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "runtime/base/check.h"

namespace nyx::vm {

namespace {

long membarrier(int command) {
    return ::syscall(__NR_membarrier, command, 0, 0);
}

class GatedTimers final : public dev::Timers {
  public:
    GatedTimers(dev::Timers& timers, DeviceGate& gate) : timers_(timers), gate_(gate) {}
    std::unique_ptr<dev::Timer> create(std::function<void()> fired) override {
        return timers_.create([&gate = gate_, fired = std::move(fired)] {
            gate.close();
            fired();
            gate.open();
        });
    }

  private:
    dev::Timers& timers_;
    DeviceGate& gate_;
};

}  // namespace

bool DeviceGate::prepare() {
    return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}

// The vCPU either saw the gate closed, or its `inside` is seen here: between its store and its load lies the barrier.
void DeviceGate::close_and_wait() {
    std::atomic_ref(words_.closed).store(1, std::memory_order_relaxed);
    NYX_CHECK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0, "membarrier");
    while (std::atomic_ref(words_.inside).load(std::memory_order_acquire) != 0) std::this_thread::yield();
}

void DeviceGate::open() {
    if (is_used_) std::atomic_ref(words_.closed).store(0, std::memory_order_release);
}

std::unique_ptr<dev::Timers> gated_timers(dev::Timers& timers, DeviceGate& gate) {
    return std::make_unique<GatedTimers>(timers, gate);
}

}  // namespace nyx::vm
