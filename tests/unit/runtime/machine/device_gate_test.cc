#include "runtime/machine/device_gate.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace nyx::vm;
using nyx::dev::ir::NativeVcpu;

namespace {

struct Fixture {
    DeviceGate gate;
    NativeVcpu a, b;

    Fixture() { REQUIRE(DeviceGate::prepare()); }
    void enter(NativeVcpu* vcpu, unsigned times) {
        for (unsigned i = 0; i < times; ++i) gate.enter(vcpu);
    }
    const NativeVcpu* owner() { return gate.word().owner; }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a gate that is not used has no owner") {
    enter(&a, 1000);
    CHECK(owner() == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "a vCPU that is alone for long enough owns the device") {
    gate.use({4, 16});
    enter(&a, 3);
    CHECK(owner() == nullptr);
    enter(&a, 1);
    CHECK(owner() == &a);
    enter(&a, 1);  // by the table
    CHECK(owner() == &a);
}

TEST_CASE_FIXTURE(Fixture, "whoever comes in between has it begin again") {
    gate.use({4, 16});
    enter(&a, 3);
    enter(&b, 1);
    enter(&a, 3);
    enter(nullptr, 1);
    enter(&a, 3);
    CHECK(owner() == nullptr);
    CHECK(gate.patience() == 4);  // nobody owned it
    enter(&a, 1);
    CHECK(owner() == &a);
}

TEST_CASE_FIXTURE(Fixture, "a vCPU takes the device away, and the next owner has to be alone for twice as long") {
    gate.use({4, 16});
    enter(&a, 4);
    enter(&b, 1);
    CHECK(owner() == nullptr);
    CHECK(gate.patience() == 8);
    enter(&b, 6);
    CHECK(owner() == nullptr);
    enter(&b, 1);
    CHECK(owner() == &b);
    for (int i = 0; i < 5; ++i) {
        enter(&a, 16);
        CHECK(owner() == &a);
        enter(&b, 16);
        CHECK(owner() == &b);
    }
    CHECK(gate.patience() == 16);
}

TEST_CASE_FIXTURE(Fixture, "a thread of the host takes it away, and never has it") {
    gate.use({4, 16});
    enter(&a, 4);
    enter(nullptr, 1);
    CHECK(owner() == nullptr);
    CHECK(gate.patience() == 4);
    enter(nullptr, 100);
    CHECK(owner() == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "the one vCPU of a machine has it back at its next access") {
    gate.use(DeviceGate::kOneVcpu);
    enter(&a, 1);
    CHECK(owner() == &a);
    enter(nullptr, 1);
    CHECK(owner() == nullptr);
    enter(&a, 1);
    CHECK(owner() == &a);
}

TEST_CASE_FIXTURE(Fixture, "the device is taken away when the owner is outside, whatever else it is inside of") {
    gate.use(DeviceGate::kOneVcpu);
    DeviceGate other;
    enter(&a, 1);
    std::atomic_ref inside(a.inside);
    inside = &gate.word();
    std::atomic<bool> is_alone = false;
    std::thread host([&] {
        gate.enter(nullptr);
        is_alone = true;
    });
    while (std::atomic_ref(gate.word().owner).load() != nullptr) std::this_thread::yield();
    CHECK(!is_alone);
    inside = &other.word();
    host.join();
    CHECK(is_alone);
}
