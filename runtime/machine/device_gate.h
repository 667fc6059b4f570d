// Keeps the host's threads out of a device while the machine's one vCPU is inside by compiled code, which takes no lock
// (dev::ir::NativeGate says how). Everybody else holds the device's lock, and closes the gate inside it.
#pragma once

#include <memory>

#include "devices/ir/native_abi.h"
#include "devices/kit/services.h"

namespace nyx::vm {

class DeviceGate {
  public:
    // What the process needs once, before any gate is used. False: this kernel has it not.
    static bool prepare();

    void use() { is_used_ = true; }
    dev::ir::NativeGate& words() { return words_; }

    // With the device's lock held. Nothing happens where no code uses the gate.
    void close() {
        if (is_used_) close_and_wait();
    }
    void open();

  private:
    void close_and_wait();

    dev::ir::NativeGate words_;
    bool is_used_ = false;
};

// A device's timers, whose callbacks come with its gate closed. Both outlive the device.
std::unique_ptr<dev::Timers> gated_timers(dev::Timers& timers, DeviceGate& gate);

}  // namespace nyx::vm
