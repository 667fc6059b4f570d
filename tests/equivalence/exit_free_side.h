// One machine's side of a device that is a class, with or without a hypervisor that takes accesses without exits.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "tests/equivalence/fake_vm.h"

namespace nyx::vm {

struct NoMessages final : dev::MessageSink {
    void send(std::uint64_t, std::uint32_t) override {}
};

inline constexpr std::uint64_t kMemory = 0x10000;

// With one device.
struct Side {
    using Create = decltype(Blueprint::create_device);

    plan::MachinePlan plan;
    dev::VectorSink output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    dev::FakeControl control;
    std::vector<std::pair<std::uint32_t, bool>> levels;
    IrqInputs irqs{[this](std::uint32_t gsi, bool asserted) { levels.emplace_back(gsi, asserted); }};
    std::vector<std::uint8_t> ram = std::vector<std::uint8_t>(0x8000);
    dev::GuestMemory memory = *dev::GuestMemory::create({{{0, ram.size()}, ram.data()}});
    dev::GuestDma dma{memory};
    NoMessages messages;
    std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
    std::unique_ptr<DeviceSet> devices;
    std::unique_ptr<ExitFreeServer> server;
    std::optional<VcpuCounters> counters;
    std::optional<AddressSpace::Accessor> accessor;
    FakeVm vm;
    std::uint64_t exits = 0;

    Side(const plan::DevicePlan& device, bool exit_free, Create create) {
        plan.devices = {device};
        Blueprint blueprint;
        blueprint.plan = &plan;
        blueprint.create_device = std::move(create);
        blueprint.output = [this](const std::string&) -> dev::ByteSink& { return output; };
        auto random = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{0x5A}); };
        auto created = DeviceSet::create(
            blueprint, {irqs, [](const auto&) {}, clock, timers, control, dma, *loop, messages, random});
        REQUIRE_MESSAGE(created, created.error().message);
        devices = std::move(*created);
        counters.emplace(devices->counters());
        accessor.emplace(AddressSpace::Accessor{*counters, nullptr});
        server = std::make_unique<ExitFreeServer>(*devices, *loop);
        if (exit_free) REQUIRE(server->attach(vm));
    }

    std::uint64_t read(Space space, std::uint64_t address, std::uint8_t width) {
        std::array<std::uint8_t, 8> data{};
        std::span<std::uint8_t> part(data.data(), width);
        if (!vm.read(space, address, part)) {
            ++exits;
            server->apply_queued();
            devices->space().read(space, address, part, *accessor);
        }
        return load_le<std::uint64_t>(data.data());
    }
    void write(Space space, std::uint64_t address, std::uint8_t width, std::uint64_t value) {
        std::array<std::uint8_t, 8> data{};
        store_le(data.data(), value);
        const std::span<const std::uint8_t> part(data.data(), width);
        if (vm.write(space, address, part)) return;
        ++exits;
        server->apply_queued();
        devices->space().write(space, address, part, *accessor);
        server->wrote(space, {address, width}, nullptr);
    }
    // As a snapshot has it.
    std::vector<dev::StateField> saved() {
        server->settle();
        DeviceSlot& slot = devices->slots().front();
        DeviceGuard guard(slot);
        dev::StateWriter writer;
        slot.device->save(writer);
        return writer.take();
    }
};

}  // namespace nyx::vm
