// A virtio device between its registers, which are described in Nyx (stdlib/models/virtio_transport.ny), and its model.
//
// The description has the registers of both transports, the phases (VIRTIO 1.2 §3.1.1), features, status, queue
// configuration and interrupts, and is run as it stands. What it asks for (a queue is ready, was notified, the device
// was reset) is done here when the access that asked is over; what the model did goes back to it. A front maps its
// window to the description's banks and adds nothing. Belongs to the device, under its lock.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "devices/described/device.h"
#include "devices/virtio/model.h"
#include "devices/virtio/queue.h"

namespace nyx::dev::virtio {

// Of the description, in its order.
enum class Bank : std::uint32_t { kMmio, kCommon, kIsr, kNotifications };

class Transport final : private described::Outlets {
  public:
    // Sends the message of an MSI-X vector; only over PCI.
    using Message = std::function<void(std::uint16_t vector)>;

    // environment.memory is there; line: asserted while the interrupt status is not 0. Both outlive it.
    Transport(std::unique_ptr<Model> model, const Environment& environment, IrqLine& line, Message message = {});
    ~Transport() override;

    // Of MSI-X: one for each queue and one for the configuration.
    static std::uint16_t vectors_of(const Model& model) {
        return static_cast<std::uint16_t>(model.queue_sizes().size() + 1);
    }

    Model& model() { return *model_; }
    const Model& model() const { return *model_; }
    const GuestDma& dma() const { return *dma_; }

    // Registers. Where an access leaves the bank, a read gives 0 and a write does nothing.
    std::uint64_t read(Bank bank, std::uint64_t offset, unsigned width);
    void write(Bank bank, std::uint64_t offset, unsigned width, std::uint64_t value);
    // Those of a bank, at `offset` in region 0 of a device, behind those that `table` has.
    void list(Bank bank, std::uint64_t offset, std::vector<Register>& table) const;
    // Which of those an access means, as Device::select().
    std::uint32_t select(Bank bank, std::uint64_t offset, unsigned width, bool is_write) const;
    std::optional<std::uint64_t> look_at(Bank bank, std::uint32_t reg, std::uint32_t index) const;
    // Also of the configuration space, which stands there.
    void list_config(std::uint64_t offset, std::vector<Register>& table) const;
    // What of a bank needs no exit, with doorbells of queues that are there only.
    ExitFree exit_free(Bank bank, std::uint64_t offset) const;
    void fill_page(Bank bank, ReadPageBytes bytes) const;
    void on_change(std::function<void()> changed) { registers_->on_change(std::move(changed)); }
    std::string_view state_name(std::uint32_t id) const { return registers_->state_name(id); }
    void set_msix(bool enabled);

    // The configuration space, little-endian; bytes that no field has read 0.
    std::uint64_t read_config(std::uint64_t offset, unsigned width) const;
    void write_config(std::uint64_t offset, unsigned width, std::uint64_t value);

    // For the model.
    bool runs() const { return (status() & (kDriverOk | kDeviceNeedsReset | kFailed)) == kDriverOk; }
    bool has(std::uint64_t feature) const { return (driver_features() & feature) == feature; }
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
    // Whatever else `state` has must have been asked for before.
    Status restore(StateReader& state);

  private:
    static constexpr std::uint32_t kMostQueues = 8;
    // What the description asks for. kNotified + n: of queue n.
    enum Wish : std::uint32_t { kEnabled, kStopped, kReady, kReset, kMessage, kNotified };
    struct Asked {
        std::uint32_t wish;
        std::uint64_t value;
    };
    // State and inputs of the description, by index.
    struct Known {
        std::uint32_t status, driver_features, size, descriptors, available, used_ring, enabled, stopped;
        std::uint32_t refused, used, config_changed, broken, msix;
    };

    void take(std::uint32_t sink, std::uint64_t value) override;
    void answer();
    void answer(const Asked& asked);
    void start();
    void refuse(std::uint16_t queue, std::string_view why);
    Status enable(std::uint16_t queue, Queue& to) const;
    Result<std::vector<Queue>> restored_queues(StateReader& state);
    std::uint8_t status() const { return static_cast<std::uint8_t>(registers_->value(known_.status)); }
    std::uint64_t driver_features() const { return registers_->value(known_.driver_features); }
    const ConfigField* field_at(std::uint64_t offset) const;
    const std::vector<std::uint32_t>& numbers(Bank bank) const { return of_bank_[static_cast<std::size_t>(bank)]; }

    std::unique_ptr<Model> model_;
    const GuestDma* dma_;
    Message message_;
    std::array<IrqLine*, 1> line_;
    std::unique_ptr<const ir::Program> program_;
    std::unique_ptr<described::Described> registers_;
    Known known_;
    std::array<std::vector<std::uint32_t>, 4> of_bank_;  // the description's registers
    std::vector<std::uint32_t> wishes_;                  // by sink
    std::vector<Asked> asked_;
    std::vector<Queue> queues_;
};

}  // namespace nyx::dev::virtio
