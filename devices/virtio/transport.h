// The state of a virtio transport and its rules, whatever the registers are: features, status, queues, interrupts.
//
// Written once, because MMIO (§4.2) and PCI (§4.1) differ only in where the registers stand: a front maps its registers
// to these functions and adds nothing. The phases (§3.1.1): features may be chosen until FEATURES_OK; a queue may be
// configured while it is not enabled and the driver does not run; queues are served while DRIVER_OK is set and the
// device needs no reset. A write outside its phase does nothing. Belongs to the device, under its lock.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "devices/virtio/model.h"
#include "devices/virtio/queue.h"

namespace nyx::dev::virtio {

struct TransportState {
    std::uint8_t status = 0;
    std::uint8_t isr = 0;
    std::uint8_t generation = 0;  // of the configuration space (§2.5.1)
    std::uint32_t device_features_select = 0;
    std::uint32_t driver_features_select = 0;
    std::uint16_t queue_select = 0;
    std::uint16_t config_vector = kNoVector;  // MSI-X; only over PCI
    std::uint64_t driver_features = 0;
};

class Transport {
  public:
    // Tells the driver: that a queue was used, by its index, or that the configuration changed. The front's. isr() has
    // its bit by then; it is also called with kNothing when bits of it went.
    static constexpr int kConfigChanged = -1, kNothing = -2;
    using Interrupt = std::function<void(int what)>;

    Transport(std::unique_ptr<Model> model, const GuestDma& dma, Interrupt interrupt);

    Model& model() { return *model_; }
    const Model& model() const { return *model_; }
    const GuestDma& dma() const { return *dma_; }

    // Registers. What the driver reads is in 32-bit windows of the features; a select beyond them reads 0.
    std::uint32_t device_features() const;
    void select_device_features(std::uint32_t window) { state_.device_features_select = window; }
    void select_driver_features(std::uint32_t window) { state_.driver_features_select = window; }
    std::uint32_t driver_features() const;
    void set_driver_features(std::uint32_t bits);
    std::uint8_t status() const { return state_.status; }
    void set_status(std::uint8_t status);
    std::uint8_t generation() const { return state_.generation; }
    const TransportState& state() const { return state_; }

    void select_queue(std::uint16_t index) { state_.queue_select = index; }
    // Of the selected queue; 0 where there is none.
    std::uint16_t max_queue_size() const;
    const QueueState& queue_state() const;
    void set_queue_size(std::uint16_t size);
    enum class Part { kDescriptorArea, kDriverArea, kDeviceArea };
    // Half of an address: the low or the high 32 bits.
    void set_queue_address(Part part, bool high, std::uint32_t bits);
    void set_queue_ready(bool ready);
    void notify(std::uint32_t queue);

    std::uint8_t isr() const { return state_.isr; }
    void acknowledge(std::uint8_t bits);
    // Of MSI-X: one for each queue and one for the configuration. One that is not there is kNoVector.
    static std::uint16_t vectors_of(const Model& model);
    void set_queue_vector(std::uint16_t vector);
    std::uint16_t queue_vector(std::uint16_t queue) const { return queues_[queue].state().vector; }
    void set_config_vector(std::uint16_t vector) { state_.config_vector = checked_vector(vector); }

    // The configuration space, little-endian; bytes that no field has read 0.
    std::uint64_t read_config(std::uint64_t offset, unsigned width) const;
    void write_config(std::uint64_t offset, unsigned width, std::uint64_t value);

    // For the model.
    bool runs() const { return (state_.status & (kDriverOk | kDeviceNeedsReset)) == kDriverOk; }
    bool has(std::uint64_t feature) const { return (state_.driver_features & feature) == feature; }
    std::optional<Chain> take(std::uint16_t queue);
    void put_back(std::uint16_t queue, std::size_t count) { queues_[queue].put_back(count); }
    void give_back(std::uint16_t queue, const Chain& chain, std::uint32_t written);
    // Interrupts the driver if it wants that for what was given back.
    void signal(std::uint16_t queue);
    void config_changed();
    // The driver broke a rule: nothing is served until it resets the device (§2.1.2).
    void needs_reset(std::string_view why);

    void reset();
    void save(StateWriter& state) const;
    Status restore(StateReader& state);

  private:
    std::uint64_t offered() const;
    Queue* selected();
    const Queue* selected() const;
    bool configurable() const { return (state_.status & (kDriverOk | kFeaturesOk)) == kFeaturesOk; }
    std::uint16_t checked_vector(std::uint16_t vector) const;
    const ConfigField* field_at(std::uint64_t offset) const;
    void start();

    std::unique_ptr<Model> model_;
    const GuestDma* dma_;
    Interrupt interrupt_;
    TransportState state_;
    std::vector<Queue> queues_;
};

}  // namespace nyx::dev::virtio
