// An eventfd(2): a count that threads, or the kernel, add to and that somebody takes.
#pragma once

#include <cstdint>

#include "runtime/base/file.h"

namespace nyx {

// Thread-safe once it is made. Nothing blocks.
class EventFd {
  public:
    EventFd() = default;  // none
    // Fails where the process or the host has too many descriptors.
    static Result<EventFd> create();

    int get() const { return fd_.get(); }
    // Makes whoever polls the descriptor for reading go on.
    void add_one() const;
    // What was added since the last call.
    std::uint64_t take() const;

  private:
    explicit EventFd(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace nyx
