// Does what the guest did to devices without an exit (hv::ExitFree): rings doorbells, applies queued writes, keeps
// read-only pages as reads would be.
//
// The order that a guest can see is that of the table: before an access that exits, every write that was queued before
// it has been applied, and the doorbells of its device have been rung; the same holds before a device is saved, reset,
// inspected, given input or its timers run. A page is rewritten inside the operation that changes it. Writes to
// different doorbells are not ordered among themselves. Ranges
// whose writes send bytes to the host come and go (passing_queue.h). attach() and detach() while the guest stands
// still; settle() from any thread, without a device's lock.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>

#include "runtime/hv/guest_ram.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/machine/device_set.h"
#include "runtime/machine/event_loop.h"
#include "runtime/machine/passing_queue.h"

namespace nyx::vm {

class ExitFreeServer {
  public:
    // Both outlive it. patience: of ranges that come and go, in writes.
    ExitFreeServer(DeviceSet& devices, EventLoop& loop, unsigned patience = PassingQueue::kPatience);
    ~ExitFreeServer();
    ExitFreeServer(const ExitFreeServer&) = delete;
    ExitFreeServer& operator=(const ExitFreeServer&) = delete;

    // To a new VM: as much as its hypervisor can; what it refuses stays an exit. The VM before it is gone.
    Status attach(hv::Vm& vm);
    // From a VM that will not run again. It may still map the pages.
    void detach();

    // Applies what is queued. Cheap where nothing is. vcpu: of whom the thread is, who does it by compiled code; null:
    // of none.
    void apply_queued(dev::ir::NativeVcpu* vcpu = nullptr) {
        if (queue_ != nullptr && queue_->waits()) drain(vcpu);
    }
    // After a write that exited and was done, on its vCPU's thread: what is queued may be different from now on.
    void wrote(Space space, Range written, dev::ir::NativeVcpu* vcpu);
    // The same after devices were reset or restored, while the guest stands still.
    void devices_changed();
    // While bytes for the host may be queued: how long until look() is to be called.
    std::optional<std::uint64_t> look_ns() const {
        return passing_.is_in_use() ? std::optional(PassingQueue::kLookNs) : std::nullopt;
    }
    // On the loop's thread.
    void look(std::uint64_t now_ns);
    // All that is outstanding, of every device.
    void settle();

    // How often something was done for a register without an exit; indices as in VcpuCounters.
    const VcpuCounters& counters() const { return counters_; }

  private:
    struct Page {
        DeviceSlot* slot = nullptr;
        dev::ReadPage place;
        std::uint64_t address = 0;
        hv::GuestRam bytes;
    };

    Status add_pages(hv::Vm& vm, DeviceSlot& slot);
    void add_doorbells(hv::ExitFree& paths, DeviceSlot& slot);
    void queue_writes(hv::ExitFree& paths, DeviceSlot& slot);
    void refresh(const DeviceSlot& slot);
    void drain(dev::ir::NativeVcpu* vcpu);

    DeviceSet& devices_;
    EventLoop& loop_;
    hv::WriteQueue* queue_ = nullptr;
    PassingQueue passing_;
    VcpuCounters counters_;
    std::deque<Page> pages_;
    std::deque<DoorbellSet> doorbells_;
};

}  // namespace nyx::vm
