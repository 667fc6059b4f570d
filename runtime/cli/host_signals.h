// The signals that people and systems send to a process, as events of the loop instead of interruptions.
//
// Made before any other thread, so that all of them leave these signals alone; the old mask comes back with the
// destructor. Belongs to the loop's thread.
#pragma once

#include <csignal>
#include <functional>
#include <memory>

#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/machine/event_loop.h"

namespace nyx::cli {

class HostSignals {
  public:
    struct Actions {
        std::function<void(int signal)> end;  // SIGINT, SIGTERM, SIGHUP, SIGQUIT
        std::function<void()> before_stop;    // SIGTSTP: the process stops when this returns
        std::function<void()> after_stop;     // SIGCONT
    };
    // Blocks them from now on.
    static Result<std::unique_ptr<HostSignals>> block();
    HostSignals(const HostSignals&) = delete;
    HostSignals& operator=(const HostSignals&) = delete;
    ~HostSignals();

    Status watch(vm::EventLoop& loop, Actions actions);

  private:
    HostSignals() = default;
    void take_one();

    Fd fd_;
    sigset_t before_{};
    vm::EventLoop* loop_ = nullptr;
    Actions actions_;
};

}  // namespace nyx::cli
