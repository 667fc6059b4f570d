#include "runtime/base/event_fd.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

namespace nyx {

Result<EventFd> EventFd::create() {
    Fd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd) return fail(errno_error(errno, "eventfd"));
    return EventFd(std::move(fd));
}

// It fails only where the count is full: then nothing is lost by not adding.
void EventFd::add_one() const {
    const std::uint64_t one = 1;
    (void)!::write(fd_.get(), &one, sizeof one);
}

std::uint64_t EventFd::take() const {
    std::uint64_t count = 0;
    return ::read(fd_.get(), &count, sizeof count) == sizeof count ? count : 0;
}

}  // namespace nyx
