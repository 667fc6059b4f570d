// A virtio device driven without an operating system, over MMIO and over PCI with MSI-X (VIRTIO 1.2 §4.1, §4.2): the
// accesses that a driver with interrupts makes, and no others once it is set up.
#pragma once

#include <stdint.h>

namespace exits {

inline constexpr uint16_t kQueueSize = 4;
inline constexpr uint16_t kNext = 1, kDeviceWrites = 2;

// A split virtqueue (§2.7) whose requests are done one by one.
struct Queue {
    struct Descriptor {
        uint64_t address;
        uint32_t length;
        uint16_t flags;
        uint16_t next;
    };
    struct Element {
        uint32_t id;
        uint32_t length;
    };
    alignas(4096) Descriptor descriptors[kQueueSize];
    alignas(4096) volatile uint16_t available[3 + kQueueSize];  // flags, index, ring, used_event
    alignas(4096) volatile uint16_t used_flags;
    volatile uint16_t used_index;
    volatile Element used_ring[kQueueSize];

    // `data` as descriptor `at`; `flags` of kNext and kDeviceWrites.
    void describe(uint16_t at, const void* data, uint32_t length, uint16_t flags);
    void offer(uint16_t head);
    // Until the device has used everything offered.
    void wait() const;
};

class Device {
  public:
    // The first device with this id (§5); a guest without one stops with an error.
    static Device on_mmio(uint32_t id);
    static Device on_pci(uint32_t id);

    void begin();  // up to FEATURES_OK, with VIRTIO_F_VERSION_1 alone
    void add_queue(uint16_t index, Queue& queue);
    void ready();

    void notify(uint16_t queue);
    // What a driver does in its interrupt handler: over PCI with MSI-X nothing.
    void acknowledge();

  private:
    void set_status(uint8_t status);
    void enable_msix(uint32_t function, uint32_t capability);
    uint64_t base_ = 0;    // MMIO registers, or the common configuration
    uint64_t notify_ = 0;  // PCI: where notifications begin
    uint32_t multiplier_ = 0;
    uint64_t notify_at_[2] = {};
    bool pci_ = false;
};

// Says why on the serial line and stops.
[[noreturn]] void fail(const char* why);

}  // namespace exits
