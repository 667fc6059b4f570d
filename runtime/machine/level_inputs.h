// Interrupt inputs by level that need a call neither to be lowered nor from whoever raises them (hv::ExitFree): an
// eventfd raises one, and the guest's end of its interrupt lowers it. One that still has a reason then is raised again.
//
// Only inputs that no 8259A has: a handler behind an 8259A usually ends the interrupt before it serves the device, and
// would be interrupted a second time for nothing. What a guest may notice: an input that the device lowers before the
// guest was interrupted interrupts it all the same, as one does that is shared.
//
// attach() and detach() while the guest stands still; set() from any thread, one call at a time for an input.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/base/event_fd.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/machine/event_loop.h"
#include "runtime/machine/irq_inputs.h"

namespace nyx::vm {

class LevelInputs {
  public:
    // Both outlive it.
    LevelInputs(EventLoop& loop, const IrqInputs& inputs) : loop_(loop), inputs_(inputs) {}
    ~LevelInputs() { detach(); }
    LevelInputs(const LevelInputs&) = delete;
    LevelInputs& operator=(const LevelInputs&) = delete;

    // To a new VM: as many as its hypervisor takes; the others are left to Vm::set_irq().
    void attach(hv::Vm& vm);
    // From a VM that will not run again.
    void detach();
    // False: not one of these.
    bool set(std::uint32_t gsi, bool asserted) const;

  private:
    static constexpr std::uint32_t kIsaLines = 16;  // which the 8259As have

    struct Input {
        std::uint32_t gsi = 0;
        EventFd raise, ended;
        std::mutex mutex;
        bool is_raised = false;  // and its interrupt has not ended; under the mutex

        void assert_level();
        void guest_ended(const IrqInputs& inputs);
    };
    Status add(hv::ExitFree& paths, std::uint32_t gsi);

    EventLoop& loop_;
    const IrqInputs& inputs_;
    std::vector<std::unique_ptr<Input>> attached_;
};

}  // namespace nyx::vm
