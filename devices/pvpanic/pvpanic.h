// A port by which a guest says that it has crashed. Reading tells which events the host listens to. No state.
#pragma once

#include "devices/kit/byte_device.h"
#include "devices/kit/device_type.h"

namespace nyx::dev::pvpanic {

extern const DeviceType kType;

class PvPanic final : public ByteDevice {
  public:
    PvPanic(std::uint8_t events, MachineControl& control);

    std::span<const Register> registers() const override { return {&port_, 1}; }
    std::uint32_t select(const Access&, bool) const override { return 0; }
    void reset() override {}
    void save(StateWriter&) const override {}
    Status restore(StateReader& state) override { return state.finish(); }

  private:
    std::uint8_t read_byte(std::uint32_t, std::uint64_t) override { return static_cast<std::uint8_t>(port_.reset); }
    void write_byte(std::uint32_t region, std::uint64_t offset, std::uint8_t value) override;

    const Register port_;
    MachineControl& control_;
};

}  // namespace nyx::dev::pvpanic
