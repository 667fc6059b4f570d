// Who may be inside a device without its lock (dev::ir::NativeGate says how), and when a vCPU comes to own it.
//
// A vCPU that was alone with the device for long enough owns it, until anybody else comes: another vCPU, a timer,
// input, an inspection. Taking a device away costs a barrier of all threads, so each time that a vCPU does it doubles
// what the next one has to show. A device without compiled code has a gate that is not used: its lock does all.
#pragma once

#include "devices/ir/native_abi.h"

namespace nyx::vm {

class DeviceGate {
  public:
    // Accesses under the lock, one after the other by one vCPU and by nobody in between, that make it the owner: at the
    // beginning, and at most.
    struct Patience {
        unsigned first = 1, most = 1;
    };
    static constexpr Patience kOneVcpu = {1, 1};  // nobody else comes often
    static constexpr Patience kSeveralVcpus = {64, 65536};

    // What the process needs once, before any gate is used. False: this kernel has it not, and none may be.
    static bool prepare();
    // Before anybody uses the device, or with its lock held and without an owner.
    void use(Patience patience) { patience_ = patience; }

    // With the device's lock held, before it is called: nobody is inside without the lock when it returns, and nobody
    // will be until the lock is free. vcpu: of whom the calling thread is; null: of none. It outlives the last call.
    void enter(dev::ir::NativeVcpu* vcpu);

    // For compiled code.
    dev::ir::NativeGate& word() { return word_; }
    // Of interest to tests: how many accesses in a row it takes now.
    unsigned patience() const { return patience_.first; }

  private:
    void revoke(dev::ir::NativeVcpu& owner);

    dev::ir::NativeGate word_;
    Patience patience_{0, 0};  // 0: not used
    const dev::ir::NativeVcpu* last_ = nullptr;
    unsigned in_a_row_ = 0;  // accesses by last_
};

}  // namespace nyx::vm
