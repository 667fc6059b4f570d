// Several vCPUs by compiled code and a thread of the host at one device: nobody is inside together with another,
// whoever has it without its lock (runtime/machine/device_gate.h).
#include <doctest/doctest.h>

#include <barrier>
#include <deque>
#include <thread>

#include "tests/equivalence/machine_side.h"

using namespace nyx;
using namespace nyx::vm;
using dev::ir::Op;
using dev::ir::TypeKind;

namespace {

constexpr unsigned kPhases = 3000, kAccesses = 64, kEveryByTable = 16, kByHost = 4;
constexpr unsigned kParts = 64;

// A write reads a counter, sends a byte, adds to each of many counters, and only then writes the first one: two of them
// at once lose something.
dev::ir::Program counting() {
    dev::ir::Program program;
    program.name = "counting";
    program.state = {{1, "all", {TypeKind::kScalar, 32}}, {2, "parts", {TypeKind::kArray, 32, kParts}}};
    program.banks = {{"regs", dev::ir::Space::kPio, 8}};
    program.sinks = {{"tx", 8}};
    program.functions = {{"add.write",
                          3,
                          8,
                          false,
                          {{Op::kLoad, 32, 3, 0, 0, 0},
                           {Op::kConstant, 32, 4, 0, 0, 1},
                           {Op::kEmit, 64, 0, 0, 0, 0},
                           {Op::kLoop, 64, 5, 0, 3, kParts},
                           {Op::kLoadAt, 32, 6, 5, 0, 1},
                           {Op::kAdd, 32, 6, 6, 4},
                           {Op::kStoreAt, 32, 0, 5, 6, 1},
                           {Op::kAdd, 32, 3, 3, 4},
                           {Op::kStore, 32, 0, 3, 0, 0}}}};
    dev::ir::Register add;
    add.name = "add";
    add.readable = false;
    add.on_write = 0;
    program.registers = {add};
    return program;
}

class Vcpu {
  public:
    explicit Vcpu(DeviceSet& devices)
        : devices_(devices), counters_(devices.counters()), accessor_{counters_, &native_} {}

    // A word is not exactly one register, so the table does it.
    void access(std::uint64_t port, unsigned times) {
        const std::array<std::uint8_t, 2> data = {7, 0};
        for (unsigned i = 0; i < times; ++i) {
            const bool had_it = owns();
            devices_.space().write(Space::kPio, port, std::span(data).first(i % kEveryByTable == 0 ? 2 : 1), accessor_);
            if (owns() && !had_it) ++came_to_own;
        }
    }

    unsigned came_to_own = 0;

  private:
    bool owns() { return std::atomic_ref(devices_.slots().front().gate.word().owner).load() == &native_; }

    DeviceSet& devices_;
    VcpuCounters counters_;
    dev::ir::NativeVcpu native_;
    AddressSpace::Accessor accessor_;
};

void access_by_host(DeviceSlot& slot) {
    for (unsigned i = 0; i < kByHost; ++i) {
        {
            DeviceGuard guard(slot);
            slot.device->write({0, 0, 1}, 7);
        }
        std::this_thread::yield();
    }
}

std::uint32_t word(const std::vector<std::uint8_t>& state, std::size_t index) {
    return load_le<std::uint32_t>(state.data() + 4 * index);
}

// All are done with a phase before any begins the next, so that each comes to the device again and again.
void run(std::uint32_t vcpus, DeviceGate::Patience patience) {
    const Described machine = machine_of(counting(), vcpus);
    const NativeBundle native(machine);
    std::deque<Vcpu> all;  // outlive the devices
    Side side(machine, {false, &native.functions()});
    DeviceSlot& slot = side.devices().slots().front();
    slot.gate.use(patience);
    std::barrier together(vcpus + 1);
    const auto phases = [&](auto one) {
        for (unsigned i = 0; i < kPhases; ++i) {
            together.arrive_and_wait();
            one();
        }
    };
    const std::uint64_t port = machine.plan.devices[0].pio[0].base;
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < vcpus; ++i)
        threads.emplace_back(
            [&, &vcpu = all.emplace_back(side.devices())] { phases([&] { vcpu.access(port, kAccesses); }); });
    phases([&] { access_by_host(slot); });
    for (std::thread& thread : threads) thread.join();
    const std::uint64_t total = std::uint64_t{kPhases} * (vcpus * kAccesses + kByHost);
    CHECK(side.output.bytes.size() == total);
    const std::vector<std::uint8_t> state = side.state_bytes();
    for (std::size_t i = 0; i <= kParts; ++i) CHECK(word(state, i) == total);
    for (const Vcpu& vcpu : all) CHECK(vcpu.came_to_own > kPhases / 10);
}

}  // namespace

TEST_CASE("one vCPU and the host") {
    run(1, DeviceGate::kOneVcpu);
}

TEST_CASE("several vCPUs and the host, and the device is passed over and over") {
    run(3, {4, 4});
}
