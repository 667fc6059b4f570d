// The entropy device (VIRTIO 1.2 §5.4): one queue, whose buffers are filled with random bytes.
#pragma once

#include <functional>

#include "devices/virtio/model.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

class Entropy final : public Model {
  public:
    using Fill = std::function<void(std::span<std::uint8_t>)>;
    explicit Entropy(Fill fill) : fill_(std::move(fill)) {}

    DeviceId id() const override { return DeviceId::kEntropy; }
    std::uint64_t features() const override { return 0; }
    std::span<const std::uint16_t> queue_sizes() const override;
    void notified(std::uint16_t index) override;

  private:
    Fill fill_;
};

}  // namespace nyx::dev::virtio
