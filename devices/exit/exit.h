// A port that ends the run: a write of any width at its first port gives the status. Reads give 0. No state.
#pragma once

#include "devices/kit/device_type.h"

namespace nyx::dev::exit {

extern const DeviceType kType;

class ExitPort final : public Device {
  public:
    explicit ExitPort(MachineControl& control) : control_(control) {}

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access&) override { return 0; }
    void write(const Access& access, std::uint64_t value) override;
    void reset() override {}
    void save(StateWriter&) const override {}
    Status restore(StateReader& state) override { return state.finish(); }

  private:
    MachineControl& control_;
};

}  // namespace nyx::dev::exit
