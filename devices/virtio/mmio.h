// A virtio device behind MMIO registers, version 2 (VIRTIO 1.2 §4.2): a table over the transport, and a level
// interrupt.
#pragma once

#include <memory>
#include <vector>

#include "devices/kit/device_type.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

class MmioDevice final : public Device {
  public:
    // environment.memory is there, and one line.
    MmioDevice(std::unique_ptr<Model> model, const Environment& environment);

    std::span<const Register> registers() const override { return registers_; }
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override { transport_.reset(); }
    void settle() override { transport_.model().settle(); }
    void save(StateWriter& state) const override { transport_.save(state); }
    Status restore(StateReader& state) override { return transport_.restore(state); }
    ByteReceiver* byte_receiver() override { return transport_.model().byte_receiver(); }

  private:
    IrqLine& line_;
    Transport transport_;
    std::vector<Register> registers_;
};

}  // namespace nyx::dev::virtio
