// ACPI fixed hardware: PM1 events and control, the power management timer, the power button and the reset register.
//
// Always in ACPI mode. The timer is computed from the clock when somebody looks; a host timer runs only while TMR_EN
// waits for the next carry. PM1 registers take accesses of any width (§4.8.3).
#pragma once

#include <memory>

#include "devices/kit/device_type.h"
#include "tests/equivalence/reference/acpi_pm/spec.h"

namespace nyx::dev::acpi_pm {

extern const DeviceType kType;

class PowerManagement final : public Device, public PowerButton {
  public:
    // timer_bits: 24 or 32 (FADT flag TMR_VAL_EXT).
    PowerManagement(unsigned timer_bits, const Environment& environment);

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;

    PowerButton* power_button() override { return this; }
    // §4.8.2.2.1: sets PWRBTN_STS; the guest hears of it if it has enabled the event.
    void press_power_button() override;

  private:
    struct State {
        std::uint16_t status = 0;
        std::uint16_t enable = 0;
        std::uint16_t control = 0;
        std::uint8_t reset_control = 0;
        std::uint64_t checked = 0;  // the tick since reset up to which carries are in status
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);

    std::uint8_t pm_byte(std::uint64_t offset) const;
    void write_pm_byte(std::uint64_t offset, std::uint8_t value);
    void write_reset_control(std::uint8_t value);
    void sleep();

    std::uint64_t ticks() const;
    std::uint64_t next_carry(std::uint64_t after) const;
    State up_to_date() const;
    // Brings TMR_STS, the line and the host's timer up to date.
    void refresh();

    const unsigned timer_bits_;
    IrqLine& sci_;
    Clock& clock_;
    MachineControl& control_;
    std::unique_ptr<Timer> carry_;
    State state_;
    std::uint64_t tick_origin_ = 0;  // ticks() is the clock in ticks minus this, modulo 2^64
};

}  // namespace nyx::dev::acpi_pm
