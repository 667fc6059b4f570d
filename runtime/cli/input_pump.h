// Carries what the host's end of a line says to the device, as fast as the device takes it.
//
// Belongs to the loop's thread, except room(). Machine and loop outlive it, and the loop runs nothing of it afterwards.
#pragma once

#include <functional>
#include <memory>

#include "devices/backend/backend.h"
#include "runtime/base/bytes.h"
#include "runtime/machine/address_space.h"
#include "runtime/machine/event_loop.h"
#include "runtime/machine/machine.h"

namespace nyx::cli {

class InputPump {
  public:
    using Filter = std::function<Bytes(ByteView)>;

    // slot's device has a byte_receiver(). filter may be empty.
    InputPump(vm::Machine& machine, vm::EventLoop& loop, dev::Backend& backend, vm::DeviceSlot& slot, Filter filter);
    InputPump(const InputPump&) = delete;
    InputPump& operator=(const InputPump&) = delete;
    ~InputPump();

    Status start();
    // The device takes input again. From any thread, its lock may be held.
    void room();

  private:
    Status listen();
    void read_more();
    // True: the device has everything.
    bool offer_pending();
    void resume();

    vm::Machine& machine_;
    vm::EventLoop& loop_;
    dev::Backend& backend_;
    vm::DeviceSlot& slot_;
    Filter filter_;
    Bytes pending_;
    bool listening_ = false;
    bool always_ready_ = false;  // a regular file: nothing to wait for
    bool closed_ = false;
    std::shared_ptr<InputPump*> alive_;  // null pointee: gone; for tasks that are still posted
};

}  // namespace nyx::cli
