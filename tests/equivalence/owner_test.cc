// Several vCPUs by compiled code and a thread of the host at one device: nobody is inside together with another,
// whoever has it without its lock (runtime/machine/device_gate.h). Signals stop the vCPUs for a while wherever they
// are.
#include <doctest/doctest.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <thread>

#include "tests/equivalence/machine_side.h"

using namespace nyx;
using namespace nyx::vm;
using dev::ir::Op;
using dev::ir::TypeKind;

namespace {

constexpr unsigned kBurst = 32, kEveryByTable = 16, kEveryStop = 16;
constexpr unsigned kParts = 64;

// How often each vCPU comes to own the device. NYX_OWNER_PASSES asks for a longer run.
unsigned passes() {
    const char* asked = std::getenv("NYX_OWNER_PASSES");
    return asked == nullptr ? 500 : static_cast<unsigned>(std::atoi(asked));
}

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

thread_local dev::ir::NativeVcpu* me = nullptr;  // null: the host

// Called from inside the device, also where its lock is not held. Whoever is there without it is the owner, or was it
// and is waited for: nobody else is the owner meanwhile.
struct Output final : dev::ByteSink {
    void write(std::span<const std::uint8_t> data) override {
        bytes += data.size();
        if (me == nullptr || std::atomic_ref(me->inside).load() != &gate->word()) return;
        const dev::ir::NativeVcpu* owner = std::atomic_ref(gate->word().owner).load();
        if (owner != nullptr && owner != me) ++with_another_owner;
    }
    DeviceGate* gate = nullptr;
    std::uint64_t bytes = 0, with_another_owner = 0;
};

class Vcpu {
  public:
    explicit Vcpu(DeviceSet& devices)
        : devices_(devices), counters_(devices.counters()), accessor_{counters_, &native_} {}

    // A word is not exactly one register, so the table does it.
    void access(std::uint64_t port) {
        const std::array<std::uint8_t, 2> data = {7, 0};
        const std::size_t width = ++accesses % kEveryByTable == 0 ? 2 : 1;
        const bool had_it = owns();
        devices_.space().write(Space::kPio, port, std::span(data).first(width), accessor_);
        if (!had_it && owns()) ++came_to_own;
    }

    void begin() { me = &native_; }

    std::uint64_t accesses = 0;
    std::atomic<unsigned> came_to_own = 0;

  private:
    bool owns() { return std::atomic_ref(devices_.slots().front().gate.word().owner).load() == &native_; }

    DeviceSet& devices_;
    VcpuCounters counters_;
    dev::ir::NativeVcpu native_;
    AddressSpace::Accessor accessor_;
};

void access_by_host(DeviceSlot& slot) {
    DeviceGuard guard(slot);
    slot.device->write({0, 0, 1}, 7);
}

void stop_for_a_while(int) {
    const timespec time{0, 20'000};
    ::nanosleep(&time, nullptr);
}

// On a processor of its own, as far as there are so many.
void run_apart(std::thread& thread, unsigned number) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(number % std::max(1u, std::thread::hardware_concurrency()), &one);
    ::pthread_setaffinity_np(thread.native_handle(), sizeof one, &one);
}

std::uint32_t word(const std::vector<std::uint8_t>& state, std::size_t index) {
    return load_le<std::uint32_t>(state.data() + 4 * index);
}

// Until every vCPU has come to own the device so often. Each gives way after a burst, so that they take turns where
// there are too few processors for all.
void run(std::uint32_t vcpus, DeviceGate::Patience patience) {
    const Described machine = machine_of(counting(), vcpus);
    const NativeBundle native(machine);
    std::deque<Vcpu> all;  // outlive the devices
    Output output;
    Side side(machine, {false, &native.functions(), &output});
    DeviceSlot& slot = side.devices().slots().front();
    output.gate = &slot.gate;
    slot.gate.use(patience);
    for (std::uint32_t i = 0; i < vcpus; ++i) all.emplace_back(side.devices());
    const std::uint64_t port = machine.plan.devices[0].pio[0].base;
    const auto goes_on = [&, enough = passes()] {
        std::this_thread::yield();
        return std::ranges::any_of(all, [&](const Vcpu& vcpu) { return vcpu.came_to_own < enough; });
    };
    std::vector<std::thread> threads;
    for (Vcpu& vcpu : all)
        threads.emplace_back([&] {
            vcpu.begin();
            while (goes_on())
                for (unsigned i = 0; i < kBurst; ++i) vcpu.access(port);
        });
    for (unsigned i = 0; i < threads.size(); ++i) run_apart(threads[i], i);
    std::signal(SIGUSR1, stop_for_a_while);
    std::uint64_t total = 0;
    for (; goes_on(); ++total) {
        access_by_host(slot);
        if (total % kEveryStop == 0) ::pthread_kill(threads[total / kEveryStop % vcpus].native_handle(), SIGUSR1);
    }
    for (std::thread& thread : threads) thread.join();
    for (const Vcpu& vcpu : all) total += vcpu.accesses;
    CHECK(output.with_another_owner == 0);
    CHECK(output.bytes == total);
    const std::vector<std::uint8_t> state = side.state_bytes();
    for (std::size_t i = 0; i <= kParts; ++i) CHECK(word(state, i) == total);
}

}  // namespace

TEST_CASE("one vCPU and the host") {
    run(1, DeviceGate::kOneVcpu);
}

TEST_CASE("several vCPUs and the host, and the device is passed over and over") {
    run(3, {4, 4});
}
