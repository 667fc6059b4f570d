// The host's side of a network card: Ethernet frames without frame check sequence.
//
// A link belongs to one device and is called with its lock held. It never calls the device: frames that came wait in
// the link until they are taken. fd() is readable when poll() has something to do.
#pragma once

#include <cstdint>
#include <span>

namespace nyx::dev {

class NetworkLink {
  public:
    // Longest frame that either side takes: 1500 bytes, Ethernet header, VLAN tag.
    static constexpr std::size_t kMaxFrame = 1518;

    virtual ~NetworkLink() = default;
    // Frames that the host cannot take now are lost, as on a wire.
    virtual void send(std::span<const std::uint8_t> frame) = 0;
    // The oldest frame that waits; empty: none. Valid until the next call.
    virtual std::span<const std::uint8_t> front() const = 0;
    virtual void pop() = 0;
    virtual int fd() const = 0;
    // Does what the host has to do, and takes in what came.
    virtual void poll() = 0;
};

}  // namespace nyx::dev
