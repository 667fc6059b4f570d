// A split virtqueue (VIRTIO 1.2 §2.7) seen from the device: what the driver makes available is taken and checked, what
// is done is given back.
//
// The rings lie in guest memory and are hostile: enable() checks where they lie, once; take() checks each descriptor,
// once, after copying it. A rule that is broken gives a Fault with its reason, after which the queue gives nothing
// more: its owner sets DEVICE_NEEDS_RESET. Nothing that a guest writes makes the device read or write outside its RAM,
// loop or fail otherwise. Belongs to the device, under its lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "devices/virtio/chain.h"
#include "devices/virtio/spec.h"
#include "runtime/base/result.h"

namespace nyx::dev::virtio {

// What a driver configures, and how far the device has come: all that is saved.
struct QueueState {
    std::uint16_t size = 0;  // elements, a power of two; what the driver may choose is Queue::max_size()
    bool ready = false;
    std::uint64_t descriptors = 0;
    std::uint64_t driver = 0;          // available ring
    std::uint64_t device = 0;          // used ring
    std::uint16_t next_available = 0;  // the next element of the available ring to take
    std::uint16_t next_used = 0;
    std::uint16_t signalled_used = 0;  // next_used when an interrupt was last thought about (§2.7.7.2)
};

class Queue {
  public:
    Queue(std::uint16_t max_size, const GuestDma& dma) : max_size_(max_size), dma_(&dma) { reset(); }

    std::uint16_t max_size() const { return max_size_; }
    const QueueState& state() const { return state_; }
    // For the transport, which knows when it may be changed.
    QueueState& config() { return state_; }
    void reset();

    // Looks at the configuration as it stands. An error says what is wrong with it, and the queue is not ready.
    Status enable(std::uint64_t features);
    void disable();

    // The next buffer; nothing: there is none, or the queue has a fault. With a buffer ends the driver's wish to be
    // asked.
    std::optional<Chain> take();
    // The last `count` buffers that were taken are available again.
    void put_back(std::size_t count) {
        state_.next_available = static_cast<std::uint16_t>(state_.next_available - count);
        under_way_ -= static_cast<std::uint32_t>(count);
    }
    // A reason, once something was wrong.
    std::string_view fault() const { return fault_; }
    // Gives the buffer back; `written` bytes of its writable part were.
    void give_back(const Chain& chain, std::uint32_t written);
    // Whether the driver wants an interrupt for what was given back since the last time this was asked.
    bool wants_interrupt();

  private:
    struct Descriptor {
        std::uint64_t address = 0;
        std::uint32_t length = 0;
        std::uint16_t flags = 0;
        std::uint16_t next = 0;
    };
    struct Walk;

    std::optional<std::span<std::uint8_t>> ring(std::uint64_t gpa, std::uint64_t size, std::uint64_t alignment) const;
    static Descriptor descriptor(std::span<const std::uint8_t> table, std::size_t index);
    bool add(const Descriptor& descriptor, Walk& walk);
    bool walk_table(std::span<const std::uint8_t> table, std::size_t index, Walk& walk);
    bool walk_indirect(const Descriptor& descriptor, Walk& walk);
    bool broken(std::string_view why);
    bool has_available();
    void ask_for_notification();

    std::uint16_t max_size_;
    const GuestDma* dma_;
    QueueState state_;
    bool event_idx_ = false;
    bool indirect_ = false;
    std::string_view fault_;
    // Buffers that were taken and not given back. A driver that offers one again before it has it back could otherwise
    // have the host remember any number of them.
    std::uint32_t under_way_ = 0;
    // Host's view of the rings, of state_.size elements; only while ready.
    std::span<std::uint8_t> descriptors_;
    std::span<std::uint8_t> available_;
    std::span<std::uint8_t> used_;
};

}  // namespace nyx::dev::virtio
