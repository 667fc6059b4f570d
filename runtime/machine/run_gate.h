// The gate that all vCPU threads pass before they run guest code, and wait at when the machine must stand still.
//
// A worker calls enter(), runs while is_open(), then leave(). A controller closes the gate, makes the workers look
// (interrupting their vCPUs is its job), and waits until all are parked: from then until open(), what the workers own
// is the controller's. Thread-safe; close() may be called by a worker.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace nyx::vm {

class RunGate {
  public:
    // Blocks while the gate is closed. False: shut down, the worker ends.
    bool enter();
    void leave();
    bool is_open() const { return open_.load(); }

    void open();
    void close();
    // After close(): until nobody is inside.
    void wait_parked();
    // Closes for good; every enter() returns false.
    void shut_down();

  private:
    std::atomic<bool> open_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned inside_ = 0;
    bool shut_down_ = false;
};

}  // namespace nyx::vm
