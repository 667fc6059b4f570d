// Bytes that leave a device and bytes that come to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nyx::dev {

// Where a device's bytes go. Callable from any thread. What becomes of bytes that the host cannot take at once is the
// sink's to say (devices/backend/README.md).
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    virtual void write(std::span<const std::uint8_t> bytes) = 0;
};

// The input side of a device. Called by the machine's event loop with the device's lock held.
//
// Flow control: receive() takes bytes from the front and says how many. After it has taken fewer than offered, the
// device calls its Environment::input_room once when it can take more; until then the caller keeps the rest and stops
// reading from its peer.
class ByteReceiver {
  public:
    virtual ~ByteReceiver() = default;
    virtual std::size_t receive(std::span<const std::uint8_t> bytes) = 0;
    // The line was held at space for longer than a character.
    virtual void receive_break() = 0;
};

}  // namespace nyx::dev
