#include "runtime/machine/event_loop.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>

#include "runtime/base/check.h"

namespace nyx::vm {

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
    Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll) return fail(errno_error(errno, "epoll_create1"));
    NYX_ASSIGN(EventFd wakeup, EventFd::create());
    std::unique_ptr<EventLoop> loop(new EventLoop(std::move(epoll), std::move(wakeup)));
    NYX_TRY(loop->add(loop->wakeup_.get(), [&wakeup = loop->wakeup_] { wakeup.take(); }));
    return loop;
}

Status EventLoop::add(int fd, std::function<void()> ready) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        Error error = errno_error(errno, "epoll_ctl");
        if (errno == EPERM) error.code = ErrorCode::kUnsupported;
        return fail(std::move(error));
    }
    handlers_[fd] = std::make_shared<std::function<void()>>(std::move(ready));
    return {};
}

void EventLoop::remove(int fd) {
    if (handlers_.erase(fd) != 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::wait(std::optional<std::uint64_t> timeout_ns) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    std::array<epoll_event, 16> events;
    timespec limit{};
    if (timeout_ns) {
        limit.tv_sec = static_cast<time_t>(*timeout_ns / kSecond);
        limit.tv_nsec = static_cast<long>(*timeout_ns % kSecond);
    }
    int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               timeout_ns ? &limit : nullptr, nullptr);
    NYX_CHECK(count >= 0 || errno == EINTR, "epoll_pwait2: errno {}", errno);
    for (int i = 0; i < count; ++i) {
        // An earlier handler of this round may have removed it.
        auto found = handlers_.find(events[static_cast<std::size_t>(i)].data.fd);
        if (found == handlers_.end()) continue;
        auto keep = found->second;
        (*keep)();
    }
    run_posted();
}

void EventLoop::run_posted() {
    std::vector<std::function<void()>> tasks;
    {
        std::lock_guard lock(mutex_);
        tasks.swap(posted_);
    }
    for (auto& task : tasks) task();
}

void EventLoop::wake() {
    wakeup_.add_one();
}

void EventLoop::post(std::function<void()> task) {
    {
        std::lock_guard lock(mutex_);
        posted_.push_back(std::move(task));
    }
    wake();
}

}  // namespace nyx::vm
