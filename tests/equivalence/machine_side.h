// The device side of a machine, several times over: by the table alone, by the native code of its bundle, and without
// the exits that can be done without. All of them are driven alike, and nobody may tell them apart.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "devices/described/device.h"
#include "devices/kit/fakes.h"
#include "runtime/jit/exit_code.h"
#include "runtime/machine/exit_free_server.h"
#include "runtime/plan/bundle.h"

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

// A plan of described devices with their programs.
struct Described {
    plan::MachinePlan plan;
    std::vector<dev::ir::Program> programs;
};
// One device of the program, its regions apart from each other.
Described machine_of(const dev::ir::Program& program, std::uint32_t vcpus);

// The described devices of a PC where PCs have them.
Described machine_of_pc(std::uint32_t vcpus);

// What nyxc would put into the machine's bundle, and nyx take out of it.
class NativeBundle {
  public:
    explicit NativeBundle(const Described& machine, const char* level = plan::kCodeLevels[0]);
    const plan::ExitFunctions& functions() const { return code_->functions(); }

  private:
    Bytes bytes_;
    std::unique_ptr<jit::ExitCode> code_;
};

class Side {
  public:
    struct Paths {
        bool exit_free = false;
        const plan::ExitFunctions* native = nullptr;
    };
    // Both outlive it.
    Side(const Described& machine, const Paths& paths);

    std::uint64_t read(Space space, std::uint64_t address, std::uint8_t width);
    void write(Space space, std::uint64_t address, std::uint8_t width, std::uint64_t value);
    void advance(std::uint64_t ns);
    std::size_t receive(std::uint8_t byte);
    void reset();
    // As a snapshot has it, of all devices.
    std::vector<dev::StateUnit> saved();
    // False: a device refused its state, and is as before.
    bool restore(const std::vector<dev::StateUnit>& units);
    // The bytes that both the interpreter and native code work on. Nothing is settled before.
    std::vector<std::uint8_t> state_bytes() const;

    const Described& machine;
    const bool is_exit_free;
    dev::VectorSink output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    dev::FakeControl control;
    std::vector<std::pair<std::uint32_t, bool>> levels;  // each change of an input
    std::uint64_t exits = 0;
    std::optional<VcpuCounters> counters;
    std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());

  private:
    struct NoMessages final : dev::MessageSink {
        void send(std::uint64_t, std::uint32_t) override {}
    };
    IrqInputs irqs_{[this](std::uint32_t gsi, bool asserted) { levels.emplace_back(gsi, asserted); }};
    dev::GuestMemory memory_;
    dev::GuestDma dma_{memory_};
    NoMessages messages_;
    std::unique_ptr<DeviceSet> devices_;
    std::unique_ptr<ExitFreeServer> server_;
    std::optional<AddressSpace::Accessor> accessor_;
    FakeVm vm_;
};

// Several sides that do the same.
class Sides {
  public:
    // The table, native code, native code without exits.
    Sides(const Described& machine, std::mt19937_64& random);

    // An access of chance, or a disturbance.
    void operate();
    // Time, input, a snapshot or the way back to one, a reset.
    void disturb();
    void access(Space space, std::uint64_t address, std::uint8_t width, bool is_write, std::uint64_t value);
    // Everything that anybody could see.
    void compare();
    // Exits of the table that the last side did without.
    std::uint64_t saved_exits() const { return sides_.front()->exits - sides_.back()->exits; }

  private:
    void random_access();

    NativeBundle native_;
    std::vector<std::unique_ptr<Side>> sides_;
    std::mt19937_64& random_;
    std::optional<std::vector<dev::StateUnit>> snapshot_;
};

}  // namespace nyx::vm
