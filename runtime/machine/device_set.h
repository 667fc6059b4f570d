// The devices of a machine, with what each lives on: its lock, lines, timers and sink.
//
// Built once, by create(). Afterwards the set does not change; every call into a device takes its lock.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "devices/kit/timer_queue.h"
#include "runtime/machine/address_space.h"
#include "runtime/machine/blueprint.h"
#include "runtime/machine/irq_inputs.h"
#include "runtime/machine/loop_events.h"
#include "runtime/machine/native_access.h"

namespace nyx::vm {

class DeviceSet {
  public:
    // What all devices share; outlives the set.
    struct Services {
        IrqInputs& irqs;
        std::function<void(const dev::TimerLines&)> replace_timers;
        dev::Clock& clock;
        dev::TimerQueue& timers;
        dev::MachineControl& control;
        const dev::GuestDma& dma;
        EventLoop& loop;
        dev::MessageSink& messages;
        std::function<void(std::span<std::uint8_t>)> random;
    };
    static Result<std::unique_ptr<DeviceSet>> create(const Blueprint& blueprint, const Services& services);

    const AddressSpace& space() const { return space_; }
    // Counters that VcpuCounters needs.
    std::size_t counters() const { return counters_; }
    std::deque<DeviceSlot>& slots() { return slots_; }
    const std::deque<DeviceSlot>& slots() const { return slots_; }
    DeviceSlot* find(std::string_view name);
    void reset();
    // False: no device has a power button.
    bool press_power_button();

  private:
    Status attach_functions(const plan::MachinePlan& plan);
    Status add(const plan::DevicePlan& plan, const Blueprint& blueprint, const Services& services);

    std::vector<std::unique_ptr<dev::Timers>> timers_;
    std::deque<std::vector<dev::IrqLine*>> lines_;
    std::deque<LoopEvents> events_;
    std::deque<DeviceSlot> slots_;  // a deque: the lock cannot move
    std::deque<SlotLock> function_locks_;
    std::size_t counters_ = 0;
    AddressSpace space_;
    std::unique_ptr<NativeAccess> native_;
};

}  // namespace nyx::vm
