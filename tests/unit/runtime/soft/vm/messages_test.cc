// Messages from a device's thread to a software CPU that sleeps, while another one runs.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "devices/kit/fakes.h"
#include "runtime/soft/vm/hypervisor.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kCode = 0x1000, kHandler = 0x2000, kSecondCode = 0x5000, kCounter = 0x3002;
constexpr std::uint8_t kVector = 0x40;
constexpr std::uint32_t kReadyPort = 0x80, kServedPort = 0x81;
// Logical destination 1 without the redirection hint, as Linux sends it; the second CPU by its id.
constexpr std::uint64_t kToFirst = 0xFEE0'1004, kToSecond = 0xFEE0'1000;
constexpr std::uint32_t kInit = 0x4500, kStartUpAtSecondCode = 0x4605;

const Bytes kSleep{
    0x67, 0x66,       0xC7, 0x05, 0xF0, 0x00, 0xE0, 0xFE, 0xFF, 0x01, 0x00, 0x00,  // mov dword [SVR], 0x1FF
    0x67, 0x66,       0xC7, 0x05, 0xD0, 0x00, 0xE0, 0xFE, 0x00, 0x00, 0x00, 0x01,  // mov dword [LDR], 1 << 24
    0xE6, kReadyPort, 0xFB, 0xF4, 0xEB, 0xFD};                                     // out; sti; again: hlt; jmp again
const Bytes kServe{0x67, 0x66,        0xC7, 0x05, 0xB0, 0x00, 0xE0, 0xFE, 0x00, 0x00, 0x00, 0x00,  // mov dword [EOI], 0
                   0xE6, kServedPort, 0xCF};                                                       // out; iret
const Bytes kCount{0xF0, 0xFF, 0x06, 0x02, 0x30, 0xEB, 0xF9};  // again: lock inc word [kCounter]; jmp again

struct Ports final : hv::ExitServer {
    bool serve(hv::Exit& exit) override {
        auto* io = std::get_if<hv::IoExit>(&exit);
        if (io == nullptr) return true;
        std::atomic<std::uint32_t>& count = io->port == kReadyPort ? ready : served;
        ++count;
        count.notify_all();
        return true;
    }
    std::atomic<std::uint32_t> ready{0}, served{0};
};

// Two CPUs in real mode; the first one's data segment reaches its local APIC.
struct TwoCpus {
    TwoCpus() : memory(0x10000) {
        std::ranges::copy(kSleep, memory.begin() + kCode);
        std::ranges::copy(kServe, memory.begin() + kHandler);
        std::ranges::copy(kCount, memory.begin() + kSecondCode);
        store_le<std::uint16_t>(&memory[kVector * 4], kHandler);
        vm = std::move(*Hypervisor().create_vm({.vcpus = 2}, {clock, timers}));
        REQUIRE(vm->map_memory({0, memory.size()}, memory.data(), false));
        auto cpuid = Hypervisor().supported_cpuid();
        for (std::uint32_t i = 0; i < 2; ++i) cpus.push_back(std::move(*vm->create_vcpu(i, *cpuid)));
        hv::CpuState state = *cpus[0]->state();
        state.system.cs.base = 0;
        state.system.cs.selector = 0;
        state.system.ds.limit = 0xFFFFFFFF;
        state.general.rip = kCode;
        state.general.rsp = 0x8000;
        REQUIRE(cpus[0]->set_state(state));
    }
    Bytes memory;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    Ports ports;
    std::unique_ptr<hv::Vm> vm;
    std::vector<std::unique_ptr<hv::Vcpu>> cpus;
};

}  // namespace

TEST_CASE("every message to a logical destination wakes the CPU that sleeps, and each is served once") {
    constexpr std::uint32_t kMessages = 2'000;
    TwoCpus t;
    std::vector<std::thread> threads;
    for (auto& cpu : t.cpus) threads.emplace_back([&t, &cpu] { (void)cpu->run(t.ports); });
    t.ports.ready.wait(0);
    CHECK(t.vm->send_message(kToSecond, kInit));
    CHECK(t.vm->send_message(kToSecond, kStartUpAtSecondCode));
    for (std::uint32_t i = 0; i < kMessages; ++i) {
        CHECK(t.vm->send_message(kToFirst, kVector));
        t.ports.served.wait(i);
    }
    for (auto& cpu : t.cpus) cpu->interrupt();
    for (std::thread& thread : threads) thread.join();
    CHECK(t.ports.served == kMessages);
    CHECK(t.cpus[0]->activity().value() == hv::Activity::kHalted);
    CHECK(load_le<std::uint16_t>(&t.memory[kCounter]) != 0);
}

}  // namespace nyx::soft
