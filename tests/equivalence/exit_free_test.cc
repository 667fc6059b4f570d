// A guest whose writes are rung, queued or exit and whose reads come from pages cannot be told from one all of whose
// accesses exit: reads give the same, and whenever somebody looks, so do state, lines and output.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <random>

#include "devices/described/device.h"
#include "devices/ir/service.h"
#include "devices/kit/fakes.h"
#include "runtime/machine/exit_free_server.h"
#include "tests/unit/devices/described/generated_program.h"
#include "tests/unit/devices/described/made_programs.h"

using namespace nyx;
using namespace nyx::vm;
using dev::ir::Program;

namespace {

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

constexpr std::uint64_t kPorts = 0x100, kMemory = 0x10000;

// One machine's side of devices, with one device of the program.
struct Side {
    Program program;
    plan::MachinePlan plan;
    dev::VectorSink output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    dev::FakeControl control;
    std::vector<std::pair<std::uint32_t, bool>> levels;
    IrqInputs irqs{[this](std::uint32_t gsi, bool asserted) { levels.emplace_back(gsi, asserted); }};
    dev::GuestMemory memory;
    dev::GuestDma dma{memory};
    NoMessages messages;
    std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
    std::unique_ptr<DeviceSet> devices;
    std::unique_ptr<ExitFreeServer> server;
    std::optional<VcpuCounters> counters;
    std::optional<AddressSpace::Accessor> accessor;
    FakeVm vm;
    std::uint64_t exits = 0;

    Side(const Program& made, bool exit_free) : program(made) {
        plan::DevicePlan device{"d", program.name, {}, {}, {}, {}};
        std::uint64_t port = kPorts, address = kMemory;
        for (const dev::ir::Bank& bank : program.banks) {
            const bool is_pio = bank.space == dev::ir::Space::kPio;
            (is_pio ? device.pio : device.mmio).push_back({is_pio ? port : address, bank.size});
            (is_pio ? port : address) += (bank.size + 0xFFFu) & ~std::uint64_t{0xFFF};
        }
        for (std::uint32_t i = 0; i < program.lines.size(); ++i) device.gsis.push_back(5 + i);
        plan.devices = {device};
        Blueprint blueprint;
        blueprint.plan = &plan;
        blueprint.create_device = [this](const plan::DevicePlan&,
                                         const dev::Environment& environment) -> Result<std::unique_ptr<dev::Device>> {
            NYX_ASSIGN(auto created, dev::described::Described::create(program, environment));
            return std::unique_ptr<dev::Device>(std::move(created));
        };
        blueprint.output = [this](const std::string&) -> dev::ByteSink& { return output; };
        auto created = DeviceSet::create(blueprint, {irqs, clock, timers, control, dma, *loop, messages, {}});
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

struct Pair {
    Side table, free;
    std::mt19937_64& random;
    std::optional<std::vector<dev::StateField>> snapshot;

    Pair(const Program& program, std::mt19937_64& source)
        : table(program, false), free(program, true), random(source) {}

    void compare() {
        REQUIRE(table.saved() == free.saved());
        REQUIRE(table.output.bytes == free.output.bytes);
        REQUIRE(table.levels == free.levels);
        REQUIRE(table.control.requests == free.control.requests);
    }

    void access() {
        const plan::DevicePlan& device = table.plan.devices.front();
        const bool ports = !device.pio.empty() && (device.mmio.empty() || random() % 2 == 0);
        const std::vector<Range>& ranges = ports ? device.pio : device.mmio;
        const Range range = ranges[random() % ranges.size()];
        const auto width = static_cast<std::uint8_t>(1u << random() % (ports ? 3 : 4));
        const std::uint64_t address = range.base + random() % std::min<std::uint64_t>(range.size, 40);
        const Space space = ports ? Space::kPio : Space::kMmio;
        if (random() % 3 == 0) {
            REQUIRE(table.read(space, address, width) == free.read(space, address, width));
            return;
        }
        const std::uint64_t value = random() % 4 == 0 ? random() : random() % 9;
        table.write(space, address, width, value);
        free.write(space, address, width, value);
    }

    void operation() {
        const std::uint64_t kind = random() % 60;
        if (kind == 0) {
            compare();
            snapshot = free.saved();
        } else if (kind == 1 && snapshot) {
            table.restore(*snapshot);
            free.restore(*snapshot);
        } else if (kind == 2) {
            const std::uint64_t ns = random() % 5'000'000;
            table.advance(ns);
            free.advance(ns);
        } else if (kind == 3) {
            const auto byte = static_cast<std::uint8_t>(random());
            REQUIRE(table.receive(byte) == free.receive(byte));
        } else {
            access();
        }
    }
};

std::uint64_t run(const Program& program, std::mt19937_64& random, unsigned operations) {
    Pair pair(program, random);
    for (unsigned i = 0; i < operations; ++i) pair.operation();
    pair.compare();
    CHECK(pair.free.exits <= pair.table.exits);
    return pair.table.exits - pair.free.exits;
}

}  // namespace

TEST_CASE("the mailbox: every mechanism, with snapshots on the way") {
    std::mt19937_64 random(11);
    CHECK(run(dev::ir::mailbox(), random, 20000) > 2000);
}

TEST_CASE("described devices with nothing to save exits on are served as before") {
    std::mt19937_64 random(12);
    run(dev::ir::small_uart(), random, 5000);
    run(dev::ir::all_kinds(), random, 5000);
}

TEST_CASE("generated programs agree with themselves without exits") {
    std::mt19937_64 random(13);
    std::uint64_t saved = 0;
    for (int i = 0; i < 200; ++i) saved += run(dev::ir::generated_program(random), random, 400);
    CHECK(saved > 0);
}

TEST_CASE("the event loop rings what nobody else did") {
    Side side(dev::ir::mailbox(), true);
    const std::uint64_t regs = side.plan.devices.front().mmio[1].base;
    for (int i = 0; i < 3; ++i) side.write(Space::kMmio, regs, 4, 1);
    CHECK(side.exits == 0);
    CHECK(side.output.text().empty());
    side.loop->wait(1'000'000'000);
    CHECK(side.output.text() == "nnn");
    side.write(Space::kMmio, regs + 4, 4, 7);
    side.write(Space::kMmio, regs + 4, 4, 8);  // another value exits, after what was rung before
    CHECK(side.exits == 1);
    CHECK(side.output.text() == "nnns");
}
