#include "devices/network/slirp_link.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <limits>

#include "runtime/base/log.h"

namespace nyx::dev {
namespace {

in_addr address(std::uint32_t host_order) {
    in_addr out{};
    out.s_addr = htonl(host_order);
    return out;
}

constexpr std::uint32_t kNetwork = 0x0A000200, kMask = 0xFFFFFF00, kRouter = 0x0A000202, kNameServer = 0x0A000203,
                        kGuest = 0x0A00020F, kLoopback = 0x7F000001;

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::uint32_t epoll_events(int wanted) {
    std::uint32_t events = 0;
    if ((wanted & SLIRP_POLL_IN) != 0) events |= EPOLLIN;
    if ((wanted & SLIRP_POLL_OUT) != 0) events |= EPOLLOUT;
    if ((wanted & SLIRP_POLL_PRI) != 0) events |= EPOLLPRI;
    return events;
}

short poll_events(int wanted) {
    int events = 0;
    if ((wanted & SLIRP_POLL_IN) != 0) events |= POLLIN;
    if ((wanted & SLIRP_POLL_OUT) != 0) events |= POLLOUT;
    if ((wanted & SLIRP_POLL_PRI) != 0) events |= POLLPRI;
    return static_cast<short>(events);
}

int slirp_events(int events) {
    int ready = 0;
    if ((events & POLLIN) != 0) ready |= SLIRP_POLL_IN;
    if ((events & POLLOUT) != 0) ready |= SLIRP_POLL_OUT;
    if ((events & POLLPRI) != 0) ready |= SLIRP_POLL_PRI;
    if ((events & POLLERR) != 0) ready |= SLIRP_POLL_ERR;
    if ((events & POLLHUP) != 0) ready |= SLIRP_POLL_HUP;
    return ready;
}

}  // namespace

SlirpConfig SlirpLink::config() {
    SlirpConfig config{};
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork = address(kNetwork);
    config.vnetmask = address(kMask);
    config.vhost = address(kRouter);
    config.vdhcp_start = address(kGuest);
    config.vnameserver = address(kNameServer);
    return config;
}

const SlirpCb& SlirpLink::callbacks() {
    static constexpr auto kSelf = [](void* opaque) -> SlirpLink& { return *static_cast<SlirpLink*>(opaque); };
    static const SlirpCb kCallbacks = [] {
        SlirpCb all{};
        all.send_packet = [](const void* bytes, std::size_t size, void* opaque) {
            SlirpLink& link = kSelf(opaque);
            const auto* from = static_cast<const std::uint8_t*>(bytes);
            if (link.waiting_.size() < kMaxWaiting && size <= kMaxFrame) link.waiting_.emplace_back(from, from + size);
            return static_cast<ssize_t>(size);
        };
        all.guest_error = [](const char* text, void*) { log_info("user-mode network: {}", text); };
        all.clock_get_ns = [](void*) { return std::int64_t{now_ns()}; };
        all.timer_new = [](SlirpTimerCb fired, void* fired_opaque, void* opaque) -> void* {
            return kSelf(opaque).timers_.emplace_back(std::make_unique<Timer>(Timer{fired, fired_opaque, -1})).get();
        };
        all.timer_free = [](void* timer, void* opaque) {
            std::erase_if(kSelf(opaque).timers_, [timer](const auto& one) { return one.get() == timer; });
        };
        all.timer_mod = [](void* timer, std::int64_t due_ms, void*) { static_cast<Timer*>(timer)->due_ms = due_ms; };
        all.register_poll_fd = [](int, void*) {};
        all.unregister_poll_fd = [](int fd, void* opaque) { kSelf(opaque).watched_.erase(fd); };
        all.notify = [](void* opaque) { kSelf(opaque).wake(); };
        return all;
    }();
    return kCallbacks;
}

Result<std::unique_ptr<SlirpLink>> SlirpLink::create(std::span<const PortForward> forwards) {
    std::unique_ptr<SlirpLink> link(new SlirpLink);
    NYX_ASSIGN(link->library_, SlirpLibrary::load());
    NYX_TRY(link->open_descriptors());
    SlirpConfig settings = config();
    link->slirp_ = link->library_->make(&settings, &callbacks(), link.get());
    if (link->slirp_ == nullptr) return fail(ErrorCode::kIo, "libslirp does not make a network");
    for (const PortForward& port : forwards) NYX_TRY(link->forward(port));
    link->arm();
    return link;
}

Status SlirpLink::open_descriptors() {
    epoll_ = Fd(::epoll_create1(EPOLL_CLOEXEC));
    NYX_ASSIGN(wakeup_, EventFd::create());
    alarm_ = Fd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!epoll_ || !alarm_) return fail(errno_error(errno, "user-mode network"));
    for (const int fd : {wakeup_.get(), alarm_.get()}) {
        epoll_event event{};
        event.events = EPOLLIN;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
            return fail(errno_error(errno, "user-mode network"));
    }
    return {};
}

Status SlirpLink::forward(const PortForward& port) {
    const in_addr from = address(port.any_address ? 0 : kLoopback);
    if (library_->add_hostfwd(slirp_, port.udp ? 1 : 0, from, port.host, address(kGuest), port.guest) == 0) return {};
    Error error = errno_error(errno, fmt::format("cannot forward {} port {}", port.udp ? "UDP" : "TCP", port.host));
    error.hint = "another program may listen there already: `ss -ltnup` shows which; or forward another port";
    return fail(std::move(error));
}

SlirpLink::~SlirpLink() {
    if (slirp_ != nullptr) library_->cleanup(slirp_);
}

void SlirpLink::wake() {
    if (woken_) return;
    woken_ = true;
    wakeup_.add_one();
}

void SlirpLink::send(std::span<const std::uint8_t> frame) {
    library_->input(slirp_, frame.data(), static_cast<int>(frame.size()));
    wake();  // it may want other sockets than it did
}

std::span<const std::uint8_t> SlirpLink::front() const {
    return waiting_.empty() ? std::span<const std::uint8_t>() : waiting_.front();
}

void SlirpLink::poll() {
    wakeup_.take();
    std::uint64_t count = 0;
    (void)!::read(alarm_.get(), &count, sizeof count);
    woken_ = false;
    look_at_sockets();
    run_timers();
    arm();
}

void SlirpLink::look_at_sockets() {
    std::vector<pollfd> asked;
    for (const Socket& socket : sockets_) asked.push_back({socket.fd, poll_events(socket.wanted), 0});
    const bool failed = ::poll(asked.data(), asked.size(), 0) < 0;
    for (std::size_t i = 0; i < sockets_.size(); ++i) sockets_[i].ready = slirp_events(asked[i].revents);
    library_->pollfds_poll(
        slirp_, failed ? 1 : 0,
        [](int index, void* opaque) {
            return static_cast<SlirpLink*>(opaque)->sockets_[static_cast<std::size_t>(index)].ready;
        },
        this);
}

void SlirpLink::run_timers() {
    const std::int64_t now_ms = now_ns() / 1'000'000;
    std::vector<Timer> due;
    for (auto& timer : timers_) {
        if (timer->due_ms < 0 || timer->due_ms > now_ms) continue;
        timer->due_ms = -1;
        due.push_back(*timer);
    }
    for (const Timer& timer : due) timer.fired(timer.opaque);
}

void SlirpLink::arm() {
    sockets_.clear();
    std::uint32_t timeout_ms = std::numeric_limits<std::uint32_t>::max();
    library_->pollfds_fill(
        slirp_, &timeout_ms,
        [](int fd, int events, void* opaque) {
            auto& sockets = static_cast<SlirpLink*>(opaque)->sockets_;
            sockets.push_back({fd, events, 0});
            return static_cast<int>(sockets.size() - 1);
        },
        this);
    watch_sockets();
    const std::int64_t now_ms = now_ns() / 1'000'000;
    for (const auto& timer : timers_)
        if (timer->due_ms >= 0)
            timeout_ms =
                std::min(timeout_ms, static_cast<std::uint32_t>(std::clamp<std::int64_t>(
                                         timer->due_ms - now_ms, 0, std::numeric_limits<std::int32_t>::max())));
    set_alarm(timeout_ms);
}

// A descriptor that was closed left the epoll by itself, and its number may be another socket's: adding and changing
// each try the other.
void SlirpLink::watch_sockets() {
    std::map<int, std::uint32_t> wanted;
    for (const Socket& socket : sockets_) wanted[socket.fd] |= epoll_events(socket.wanted);
    for (const auto& [fd, events] : watched_)
        if (!wanted.contains(fd)) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    for (const auto& [fd, events] : wanted) {
        epoll_event event{};
        event.events = events;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT)
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
    }
    watched_ = std::move(wanted);
}

void SlirpLink::set_alarm(std::uint32_t timeout_ms) {
    itimerspec when{};
    if (timeout_ms != std::numeric_limits<std::uint32_t>::max()) {
        // 0 would switch it off.
        when.it_value.tv_sec = timeout_ms / 1000;
        when.it_value.tv_nsec = std::max<long>(static_cast<long>(timeout_ms % 1000) * 1'000'000, 1);
    }
    ::timerfd_settime(alarm_.get(), 0, &when, nullptr);
}

}  // namespace nyx::dev
