// Four ways from an address to a device, over the same devices of one machine.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "compiler/codegen/exit_code.h"
#include "devices/kit/fakes.h"
#include "runtime/machine/device_set.h"
#include "runtime/plan/bundle.h"

namespace nyx::bench {

using dev::Space;

// What devices of a machine live on when nobody is there.
struct Surroundings {
    struct Nowhere final : dev::ByteSink {
        void write(std::span<const std::uint8_t>) override {}
    };
    struct NoMessages final : dev::MessageSink {
        void send(std::uint64_t, std::uint32_t) override {}
    };
    struct NoControl final : dev::MachineControl {
        void request_reset(std::string_view) override {}
        void request_power_off(std::string_view) override {}
        void request_exit(int) override {}
        void guest_panicked(bool) override {}
    };
    Nowhere output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    NoControl control;
    NoMessages messages;
    vm::IrqInputs irqs{[](std::uint32_t, bool) {}};
    dev::GuestMemory memory;
    dev::GuestDma dma{memory};
    std::unique_ptr<vm::EventLoop> loop = std::move(*vm::EventLoop::create());
};

// Nyx: compiled code, or the table with the interpreter of descriptions, or the table with classes.
class NyxBus {
  public:
    enum class Devices { kCompiled, kDescribed, kClasses };
    // vcpus: how many the code is made for. hot: what a profile has its dispatch ask for first.
    NyxBus(const plan::Bundle& bundle, Devices devices, std::uint32_t vcpus, const codegen::HotAccesses& hot = {});
    ~NyxBus();

    // Of one thread.
    struct Caller {
        explicit Caller(const NyxBus& bus) : counters(bus.devices_->counters()), accessor{counters, &vcpu} {}
        vm::VcpuCounters counters;
        dev::ir::NativeVcpu vcpu;
        vm::AddressSpace::Accessor accessor;
    };
    void read(Caller& caller, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
        devices_->space().read(space, address, data, caller.accessor);
    }
    void write(Caller& caller, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
        devices_->space().write(space, address, data, caller.accessor);
    }

    // The registers that the caller has accessed most, as `nyxc build --profile` takes them from a run.
    codegen::HotAccesses hottest(const Caller& caller) const;

  private:
    struct Code;
    Surroundings around_;
    plan::MachinePlan plan_;
    std::unique_ptr<Code> code_;
    std::unique_ptr<vm::DeviceSet> devices_;
};

// The devices as classes, each behind a mutex, for the buses of others.
struct LockedDevice {
    std::mutex lock;
    std::unique_ptr<dev::Device> device;
};
struct Placed {
    Space space = Space::kPio;
    Range range;
    std::uint32_t region = 0;
    std::shared_ptr<LockedDevice> device;
};
class ClassDevices {
  public:
    explicit ClassDevices(const plan::Bundle& bundle);
    const std::vector<Placed>& placed() const { return placed_; }

  private:
    Surroundings around_;
    std::vector<std::unique_ptr<dev::Timers>> timers_;
    std::vector<std::unique_ptr<std::vector<dev::IrqLine*>>> lines_;
    std::vector<Placed> placed_;
};

// An ordered map from the first address to the device, and a mutex around each device: std::map for Rust's BTreeMap, as
// Firecracker's bus was.
class MapBus {
  public:
    explicit MapBus(const plan::Bundle& bundle);
    struct Caller {
        explicit Caller(const MapBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    const Placed* find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
    std::array<std::map<std::uint64_t, Placed>, 2> by_base_;
};

// The same with the map behind a reader-writer lock and devices held weakly, as Cloud Hypervisor's bus has it.
class SharedMapBus {
  public:
    explicit SharedMapBus(const plan::Bundle& bundle);
    struct Caller {
        explicit Caller(const SharedMapBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    struct Entry {
        Range range;
        std::uint32_t region = 0;
        std::weak_ptr<LockedDevice> device;
    };
    struct Found {
        std::shared_ptr<LockedDevice> device;
        dev::Access access;
    };
    Found find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
    mutable std::array<std::shared_mutex, 2> locks_;
    std::array<std::map<std::uint64_t, Entry>, 2> by_base_;
};

// A list, from its beginning, and a mutex around each device.
class LinearBus {
  public:
    explicit LinearBus(const plan::Bundle& bundle) : devices_(bundle) {}
    struct Caller {
        explicit Caller(const LinearBus&) {}
    };
    void read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data);
    void write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data);

  private:
    const Placed* find(Space space, std::uint64_t address, std::size_t size) const;
    ClassDevices devices_;
};

}  // namespace nyx::bench
