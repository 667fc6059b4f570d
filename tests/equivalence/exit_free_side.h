// One machine's side of devices, with or without a hypervisor that takes accesses of the guest without exits.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "devices/described/device.h"
#include "devices/kit/fakes.h"
#include "runtime/machine/exit_free_server.h"

namespace nyx::vm {

// Takes from a guest without exits what KVM would, in this process.
class FakeVm final : public hv::Vm, public hv::ExitFree, public hv::WriteQueue {
  public:
    static constexpr std::size_t kQueue = 16;  // so that it is often full

    Status map_memory(Range range, std::uint8_t* host, bool read_only) override {
        REQUIRE(read_only);
        pages_.push_back({range, host});
        return {};
    }
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t, std::span<const hv::CpuidEntry>) override {
        return fail(ErrorCode::kUnsupported, "it has none");
    }
    Status set_irq(std::uint32_t, bool) override { return {}; }
    Status send_message(std::uint64_t, std::uint32_t) override { return {}; }
    hv::ExitFree* exit_free() override { return this; }

    Status add_doorbell(const hv::Doorbell& doorbell, int event) override {
        bells_.push_back({doorbell, event});
        return {};
    }
    Status queue_writes(Space space, Range range) override {
        zones_.push_back({space, range});
        return {};
    }
    hv::WriteQueue& queue() override { return *this; }

    bool waits() const override { return !queued_.empty(); }
    void drain(const hv::ApplyQueued& apply) override {
        while (!queued_.empty()) {
            const Write& first = queued_.front();
            apply({first.space, first.address, {first.data.data(), first.size}});
            queued_.pop_front();
        }
    }

    // True: there was no exit.
    bool read(Space space, std::uint64_t address, std::span<std::uint8_t> data) const {
        for (const auto& [range, host] : pages_) {
            if (space != Space::kMmio || !range.contains(address) || address + data.size() > range.end()) continue;
            std::memcpy(data.data(), host + (address - range.base), data.size());
            return true;
        }
        return false;
    }
    bool write(Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
        std::uint64_t value = 0;
        std::memcpy(&value, data.data(), data.size());
        for (const auto& [bell, event] : bells_) {
            if (bell.space != space || bell.address != address || bell.width != data.size()) continue;
            if (bell.value && *bell.value != value) continue;
            const std::uint64_t one = 1;
            return ::write(event, &one, sizeof one) == sizeof one;
        }
        for (const auto& [zone_space, range] : zones_) {
            const bool lies_inside = range.contains(address) && address + data.size() <= range.end();
            if (zone_space != space || !lies_inside || queued_.size() == kQueue) continue;
            Write& queued = queued_.emplace_back(Write{space, address, data.size(), {}});
            std::ranges::copy(data, queued.data.begin());
            return true;
        }
        return false;
    }

  private:
    struct Write {
        Space space;
        std::uint64_t address;
        std::size_t size;
        std::array<std::uint8_t, 8> data;
    };
    std::vector<std::pair<Range, std::uint8_t*>> pages_;
    std::vector<std::pair<hv::Doorbell, int>> bells_;
    std::vector<std::pair<Space, Range>> zones_;
    std::deque<Write> queued_;
};

struct NoMessages final : dev::MessageSink {
    void send(std::uint64_t, std::uint32_t) override {}
};

inline constexpr std::uint64_t kPorts = 0x100, kMemory = 0x10000;

// With one device.
struct Side {
    using Create = decltype(Blueprint::create_device);

    dev::ir::Program program;  // of a device that is described
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

    Side(const dev::ir::Program& made, bool exit_free) : program(made) {
        plan::DevicePlan device{"d", program.name, {}, {}, {}, {}};
        std::uint64_t port = kPorts, address = kMemory;
        for (const dev::ir::Bank& bank : program.banks) {
            const bool is_pio = bank.space == dev::ir::Space::kPio;
            (is_pio ? device.pio : device.mmio).push_back({is_pio ? port : address, bank.size});
            (is_pio ? port : address) += (bank.size + 0xFFFu) & ~std::uint64_t{0xFFF};
        }
        for (std::uint32_t i = 0; i < program.lines.size(); ++i) device.gsis.push_back(5 + i);
        build(device, exit_free,
              [this](const plan::DevicePlan&,
                     const dev::Environment& environment) -> Result<std::unique_ptr<dev::Device>> {
                  NYX_ASSIGN(auto created, dev::described::Described::create(program, environment));
                  return std::unique_ptr<dev::Device>(std::move(created));
              });
    }
    Side(const plan::DevicePlan& device, bool exit_free, Create create) { build(device, exit_free, std::move(create)); }

    void build(const plan::DevicePlan& device, bool exit_free, Create create) {
        plan.devices = {device};
        Blueprint blueprint;
        blueprint.plan = &plan;
        blueprint.create_device = std::move(create);
        blueprint.output = [this](const std::string&) -> dev::ByteSink& { return output; };
        auto random = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{0x5A}); };
        auto created = DeviceSet::create(blueprint, {irqs, clock, timers, control, dma, *loop, messages, random});
        REQUIRE_MESSAGE(created, created.error().message);
        devices = std::move(*created);
        counters.emplace(devices->counters());
        accessor.emplace(AddressSpace::Accessor{*counters});
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
    }
    void advance(std::uint64_t ns) {
        server->settle();
        clock.now_ns += ns;
        timers.run_due(clock.now_ns);
    }
    std::size_t receive(std::uint8_t byte) {
        server->settle();
        DeviceSlot& slot = devices->slots().front();
        DeviceGuard guard(slot);
        dev::ByteReceiver* receiver = slot.device->byte_receiver();
        return receiver == nullptr ? 0 : receiver->receive({&byte, 1});
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
    void restore(const std::vector<dev::StateField>& fields) {
        server->settle();
        DeviceSlot& slot = devices->slots().front();
        DeviceGuard guard(slot);
        dev::StateReader reader(fields);
        CHECK(slot.device->restore(reader).has_value());
    }
};

}  // namespace nyx::vm
