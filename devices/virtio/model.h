// What a virtio device does behind its transport: its features, its configuration space and its queues.
//
// A model is made with a Transport that calls it, and never sees a register. Everything comes with the device's lock
// held.
#pragma once

#include <cstdint>
#include <span>

#include "devices/kit/device.h"
#include "devices/virtio/spec.h"

namespace nyx::dev {
class ByteReceiver;
}

namespace nyx::dev::virtio {

class Transport;

// One field of the device-specific configuration space (§2.5): offset within it.
struct ConfigField {
    std::string_view name;
    std::uint32_t offset = 0;
    std::uint8_t width = 1;
    bool writable = false;
};

class Model {
  public:
    virtual ~Model() = default;

    virtual DeviceId id() const = 0;
    // Offered, without those of the queues and the transport.
    virtual std::uint64_t features() const = 0;
    // The longest that each queue may be; a power of two.
    virtual std::span<const std::uint16_t> queue_sizes() const = 0;
    virtual std::span<const ConfigField> config_fields() const { return {}; }
    // One byte of the configuration space; offset is inside a field.
    virtual std::uint8_t read_config(std::uint32_t /*offset*/) const { return 0; }
    virtual void write_config(std::uint32_t /*offset*/, std::uint8_t /*value*/) {}

    // Before the first call of the others. The transport outlives the model's use of it.
    void attach(Transport& transport) { transport_ = &transport; }
    // The driver says that queue `index` has something new, or it may have. Only while the driver runs.
    virtual void notified(std::uint16_t index) = 0;
    // What is under way on the host is done or given up when it returns; settle() leaves its results in the queues,
    // stop() throws them away.
    virtual void settle() {}
    virtual void stop() {}
    virtual ByteReceiver* byte_receiver() { return nullptr; }

  protected:
    Transport& transport() { return *transport_; }
    const Transport& transport() const { return *transport_; }

  private:
    Transport* transport_ = nullptr;
};

}  // namespace nyx::dev::virtio
