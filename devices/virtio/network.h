// The network card (VIRTIO 1.2 §5.1): one pair of queues between the guest and a NetworkLink, no offloads.
#pragma once

#include <array>
#include <memory>

#include "devices/kit/host_events.h"
#include "devices/kit/network_link.h"
#include "devices/virtio/model.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

using MacAddress = std::array<std::uint8_t, 6>;

class Network final : public Model {
  public:
    // link: null for a card whose cable is out; both outlive this.
    Network(const MacAddress& mac, NetworkLink* link, HostEvents* events);

    DeviceId id() const override { return DeviceId::kNetwork; }
    std::uint64_t features() const override;
    std::span<const std::uint16_t> queue_sizes() const override;
    std::span<const ConfigField> config_fields() const override;
    std::uint8_t read_config(std::uint32_t offset) const override { return config_space_[offset]; }
    void notified(std::uint16_t index) override;

  private:
    void transmit();
    void deliver();
    // False: there are not buffers enough for it.
    bool receive(std::span<const std::uint8_t> frame);
    void fill(std::span<const Chain> chains, std::span<const std::uint8_t> frame);

    NetworkLink* link_;
    std::unique_ptr<HostEvents::Watch> watch_;
    std::array<std::uint8_t, 8> config_space_{};
};

}  // namespace nyx::dev::virtio
