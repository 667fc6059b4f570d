// A software CPU that is run by count, and whose state is taken out and put back.
#include <doctest/doctest.h>

#include <algorithm>

#include "devices/kit/fakes.h"
#include "runtime/soft/vm/hypervisor.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kCode = 0x1000;

struct NoDevices final : hv::ExitServer {
    bool serve(hv::Exit& exit) override {
        if (during) during();
        if (auto* io = std::get_if<hv::IoExit>(&exit); io != nullptr && !io->is_write)
            std::ranges::fill(io->data, 0xFF);
        return true;
    }
    std::function<void()> during;
};

// One CPU in real mode at kCode, with 64 KiB.
class Board {
  public:
    explicit Board(const Bytes& code, std::uint64_t seed = 0) : memory(0x10000), random_(seed) {
        std::ranges::copy(code, memory.begin() + kCode);
        auto made = Hypervisor().create_vm({.vcpus = 1}, {clock, timers, [this] { return random_ += 3; }});
        vm = std::move(*made);
        REQUIRE(vm->map_memory({0, memory.size()}, memory.data(), false));
        auto cpuid = Hypervisor().supported_cpuid();
        vcpu = std::move(*vm->create_vcpu(0, *cpuid));
        hv::CpuState state = *vcpu->state();
        state.system.cs.base = 0;
        state.system.cs.selector = 0;
        state.general.rip = kCode;
        state.general.rsp = 0x8000;
        REQUIRE(vcpu->set_state(state));
    }
    hv::CountedVcpu& cpu() { return *vcpu->counted(); }
    std::uint64_t rax() const { return vcpu->state()->general.rax; }

    Bytes memory;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    NoDevices devices;
    std::unique_ptr<hv::Vm> vm;
    std::unique_ptr<hv::Vcpu> vcpu;

  private:
    std::uint64_t random_;
};

const Bytes kCountForEver{0x40, 0xEB, 0xFD};  // inc ax; jmp to it

TEST_CASE("exactly so many instructions are executed") {
    Board board(kCountForEver);
    for (std::uint64_t count : {1u, 2u, 5u, 1000u, 7u}) {
        std::uint64_t before = board.cpu().executed();
        CHECK(!board.cpu().run_for(board.devices, count));
        CHECK(board.cpu().executed() == before + count);
        CHECK(board.rax() == (board.cpu().executed() + 1) / 2);
    }
}

TEST_CASE("yield() ends a run after the instruction that made the exit, which does not count itself meanwhile") {
    Board board(Bytes{0x90, 0x90, 0xE6, 0x80, 0x40, 0x40, 0xEB, 0xFE});  // nop; nop; out 0x80, al; inc ax; inc ax; jmp
    std::uint64_t inside = 0;
    board.devices.during = [&] {
        inside = board.cpu().executed();
        board.cpu().yield();
    };
    CHECK(!board.cpu().run_for(board.devices, 100));
    CHECK(inside == 2);
    CHECK(board.cpu().executed() == 3);
    CHECK(board.rax() == 0);
}

TEST_CASE("a halted CPU cannot run, and does not") {
    Board board(Bytes{0x90, 0xF4});
    CHECK(board.cpu().can_run());
    CHECK(!board.cpu().run_for(board.devices, 100));
    CHECK(board.cpu().executed() == 2);
    CHECK(!board.cpu().can_run());
}

TEST_CASE("a triple fault is an exit") {
    Board board(Bytes{0x0F, 0x01, 0x1E, 0x00, 0x20, 0x0F, 0x0B});  // lidt [0x2000]: zeros; ud2
    auto exit = board.cpu().run_for(board.devices, 100);
    REQUIRE(exit);
    CHECK(std::holds_alternative<hv::ShutdownExit>(*exit));
    CHECK(!board.cpu().can_run());
}

TEST_CASE("the state that is saved goes on as the CPU itself does") {
    // mov al, 5; movd xmm1, eax; fld1; push ax; loop: add ax, cx; adc dx, ax; dec cx; jmp loop
    const Bytes code{0xB0, 0x05, 0x66, 0x0F, 0x6E, 0xC8, 0xD9, 0xE8, 0x50, 0x01, 0xC8, 0x11, 0xC2, 0x49, 0xEB, 0xF9};
    Board first(code);
    first.cpu().run_for(first.devices, 1'001);
    dev::StateUnit saved = first.cpu().save();
    Bytes memory = first.memory;
    Board second(Bytes{0xF4});
    second.cpu().run_for(second.devices, 1);
    second.memory = memory;
    REQUIRE(second.cpu().restore(saved));
    CHECK(second.cpu().save() == saved);
    CHECK(second.cpu().executed() == 1'001);
    for (Board* board : {&first, &second}) board->cpu().run_for(board->devices, 12'345);
    CHECK(first.cpu().save() == second.cpu().save());
    CHECK(!(first.cpu().save() == saved));
    CHECK(first.memory == second.memory);
}

TEST_CASE("a state that no CPU can be in is refused, and nothing changes") {
    Board board(kCountForEver);
    board.cpu().run_for(board.devices, 10);
    const dev::StateUnit good = board.cpu().save();
    auto refused = [&](auto change) {
        dev::StateUnit bad = good;
        change(bad);
        auto done = board.cpu().restore(bad);
        return !done && board.cpu().save() == good;
    };
    CHECK(refused([](auto& unit) { unit.type = "other"; }));
    CHECK(refused([](auto& unit) { unit.version = 2; }));
    CHECK(refused([](auto& unit) { unit.fields.pop_back(); }));
    CHECK(refused([](auto& unit) { unit.fields.push_back({99, {}}); }));
    CHECK(refused([](auto& unit) { unit.fields[2].value.pop_back(); }));
    CHECK(refused([](auto& unit) { unit.fields[6].value[8] = 4; }));  // CPL
}

TEST_CASE("RDRAND comes from the machine's services") {
    const Bytes code{0x66, 0x0F, 0xC7, 0xF0};  // rdrand eax
    Board board(code, 40);
    board.cpu().run_for(board.devices, 1);
    CHECK(board.rax() == 43);
}

}  // namespace
}  // namespace nyx::soft
