// Inputs that an eventfd raises and the guest's end of interrupt lowers, with a hypervisor that does as it is told.
#include "runtime/machine/level_inputs.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <map>

using namespace nyx;
using namespace nyx::vm;

namespace {

// As KVM has it: the input is asserted from a raise to the end of the interrupt.
class Controller final : public hv::Vm, public hv::ExitFree {
  public:
    struct Input {
        int raise = -1, ended = -1;
    };
    std::map<std::uint32_t, Input> inputs;
    bool has_none = false;

    // How often it was raised since it was asked last.
    std::uint64_t raised(std::uint32_t gsi) const {
        std::uint64_t times = 0;
        return ::read(inputs.at(gsi).raise, &times, sizeof times) == sizeof times ? times : 0;
    }
    void end(std::uint32_t gsi) const {
        const std::uint64_t one = 1;
        REQUIRE(::write(inputs.at(gsi).ended, &one, sizeof one) == sizeof one);
    }

    Status map_memory(Range, std::uint8_t*, bool) override { return {}; }
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t, std::span<const hv::CpuidEntry>) override {
        return fail(ErrorCode::kUnsupported, "it has none");
    }
    Status set_irq(std::uint32_t, bool) override { return {}; }
    Status send_message(std::uint64_t, std::uint32_t) override { return {}; }
    hv::ExitFree* exit_free() override { return this; }
    Status add_doorbell(const hv::Doorbell&, int) override { return {}; }
    Status queue_writes(dev::Space, Range) override { return {}; }
    Status stop_queueing(dev::Space, Range) override { return {}; }
    hv::WriteQueue& queue() override { std::abort(); }
    Status add_level_input(std::uint32_t gsi, int raise, int ended) override {
        if (has_none) return fail(ErrorCode::kUnsupported, "it has none");
        inputs[gsi] = {raise, ended};
        return {};
    }
};

struct Wired {
    std::unique_ptr<EventLoop> loop = *EventLoop::create();
    unsigned calls = 0;
    IrqInputs inputs{[this](std::uint32_t gsi, bool asserted) {
        if (!level.set(gsi, asserted)) ++calls;
    }};
    dev::IrqLine& isa = inputs.line(5);
    dev::IrqLine& one = inputs.line(20);
    dev::IrqLine& other = inputs.line(20);
    LevelInputs level{*loop, inputs};
    Controller controller;

    void guest_ends(std::uint32_t gsi) {
        controller.end(gsi);
        loop->wait(0);
    }
};

}  // namespace

TEST_CASE("an input of no 8259A is raised by its eventfd and lowered by nobody") {
    Wired wired;
    wired.level.attach(wired.controller);
    REQUIRE(wired.controller.inputs.size() == 1);
    wired.one.set(true);
    CHECK(wired.controller.raised(20) == 1);
    wired.one.set(false);
    wired.guest_ends(20);
    CHECK(wired.controller.raised(20) == 0);
    CHECK(wired.calls == 0);
    wired.isa.set(true);
    wired.isa.set(false);
    CHECK(wired.calls == 2);
}

TEST_CASE("whoever still has a reason when the guest ends the interrupt raises it again") {
    Wired wired;
    wired.level.attach(wired.controller);
    wired.one.set(true);
    wired.other.set(true);
    CHECK(wired.controller.raised(20) == 1);
    wired.one.set(false);
    wired.guest_ends(20);
    CHECK(wired.controller.raised(20) == 1);
    wired.other.set(false);
    wired.guest_ends(20);
    CHECK(wired.controller.raised(20) == 0);
}

TEST_CASE("where the hypervisor has none, and after detach(), inputs are set by calls") {
    Wired wired;
    wired.controller.has_none = true;
    wired.level.attach(wired.controller);
    wired.one.set(true);
    CHECK(wired.calls == 1);
    wired.controller.has_none = false;
    wired.level.attach(wired.controller);
    wired.inputs.resend();
    CHECK(wired.controller.raised(20) == 1);
    wired.level.detach();
    wired.one.set(false);
    CHECK(wired.calls == 2);
}
