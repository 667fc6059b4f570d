// What the main thread does while the guest runs: waits for descriptors, for a time, and for calls from other threads.
//
// Everything but wake() and post() belongs to the loop's thread. A handler may add and remove descriptors, its own
// included.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/base/event_fd.h"
#include "runtime/base/result.h"

namespace nyx::vm {

class EventLoop {
  public:
    static Result<std::unique_ptr<EventLoop>> create();

    // Calls `ready` whenever fd can be read or its peer has gone. kUnsupported: epoll cannot wait on this one (a
    // regular file, which is always ready).
    Status add(int fd, std::function<void()> ready);
    void remove(int fd);

    // One round: until something is ready, somebody woke the loop, or the time is over (nothing: no limit).
    void wait(std::optional<std::uint64_t> timeout_ns);

    // Makes the wait that goes on, or the next one, return at once. Thread-safe.
    void wake();
    // Runs `task` on the loop's thread in the next round. Thread-safe.
    void post(std::function<void()> task);

  private:
    EventLoop(Fd epoll, EventFd wakeup) : epoll_(std::move(epoll)), wakeup_(std::move(wakeup)) {}
    void run_posted();

    Fd epoll_;
    EventFd wakeup_;
    std::map<int, std::shared_ptr<std::function<void()>>> handlers_;
    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;
};

}  // namespace nyx::vm
