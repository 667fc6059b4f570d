// A port that prints. No state, no interrupts.
#pragma once

#include "devices/kit/byte_device.h"
#include "devices/kit/device_type.h"

namespace nyx::dev::debugcon {

extern const DeviceType kType;

class DebugConsole final : public ByteDevice {
  public:
    DebugConsole(std::uint8_t readback, ByteSink& output);

    std::span<const Register> registers() const override { return {&port_, 1}; }
    std::uint32_t select(const Access&, bool) const override { return 0; }
    void reset() override {}
    void save(StateWriter&) const override {}
    Status restore(StateReader& state) override { return state.finish(); }

  private:
    std::uint8_t read_byte(std::uint32_t, std::uint64_t) override { return static_cast<std::uint8_t>(port_.reset); }
    void write_byte(std::uint32_t, std::uint64_t, std::uint8_t value) override { output_.write({&value, 1}); }

    const Register port_;
    ByteSink& output_;
};

}  // namespace nyx::dev::debugcon
