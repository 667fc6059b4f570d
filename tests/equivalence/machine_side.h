// The device side of a machine, several times over: by the table alone, by the native code of its bundle, and without
// the exits that can be done without. All of them are driven alike, and nobody may tell them apart.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "runtime/jit/exit_code.h"
#include "runtime/plan/bundle.h"
#include "tests/equivalence/fake_vm.h"

namespace nyx::vm {

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
        dev::ByteSink* output = nullptr;  // null: the side's own
    };
    // All outlive it.
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
    DeviceSet& devices() { return *devices_; }

    const Described& machine;
    const bool is_exit_free;
    bool has_doorbells = false;
    dev::VectorSink output;
    dev::FakeClock clock;
    dev::TimerQueue timers;
    dev::FakeControl control;
    std::vector<std::pair<std::uint32_t, bool>> levels;  // each change of an input
    std::uint64_t exits = 0;
    std::optional<VcpuCounters> counters;
    dev::ir::NativeVcpu vcpu;
    std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
    FakeVm vm;

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
