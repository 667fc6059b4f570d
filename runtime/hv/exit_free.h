// What a hypervisor does with accesses of the guest in place of an exit, and with interrupts in place of calls.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "devices/kit/device_type.h"
#include "runtime/base/bits.h"
#include "runtime/base/result.h"

namespace nyx::hv {

using dev::Space;

// A guest's write of `width` bytes (of this value only, where there is one) adds 1 to an eventfd, and the guest goes
// on.
struct Doorbell {
    Space space = Space::kMmio;
    std::uint64_t address = 0;
    std::uint8_t width = 4;  // 1, 2, 4 or 8
    std::optional<std::uint64_t> value;
};

// A guest's write that was queued; valid while it is looked at.
struct QueuedWrite {
    Space space = Space::kMmio;
    std::uint64_t address = 0;
    std::span<const std::uint8_t> data;  // 1 to 8 bytes
};
using ApplyQueued = std::function<void(const QueuedWrite&)>;

// Writes of all vCPUs, in the order in which they were made, that the guest did not wait for. A queue of some hundred
// that is full makes the next write an exit. Thread-safe.
class WriteQueue {
  public:
    virtual ~WriteQueue() = default;
    // True where something was queued and has not been applied yet. Cheap.
    virtual bool waits() const = 0;
    // Applies all that were queued before the call, oldest first; returns when they are done, whoever did them.
    virtual void drain(const ApplyQueued& apply) = 0;
};

// Without exits, as far as a hypervisor can; null from Vm::exit_free() where it cannot or gains nothing. Doorbells and
// level inputs are set up by one thread, before the guest runs or while it stands still; ranges of the queue come and
// go at any time, one after the other.
class ExitFree {
  public:
    virtual ~ExitFree() = default;
    // event: an eventfd of the caller's, which outlives the VM. kUnsupported: this hypervisor has no doorbells.
    virtual Status add_doorbell(const Doorbell& doorbell, int event) = 0;
    // Writes that lie inside these bytes go to queue(). kUnsupported as above, or the range is none for a queue.
    virtual Status queue_writes(Space space, Range range) = 0;
    // Of a range as it was given to queue_writes(). When it returns, no vCPU queues there any more; what was queued
    // stays so.
    virtual Status stop_queueing(Space space, Range range) = 0;
    virtual WriteQueue& queue() = 0;
    // Interrupt input `gsi` by eventfds of the caller's, open for as long as the guest may run: adding to `raise`
    // asserts it, and the guest's end of its interrupt takes that back and adds to `ended`. Whoever has a reason still
    // raises it again. Beside Vm::set_irq() on the same input: asserted while either is. kUnsupported: set_irq()
    // remains.
    virtual Status add_level_input(std::uint32_t gsi, int raise, int ended) = 0;
};

}  // namespace nyx::hv
