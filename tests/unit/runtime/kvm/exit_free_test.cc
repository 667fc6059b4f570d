#include "runtime/kvm/exit_free.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>

#include "runtime/kvm/linux_kvm.h"

using namespace nyx;

namespace {

struct FakeRing {
    alignas(4096) std::array<std::uint8_t, kvm::WriteRing::kPageBytes> page{};
    kvm_coalesced_mmio_ring* get() { return reinterpret_cast<kvm_coalesced_mmio_ring*>(page.data()); }

    // What the kernel does for a write.
    void push(std::uint64_t address, std::uint32_t length, std::uint8_t value, bool is_port) {
        kvm_coalesced_mmio& entry = get()->coalesced_mmio[get()->last];
        entry.phys_addr = address;
        entry.len = length;
        entry.pio = is_port ? 1 : 0;
        std::memset(entry.data, value, sizeof entry.data);
        get()->last = (get()->last + 1) % ((kvm::WriteRing::kPageBytes - 8) / sizeof(kvm_coalesced_mmio));
    }
};

}  // namespace

TEST_CASE("queued writes are applied once, in order, around the end of the ring") {
    FakeRing fake;
    kvm::WriteRing ring(fake.get());
    std::uint8_t next = 0, seen = 0;
    CHECK(!ring.waits());
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 100; ++i) fake.push(0x1000, 4, next++, false);
        CHECK(ring.waits());
        ring.drain([&](const hv::QueuedWrite& write) {
            CHECK(write.space == hv::Space::kMmio);
            REQUIRE(write.data.size() == 4);
            CHECK(write.data[3] == seen++);
        });
        CHECK(!ring.waits());
    }
    CHECK(seen == next);
    fake.push(0x300, 200, 1, true);  // longer than an access can be
    ring.drain([](const hv::QueuedWrite& write) {
        CHECK(write.space == hv::Space::kPio);
        CHECK(write.data.size() == 8);
    });
}
