// A keyboard controller with nothing plugged in, and system control port A: what system software needs them for is self
// test, A20 and reset.
//
// A byte for a keyboard or mouse is answered as the controller answers for a silent device: RESEND with the time-out
// bit, at once, so a driver that probes goes on without waiting. A20 is state that reads back; memory is not masked by
// it.
#pragma once

#include <array>

#include "devices/kit/byte_device.h"
#include "devices/kit/device_type.h"
#include "tests/equivalence/reference/i8042/spec.h"

namespace nyx::dev::i8042 {

extern const DeviceType kType;

class Controller final : public ByteDevice {
  public:
    explicit Controller(const Environment& environment);

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;

  private:
    struct State {
        std::array<std::uint8_t, kRamSize> ram{kResetCommandByte};  // [0] is the command byte
        std::uint8_t pending_command = 0;                           // waits for its byte at 0x60; 0: none
        bool last_was_command = false;
        bool a20 = true;
        std::uint8_t output = 0;         // output buffer: keeps its value after it was read
        std::uint8_t output_status = 0;  // kStatusOutputFull, kStatusAuxiliary and kStatusTimeout of the output buffer
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);

    std::uint8_t read_byte(std::uint32_t region, std::uint64_t offset) override;
    void write_byte(std::uint32_t region, std::uint64_t offset, std::uint8_t value) override;

    std::uint8_t read_data();
    std::uint8_t status() const;
    std::uint8_t output_port() const;
    void command(std::uint8_t value);
    void command_argument(std::uint8_t value);
    void write_output_port(std::uint8_t value);
    void write_port_a(std::uint8_t value);
    void answer(std::uint8_t value, std::uint8_t status_bits = 0);
    bool keyboard_irq() const;
    bool auxiliary_irq() const;
    void update_lines();

    IrqLine& keyboard_line_;
    IrqLine& auxiliary_line_;
    MachineControl& control_;
    State state_;
};

}  // namespace nyx::dev::i8042
