// The host bridge of bus 0: configuration by mechanism #1 (ports 0xCF8 and 0xCFC, PCI 3.0 §3.2.2.3.2) and by ECAM (PCI
// Express Base 7.2.2), and a window of memory in which the functions' BARs are decoded.
//
// Functions are other devices of the machine, with locks of their own: this one's lock is taken first. Itself it is
// slot 0.
#pragma once

#include <array>

#include "devices/kit/device_type.h"
#include "devices/kit/pci.h"
#include "devices/pci/config_space.h"

namespace nyx::dev::pci {

extern const DeviceType kType;

class HostBridge final : public Device, private PciHost {
  public:
    enum Region : std::uint32_t { kAddress, kData, kEcam };

    HostBridge();

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;
    PciHost* pci_host() override { return this; }

  private:
    // What a configuration access means: nothing, or a register of a function.
    struct Target {
        std::uint32_t slot = 0;
        std::uint32_t offset = 0;
    };
    struct Attached {
        PciFunction* function = nullptr;
        FunctionLock* lock = nullptr;
    };

    bool attach(std::uint32_t slot, PciFunction& function, FunctionLock& lock) override;
    std::optional<Target> target(const Access& access) const;
    std::uint32_t read_config(Target target, unsigned width);
    void write_config(Target target, unsigned width, std::uint32_t value);

    ConfigSpace own_;
    std::array<Attached, kSlots> slots_{};
    std::uint32_t address_ = 0;
};

}  // namespace nyx::dev::pci
