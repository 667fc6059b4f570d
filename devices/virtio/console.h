// The console device (VIRTIO 1.2 §5.3) with its one port: bytes to and from the host, as a serial line has them.
#pragma once

#include <functional>

#include "devices/kit/byte_stream.h"
#include "devices/virtio/model.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

class Console final : public Model, private ByteReceiver {
  public:
    // output outlives this; input_room may be empty (Environment).
    Console(ByteSink& output, std::function<void()> input_room) : output_(output), input_room_(std::move(input_room)) {}

    DeviceId id() const override { return DeviceId::kConsole; }
    std::uint64_t features() const override;
    std::span<const std::uint16_t> queue_sizes() const override;
    std::span<const ConfigField> config_fields() const override;
    void write_config(std::uint32_t offset, std::uint8_t value) override;
    void notified(std::uint16_t index) override;
    ByteReceiver* byte_receiver() override { return this; }

  private:
    std::size_t receive(std::span<const std::uint8_t> bytes) override;
    // Lines are not held at space here.
    void receive_break() override {}
    void transmit();

    ByteSink& output_;
    std::function<void()> input_room_;
};

}  // namespace nyx::dev::virtio
