#include "virtio.h"

#include "../probe/cpu.h"

namespace exits {
namespace {

using probe::load;
using probe::store;

enum : uint8_t { kAcknowledge = 1, kDriver = 2, kDriverOk = 4, kFeaturesOk = 8 };

// MMIO registers (§4.2.2).
constexpr uint32_t kMagic = 0x0, kVersion = 0x4, kDeviceId = 0x8, kDriverFeatures = 0x20, kDriverFeaturesSel = 0x24,
                   kQueueSel = 0x30, kQueueNum = 0x38, kQueueReady = 0x44, kQueueNotify = 0x50, kInterruptStatus = 0x60,
                   kInterruptAck = 0x64, kStatus = 0x70;
constexpr uint32_t kQueueAddresses[] = {0x80, 0x90, 0xA0};
// The common configuration of PCI (§4.1.4.3).
constexpr uint32_t kCommonDriverFeatureSelect = 0x8, kCommonDriverFeature = 0xC, kCommonStatus = 0x14,
                   kCommonQueueSelect = 0x16, kCommonQueueSize = 0x18, kCommonQueueVector = 0x1A,
                   kCommonQueueEnable = 0x1C, kCommonQueueNotifyOff = 0x1E, kCommonQueueAddresses = 0x20;

// Windows in which virtio-mmio devices lie: Nyx's as the machine says, QEMU microvm's 24.
constexpr uint64_t kWindows[] = {0xFE000000, 0xFEB00000};
constexpr uint64_t kWindowStep = 0x200;
constexpr uint32_t kWindowsEach = 24;

void store_address(uint64_t at, const volatile void* pointer) {
    const auto address = reinterpret_cast<uint64_t>(pointer);
    store<uint32_t>(at, static_cast<uint32_t>(address));
    store<uint32_t>(at + 4, static_cast<uint32_t>(address >> 32));
}

// Configuration mechanism #1 (PCI 3.0 §3.2.2.3.2), bus 0.
uint32_t pci_read(uint32_t function, uint32_t offset) {
    probe::outl(0xCF8, 0x80000000 | function << 8 | (offset & 0xFC));
    return probe::inl(0xCFC);
}
void pci_write(uint32_t function, uint32_t offset, uint32_t value) {
    probe::outl(0xCF8, 0x80000000 | function << 8 | (offset & 0xFC));
    probe::outl(0xCFC, value);
}

// Where base address register `bar` leads.
uint64_t bar_address(uint32_t function, uint32_t bar) {
    const uint32_t low = pci_read(function, 0x10 + 4 * bar);
    const uint64_t high = (low & 6) == 4 ? pci_read(function, 0x14 + 4 * bar) : 0;
    return high << 32 | (low & ~uint32_t{0xF});
}

}  // namespace

void Queue::describe(uint16_t at, const void* data, uint32_t length, uint16_t flags) {
    descriptors[at] = {reinterpret_cast<uint64_t>(data), length, flags, static_cast<uint16_t>(at + 1)};
}

void Queue::offer(uint16_t head) {
    const uint16_t index = available[1];
    available[2 + index % kQueueSize] = head;
    asm volatile("" ::: "memory");
    available[1] = static_cast<uint16_t>(index + 1);
    asm volatile("mfence" ::: "memory");
}

void Queue::wait() const {
    while (used_index != available[1]) asm volatile("pause" ::: "memory");
}

Device Device::on_mmio(uint32_t id) {
    for (const uint64_t window : kWindows)
        for (uint32_t i = 0; i < kWindowsEach; ++i) {
            const uint64_t base = window + i * kWindowStep;
            if (load<uint32_t>(base + kMagic) != 0x74726976 || load<uint32_t>(base + kDeviceId) != id) continue;
            if (load<uint32_t>(base + kVersion) != 2) fail("a legacy device");
            Device found;
            found.base_ = base;
            return found;
        }
    fail("no such virtio device over MMIO");
}

Device Device::on_pci(uint32_t id) {
    for (uint32_t function = 0; function < 256; function += 8) {
        if (pci_read(function, 0) != ((0x1040 + id) << 16 | 0x1AF4)) continue;
        Device found;
        found.pci_ = true;
        pci_write(function, 4, (pci_read(function, 4) & 0xFFFF) | 6);  // memory, bus master
        for (uint32_t at = pci_read(function, 0x34) & 0xFC; at != 0;) {
            const uint32_t head = pci_read(function, at);
            if ((head & 0xFF) == 0x11) found.enable_msix(function, at);
            if ((head & 0xFF) == 0x09) {  // virtio's own (§4.1.4)
                const uint64_t address =
                    bar_address(function, pci_read(function, at + 4) & 0xFF) + pci_read(function, at + 8);
                if (head >> 24 == 1) found.base_ = address;
                if (head >> 24 == 2) {
                    found.notify_ = address;
                    found.multiplier_ = pci_read(function, at + 16);
                }
            }
            at = head >> 8 & 0xFC;
        }
        if (found.base_ == 0 || found.notify_ == 0) fail("a virtio function without its capabilities");
        return found;
    }
    fail("no such virtio device over PCI");
}

// Entry 0 to the first processor, which need not take it: what is counted is what the device costs.
void Device::enable_msix(uint32_t function, uint32_t capability) {
    const uint32_t where = pci_read(function, capability + 4);
    const uint64_t entry = bar_address(function, where & 7) + (where & ~uint32_t{7});
    store<uint32_t>(entry, 0xFEE00000);
    store<uint32_t>(entry + 4, 0);
    store<uint32_t>(entry + 8, 0x40);
    store<uint32_t>(entry + 12, 0);
    pci_write(function, capability, pci_read(function, capability) | 0x80000000);
}

void Device::set_status(uint8_t status) {
    if (pci_)
        store<uint8_t>(base_ + kCommonStatus, status);
    else
        store<uint32_t>(base_ + kStatus, status);
}

void Device::begin() {
    set_status(0);
    set_status(kAcknowledge | kDriver);
    const uint32_t select = pci_ ? kCommonDriverFeatureSelect : kDriverFeaturesSel;
    const uint32_t features = pci_ ? kCommonDriverFeature : kDriverFeatures;
    store<uint32_t>(base_ + select, 1);
    store<uint32_t>(base_ + features, 1);  // VIRTIO_F_VERSION_1
    store<uint32_t>(base_ + select, 0);
    store<uint32_t>(base_ + features, 0);
    set_status(kAcknowledge | kDriver | kFeaturesOk);
}

void Device::add_queue(uint16_t index, Queue& queue) {
    const volatile void* parts[] = {queue.descriptors, queue.available, &queue.used_flags};
    if (pci_) {
        store<uint16_t>(base_ + kCommonQueueSelect, index);
        store<uint16_t>(base_ + kCommonQueueSize, kQueueSize);
        store<uint16_t>(base_ + kCommonQueueVector, 0);
        for (uint32_t i = 0; i < 3; ++i) store_address(base_ + kCommonQueueAddresses + 8 * i, parts[i]);
        store<uint16_t>(base_ + kCommonQueueEnable, 1);
        notify_at_[index] = notify_ + uint64_t{load<uint16_t>(base_ + kCommonQueueNotifyOff)} * multiplier_;
    } else {
        store<uint32_t>(base_ + kQueueSel, index);
        store<uint32_t>(base_ + kQueueNum, kQueueSize);
        for (uint32_t i = 0; i < 3; ++i) store_address(base_ + kQueueAddresses[i], parts[i]);
        store<uint32_t>(base_ + kQueueReady, 1);
    }
}

void Device::ready() {
    set_status(kAcknowledge | kDriver | kFeaturesOk | kDriverOk);
}

void Device::notify(uint16_t queue) {
    if (pci_)
        store<uint16_t>(notify_at_[queue], queue);
    else
        store<uint32_t>(base_ + kQueueNotify, queue);
}

void Device::acknowledge() {
    if (!pci_) store<uint32_t>(base_ + kInterruptAck, load<uint32_t>(base_ + kInterruptStatus));
}

}  // namespace exits
