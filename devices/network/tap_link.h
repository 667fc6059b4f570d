// A tap interface of the host (Documentation/networking/tuntap.rst): frames go to and come from its network stack.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "devices/kit/network_link.h"
#include "runtime/base/file.h"
#include "runtime/base/result.h"

namespace nyx::dev {

class TapLink final : public NetworkLink {
  public:
    // interface: its name; made if it is not there, which takes CAP_NET_ADMIN.
    static Result<std::unique_ptr<TapLink>> open(const std::string& interface);

    void send(std::span<const std::uint8_t> frame) override;
    std::span<const std::uint8_t> front() const override { return std::span(frame_).first(size_); }
    void pop() override;
    int fd() const override { return fd_.get(); }
    void poll() override;

  private:
    explicit TapLink(Fd fd) : fd_(std::move(fd)) {}
    void read_next();

    Fd fd_;
    // One frame waits here, the others in the kernel.
    std::array<std::uint8_t, kMaxFrame> frame_{};
    std::size_t size_ = 0;
};

}  // namespace nyx::dev
