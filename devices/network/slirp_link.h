// The user-mode network: libslirp as router, DHCP server and name server of a network that only this guest is on.
//
// The guest's connections are made by this process, so nothing has to be set up on the host. The guest is 10.0.2.15,
// the router 10.0.2.2 (which is also this host), the name server 10.0.2.3. libslirp wants to be polled for a changing
// set of sockets; they stand in an epoll of their own, whose descriptor is fd(). Everything comes under the device's
// lock.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "devices/kit/network_link.h"
#include "devices/network/slirp_library.h"
#include "runtime/base/bytes.h"
#include "runtime/base/event_fd.h"
#include "runtime/base/port_forward.h"
#include "runtime/base/result.h"

namespace nyx::dev {

class SlirpLink final : public NetworkLink {
  public:
    // Frames that wait for the guest; what comes when there are so many is lost.
    static constexpr std::size_t kMaxWaiting = 1024;

    static Result<std::unique_ptr<SlirpLink>> create(std::span<const PortForward> forwards);
    SlirpLink(const SlirpLink&) = delete;
    SlirpLink& operator=(const SlirpLink&) = delete;
    ~SlirpLink() override;

    void send(std::span<const std::uint8_t> frame) override;
    std::span<const std::uint8_t> front() const override;
    void pop() override { waiting_.pop_front(); }
    int fd() const override { return epoll_.get(); }
    void poll() override;

  private:
    struct Socket {
        int fd = -1;
        int wanted = 0;  // SLIRP_POLL_*
        int ready = 0;
    };
    struct Timer {
        SlirpTimerCb fired = nullptr;
        void* opaque = nullptr;
        std::int64_t due_ms = -1;  // never
    };

    SlirpLink() = default;
    Status open_descriptors();
    Status forward(const PortForward& port);
    static SlirpConfig config();
    static const SlirpCb& callbacks();
    void wake();
    void look_at_sockets();
    void run_timers();
    // Asks libslirp what to wait for now.
    void arm();
    void watch_sockets();
    void set_alarm(std::uint32_t timeout_ms);

    const SlirpLibrary* library_ = nullptr;
    Slirp* slirp_ = nullptr;
    Fd epoll_;
    EventFd wakeup_;  // libslirp has something to do
    Fd alarm_;        // timerfd
    bool woken_ = false;
    std::vector<Socket> sockets_;
    std::map<int, std::uint32_t> watched_;  // descriptor → epoll events
    std::vector<std::unique_ptr<Timer>> timers_;
    std::deque<Bytes> waiting_;
};

}  // namespace nyx::dev
