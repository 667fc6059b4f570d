// A 16550A serial port (National PC16550D) as it is wired on a PC: OUT2 gates the interrupt, and a terminal is
// connected, so CTS, DSR and DCD are on.
//
// Simplifications, all visible as a very fast line: a byte written to THR is sent before the write returns, so THRE and
// TEMT are always 1; word length and parity do not change bytes. Baud rate matters for the receiver's time-out alone.
// Input beyond the FIFO is not taken, so overrun happens only in loopback, and by a break into a full FIFO.
#pragma once

#include <memory>

#include "devices/kit/byte_device.h"
#include "devices/kit/byte_fifo.h"
#include "devices/kit/device_type.h"
#include "tests/equivalence/reference/serial/spec.h"

namespace nyx::dev::serial {

extern const DeviceType kType;

class Uart final : public ByteDevice, public ByteReceiver {
  public:
    explicit Uart(const Environment& environment);

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;

    ByteReceiver* byte_receiver() override { return this; }
    std::size_t receive(std::span<const std::uint8_t> bytes) override;
    void receive_break() override;

  private:
    struct State {
        std::uint8_t ier = 0;
        std::uint8_t fcr = 0;
        std::uint8_t lcr = 0;
        std::uint8_t mcr = 0;
        std::uint8_t scr = 0;
        std::uint16_t divisor = kResetDivisor;
        std::uint8_t line_errors = 0;  // LSR bits OE to BI, until LSR is read
        std::uint8_t modem_deltas = 0;
        bool thr_empty_pending = false;  // the THRE interrupt is not the THRE bit: reading IIR ends it
        bool timeout_pending = false;
        ByteFifo<kFifoSize> received;
        ByteFifo<kFifoSize> errors;       // LSR bits PE, FE, BI of each byte in received
        std::uint64_t timeout_in_ns = 0;  // only in saved state: time until the receiver's time-out; 0: not running
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);
    static bool valid(const State& state);

    std::uint8_t read_byte(std::uint32_t region, std::uint64_t offset) override;
    void write_byte(std::uint32_t region, std::uint64_t offset, std::uint8_t value) override;

    std::uint8_t read_rbr();
    std::uint8_t read_iir();
    std::uint8_t read_lsr();
    std::uint8_t read_msr();
    void write_thr(std::uint8_t value);
    void write_ier(std::uint8_t value);
    void write_fcr(std::uint8_t value);
    void write_mcr(std::uint8_t value);

    bool dlab() const { return (state_.lcr & kLcrDlab) != 0; }
    bool loopback() const { return (state_.mcr & kMcrLoop) != 0; }
    bool fifos_enabled() const { return (state_.fcr & kFcrEnable) != 0; }
    std::size_t capacity() const { return fifos_enabled() ? kFifoSize : 1; }
    std::size_t trigger_level() const;
    std::uint8_t modem_lines() const;
    std::uint8_t lsr() const;
    std::uint8_t interrupt_id() const;
    std::uint64_t character_ns() const;

    void arrive(std::uint8_t byte, std::uint8_t error);
    void clear_receiver();
    void show_error_of_oldest();
    void restart_timeout();
    void offer_room();
    void update_line();

    IrqLine& line_;
    Clock& clock_;
    ByteSink& output_;
    std::function<void()> input_room_;
    std::unique_ptr<Timer> timeout_;
    State state_;
    std::uint64_t timeout_deadline_ns_ = 0;  // 0: not running
    bool input_waits_ = false;               // the caller of receive() waits for input_room_
};

}  // namespace nyx::dev::serial
