// A virtio device as a PCI function (VIRTIO 1.2 §4.1, without the legacy interface): the transport behind one memory
// BAR that vendor capabilities describe, with MSI-X, or INTA# where the guest does not use that.
//
// Configuration comes through the host bridge (PciFunction). Each queue has a doorbell of its own (§4.1.4.4); one that
// is rung while memory is not decoded does nothing.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "devices/kit/device_type.h"
#include "devices/kit/exit_free.h"
#include "devices/kit/pci.h"
#include "devices/pci/config_space.h"
#include "devices/pci/msix.h"
#include "devices/virtio/transport.h"
#include "runtime/base/bits.h"

namespace nyx::dev::virtio {

class PciDevice final : public Device, private PciFunction, private ExitFreePaths {
  public:
    static constexpr std::uint32_t kMemorySize = 0x8000;

    struct Placement {
        std::uint32_t memory = 0;  // where BAR 0 is
        std::uint8_t line = 0;     // input of the interrupt controllers that INTA# leads to
    };
    // environment.memory is there, and one line.
    PciDevice(std::unique_ptr<Model> model, const Placement& placement, const Environment& environment);

    std::span<const Register> registers() const override { return registers_; }
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override;
    void settle() override { transport_.model().settle(); }
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;
    ByteReceiver* byte_receiver() override { return transport_.model().byte_receiver(); }
    PciFunction* pci_function() override { return this; }
    ExitFreePaths* exit_free_paths() override { return this; }

  private:
    std::uint32_t read_config(std::uint32_t offset, unsigned width) override;
    void write_config(std::uint32_t offset, unsigned width, std::uint32_t value) override;
    const ExitFree& exit_free() const override { return exit_free_; }
    std::uint64_t read_memory(std::uint64_t offset, unsigned width);
    void write_memory(std::uint64_t offset, unsigned width, std::uint64_t value);

    void add_capabilities();
    // What the window of VIRTIO_PCI_CAP_PCI_CFG looks at; nothing: it is set to nothing sensible.
    std::optional<Range> config_window() const;
    void drive_line();

    // What the transport drives; whether INTA# follows it is for PCI to say.
    struct Pin final : IrqLine {
        explicit Pin(PciDevice& device) : owner(device) {}
        void set(bool level) override {
            asserted = level;
            owner.drive_line();
        }
        PciDevice& owner;
        bool asserted = false;
    };

    IrqLine& line_;
    pci::Msix msix_;
    pci::ConfigSpace config_;
    std::uint8_t msix_at_ = 0;  // capabilities
    std::uint8_t window_at_ = 0;
    Pin pin_{*this};
    Transport transport_;
    std::vector<Register> registers_;
    std::vector<std::uint32_t> firsts_;  // of registers_, by part of the memory
    ExitFree exit_free_;
};

}  // namespace nyx::dev::virtio
