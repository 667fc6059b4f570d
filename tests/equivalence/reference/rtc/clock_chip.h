// A PC's real-time clock and battery RAM (MC146818A): time in the guest's own zone, alarm, periodic and update
// interrupts.
//
// Time is the host's plus an offset that the guest sets; it is computed when somebody looks. So are the interrupt
// flags: catch_up() finds which events lie between the last look and now. A host timer runs only while an enabled event
// waits for its flag. A stopped clock (register B SET, or the divider in reset) is a calendar that stands still. DSE
// (daylight saving) and SQW do nothing. reset() is the chip's RESET# pin: time and RAM are on the battery and stay.
#pragma once

#include <array>
#include <memory>

#include "devices/kit/byte_device.h"
#include "devices/kit/device_type.h"
#include "tests/equivalence/reference/rtc/calendar.h"
#include "tests/equivalence/reference/rtc/spec.h"

namespace nyx::dev::rtc {

extern const DeviceType kType;

// What firmware finds in the RAM.
struct Config {
    std::uint64_t memory_below_4g = 0;  // bytes
    std::uint64_t memory_above_4g = 0;  // bytes
    std::uint16_t cpus = 1;             // 1 to 256
};

std::array<std::uint8_t, kRamSize> firmware_ram(const Config& config);

class ClockChip final : public ByteDevice {
  public:
    ClockChip(const Config& config, const Environment& environment);

    std::span<const Register> registers() const override;
    std::uint32_t select(const Access& access, bool is_write) const override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;

  private:
    struct State {
        std::uint8_t index = 0;
        std::array<std::uint8_t, kRamSize> ram{};  // alarm and registers A to C too; time registers are not kept here
        std::int64_t offset_s = 0;                 // guest's calendar = base time in seconds + offset_s
        std::int64_t phase_ns = 0;                 // base time = wall clock + phase_ns; 0 to 999,999,999
        std::int64_t stopped_s = 0;                // the calendar while the clock is stopped
        std::uint8_t weekday_shift = 0;            // days that the guest's day of week is ahead of the calendar's
        std::int64_t checked_ns = 0;               // base time up to which events are in register C
    };
    template <class Io, class S>
    static void fields(Io& io, S& state);
    static bool valid(const State& state);

    std::uint8_t read_byte(std::uint32_t region, std::uint64_t offset) override;
    void write_byte(std::uint32_t region, std::uint64_t offset, std::uint8_t value) override;
    std::uint8_t read_indexed();
    void write_indexed(std::uint8_t value);
    void write_register_a(std::uint8_t value);
    void write_register_b(std::uint8_t value);
    std::uint8_t take_flags();

    std::uint8_t a() const { return state_.ram[kRegisterA]; }
    std::uint8_t b() const { return state_.ram[kRegisterB]; }
    bool running() const { return !(b() & kSet) && (a() & kDividerMask) == kDividerRun; }
    std::int64_t base_ns() const;
    std::int64_t calendar_seconds(std::int64_t base_ns) const;
    Calendar calendar() const;
    void set_calendar(const Calendar& calendar);
    void start(bool divider_was_reset);
    void stop();

    std::int64_t period_ticks() const;
    std::int64_t next_event(std::uint8_t flag, std::int64_t after_ns) const;
    // The state with what has happened up to now in register C.
    State up_to_date() const;
    void catch_up();
    // catch_up(), then the line and the host's timer accordingly.
    void refresh();

    IrqLine& line_;
    Clock& clock_;
    std::unique_ptr<Timer> timer_;
    State state_;
};

}  // namespace nyx::dev::rtc
