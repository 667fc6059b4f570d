#include "runtime/kvm/exit_free.h"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "devices/kit/fakes.h"
#include "runtime/hv/guest_ram.h"
#include "runtime/kvm/linux_kvm.h"
#include "runtime/kvm/vm.h"

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

// Acts as the device that drives the line: the first time it still has a reason after the guest's end of interrupt.
struct LineOwner final : hv::ExitServer {
    int event = -1, resampled = -1;
    std::vector<std::uint64_t> acknowledged;  // at each report of the guest

    void assert_line() const {
        const std::uint64_t one = 1;
        REQUIRE(::write(event, &one, sizeof one) == sizeof one);
    }
    bool serve(hv::Exit& exit) override {
        const auto* io = std::get_if<hv::IoExit>(&exit);
        if (io == nullptr || io->port != 0xE9) return false;
        std::uint64_t times = 0;
        if (::read(resampled, &times, sizeof times) != sizeof times) times = 0;
        acknowledged.push_back(times);
        if (acknowledged.size() == 1) assert_line();
        return acknowledged.size() < 2;
    }
};

hv::CpuState real_mode(std::uint64_t entry) {
    hv::CpuState state;
    hv::Segment data{0, 0xFFFF, 0, 3, 0, true, true, false, false, false};
    state.system.ds = state.system.es = state.system.fs = state.system.gs = state.system.ss = data;
    state.system.cs = data;
    state.system.cs.type = 0xB;
    state.system.tr = {0, 0xFFFF, 0, 0xB, 0, true, false, false, false, false};
    state.system.ldt = {0, 0xFFFF, 0, 2, 0, true, false, false, false, false};
    state.system.idt = {0, 0x3FF};
    state.system.gdt = {0, 0xFFFF};
    state.system.cr0 = 0x10;
    state.general.rip = entry;
    state.general.rsp = entry;
    return state;
}

// ICW1 to ICW4 of the first 8259 (vectors from 8), every line unmasked, line 5 by level (ELCR); sti; hlt for ever.
constexpr std::uint8_t kMain[] = {0xB0, 0x11, 0xE6, 0x20, 0xB0, 0x08, 0xE6, 0x21, 0xB0, 0x04,
                                  0xE6, 0x21, 0xB0, 0x01, 0xE6, 0x21, 0xB0, 0x00, 0xE6, 0x21,
                                  0xBA, 0xD0, 0x04, 0xB0, 0x20, 0xEE, 0xFB, 0xF4, 0xEB, 0xFD};
// End of interrupt, then a report at port 0xE9; iret.
constexpr std::uint8_t kHandler[] = {0xB0, 0x20, 0xE6, 0x20, 0xE6, 0xE9, 0xCF};

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

TEST_CASE("a level interrupt by eventfd stays until the guest's end of interrupt, which is told") {
    auto system = kvm::System::open();
    if (!system) {
        MESSAGE("SKIPPED: no KVM here: " << system.error().message);
        return;
    }
    auto ram = hv::GuestRam::create(0x10000, false);
    REQUIRE(ram);
    std::memcpy(ram->data() + 0x1000, kMain, sizeof kMain);
    std::memcpy(ram->data() + 0x2000, kHandler, sizeof kHandler);
    const std::uint16_t vector[] = {0x2000, 0};
    std::memcpy(ram->data() + 4 * (8 + 5), vector, sizeof vector);
    auto vm = kvm::Vm::create(*system, {1, 0xFEFFC000, false});
    REQUIRE(vm);
    REQUIRE((*vm)->map_memory({0, 0x10000}, ram->data(), false));
    auto cpuid = system->supported_cpuid();
    REQUIRE(cpuid);
    auto vcpu = (*vm)->create_vcpu(0, *cpuid);
    REQUIRE(vcpu);
    REQUIRE((*vcpu)->set_state(real_mode(0x1000)));
    REQUIRE((*vm)->exit_free() != nullptr);
    Fd event(::eventfd(0, EFD_NONBLOCK)), resampled(::eventfd(0, EFD_NONBLOCK));
    LineOwner owner;
    owner.event = event.get();
    owner.resampled = resampled.get();
    REQUIRE((*vm)->exit_free()->attach_level_irq(5, owner.event, owner.resampled));
    owner.assert_line();
    auto exit = (*vcpu)->run(owner);
    REQUIRE(exit);
    CHECK(owner.acknowledged == std::vector<std::uint64_t>{1, 1});
}
