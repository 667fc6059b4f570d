// A driver for tests: sets a device up over its MMIO registers as VIRTIO 1.2 §3.1.1 says, and owns rings in the
// fixture's RAM.
#pragma once

#include <cstring>
#include <vector>

#include "devices/virtio/mmio.h"
#include "tests/unit/devices/fixture.h"

namespace nyx::dev::virtio {

// Answers as a test says; keeps what it was asked.
struct FakeStore : BlockStore {
    explicit FakeStore(std::size_t size) : bytes(size) {}
    std::uint64_t size() const override { return bytes.size(); }
    bool read_only() const override { return is_read_only; }
    void submit(BlockRequest request) override {
        kinds.push_back(request.kind);
        if (deferred) return later.push_back(std::move(request));
        finish(std::move(request));
    }
    void drain() override {
        auto all = std::move(later);
        later.clear();
        for (BlockRequest& request : all) finish(std::move(request));
    }
    void finish(BlockRequest request) {
        if (error == 0) apply(request);
        request.done(error);
    }
    void apply(const BlockRequest& request) {
        std::size_t at = request.offset;
        if (request.kind == BlockRequest::Kind::kWriteZeroes || request.kind == BlockRequest::Kind::kDiscard)
            std::memset(&bytes[at], 0, request.size);
        for (std::span<std::uint8_t> buffer : request.buffers) {
            if (request.kind == BlockRequest::Kind::kRead) std::memcpy(buffer.data(), &bytes[at], buffer.size());
            if (request.kind == BlockRequest::Kind::kWrite) std::memcpy(&bytes[at], buffer.data(), buffer.size());
            at += buffer.size();
        }
    }

    Bytes bytes;
    bool is_read_only = false;
    bool deferred = false;
    int error = 0;
    std::vector<BlockRequest::Kind> kinds;
    std::vector<BlockRequest> later;
};

// One descriptor as the driver writes it.
struct TestDescriptor {
    std::uint64_t address = 0;
    std::uint32_t length = 0;
    std::uint16_t flags = 0;
    std::uint16_t next = 0;
};

// Rings of one queue, at `base`: descriptors, then the available ring, then the used one, a page each.
class TestQueue {
  public:
    TestQueue(std::vector<std::uint8_t>& ram, std::uint64_t base, std::uint16_t size)
        : ram_(ram), base_(base), size_(size) {}

    std::uint64_t descriptors() const { return base_; }
    std::uint64_t available() const { return base_ + 0x1000; }
    std::uint64_t used() const { return base_ + 0x2000; }
    std::uint16_t size() const { return size_; }

    void describe(std::uint16_t index, const TestDescriptor& one) { write_descriptor(base_ + index * 16u, one); }
    void write_descriptor(std::uint64_t at, const TestDescriptor& one) {
        store_le<std::uint64_t>(&ram_[at], one.address);
        store_le<std::uint32_t>(&ram_[at + 8], one.length);
        store_le<std::uint16_t>(&ram_[at + 12], one.flags);
        store_le<std::uint16_t>(&ram_[at + 14], one.next);
    }
    void offer(std::uint16_t head) {
        auto index = load_le<std::uint16_t>(&ram_[available() + 2]);
        store_le<std::uint16_t>(&ram_[available() + 4 + index % size_ * 2u], head);
        set_available_index(static_cast<std::uint16_t>(index + 1));
    }
    void set_available_index(std::uint16_t index) { store_le<std::uint16_t>(&ram_[available() + 2], index); }
    void set_available_flags(std::uint16_t flags) { store_le<std::uint16_t>(&ram_[available()], flags); }
    void set_used_event(std::uint16_t index) { store_le<std::uint16_t>(&ram_[available() + 4 + size_ * 2u], index); }
    std::uint16_t available_event() const { return load_le<std::uint16_t>(&ram_[used() + 4 + size_ * 8u]); }
    std::uint16_t used_index() const { return load_le<std::uint16_t>(&ram_[used() + 2]); }
    std::uint32_t used_id(std::uint16_t n) const { return load_le<std::uint32_t>(&ram_[used() + 4 + n % size_ * 8u]); }
    std::uint32_t used_length(std::uint16_t n) const {
        return load_le<std::uint32_t>(&ram_[used() + 4 + n % size_ * 8u + 4]);
    }

  private:
    std::vector<std::uint8_t>& ram_;
    std::uint64_t base_;
    std::uint16_t size_;
};

struct TestDriver : Surroundings {
    static constexpr std::uint64_t kData = 0x10000;  // behind the rings

    std::unique_ptr<MmioDevice> device;

    void make(std::unique_ptr<Model> model) { device = std::make_unique<MmioDevice>(std::move(model), environment(1)); }
    std::uint32_t in(std::uint64_t offset) { return static_cast<std::uint32_t>(device->read({0, offset, 4})); }
    void out(std::uint64_t offset, std::uint64_t value) { device->write({0, offset, 4}, value); }
    std::uint8_t status() { return static_cast<std::uint8_t>(in(0x70)); }

    std::uint64_t offered() {
        std::uint64_t features = 0;
        for (std::uint32_t window : {0u, 1u}) {
            out(0x14, window);
            features |= std::uint64_t{in(0x10)} << (32 * window);
        }
        return features;
    }
    void choose(std::uint64_t features) {
        for (std::uint32_t window : {0u, 1u}) {
            out(0x24, window);
            out(0x20, features >> (32 * window) & 0xFFFFFFFF);
        }
    }
    void until_features_ok(std::uint64_t features) {
        out(0x70, kAcknowledge);
        out(0x70, kAcknowledge | kDriver);
        choose(features);
        out(0x70, kAcknowledge | kDriver | kFeaturesOk);
    }
    void configure(std::uint32_t index, const TestQueue& queue) {
        out(0x30, index);
        out(0x38, queue.size());
        out(0x80, queue.descriptors());
        out(0x84, 0);
        out(0x90, queue.available());
        out(0x94, 0);
        out(0xA0, queue.used());
        out(0xA4, 0);
        out(0x44, 1);
    }
    void driver_ok() { out(0x70, kAcknowledge | kDriver | kFeaturesOk | kDriverOk); }
    // Queue 0 at address 0, of 8 elements.
    TestQueue start(std::uint64_t features = kFVersion1) {
        TestQueue queue(ram, 0, 8);
        until_features_ok(features);
        configure(0, queue);
        driver_ok();
        return queue;
    }
    bool needs_reset() { return (status() & kDeviceNeedsReset) != 0; }
};

}  // namespace nyx::dev::virtio
