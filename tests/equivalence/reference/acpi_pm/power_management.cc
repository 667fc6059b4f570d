#include "tests/equivalence/reference/acpi_pm/power_management.h"

#include "devices/kit/register_table.h"

namespace nyx::dev::acpi_pm {

static constexpr Register kRegisters[] = {
    {"PM1_STS", kPmRegion, kPm1Status, 2},
    {"PM1_EN", kPmRegion, kPm1Enable, 2},
    {"PM1_CNT", kPmRegion, kPm1Control, 2, RegisterKind::kReadWrite, kSciEn},
    {"PM_TMR", kPmRegion, kPmTimer, 4, RegisterKind::kReadOnly},
    {"RST_CNT", kResetRegion, 0},
};

static constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

static std::uint64_t ticks_at(std::uint64_t ns) {
    return ns / kNsPerSecond * kTimerHz + ns % kNsPerSecond * kTimerHz / kNsPerSecond;
}

// The earliest time at which ticks_at() is `tick`.
static std::uint64_t time_of(std::uint64_t tick) {
    return tick / kTimerHz * kNsPerSecond + (tick % kTimerHz * kNsPerSecond + kTimerHz - 1) / kTimerHz;
}

PowerManagement::PowerManagement(unsigned timer_bits, const Environment& environment)
    : timer_bits_(timer_bits),
      sci_(*environment.lines[0]),
      clock_(environment.clock),
      control_(environment.control),
      carry_(environment.timers.create([this] { refresh(); })),
      tick_origin_(ticks_at(clock_.monotonic_ns())) {}

std::span<const Register> PowerManagement::registers() const {
    return kRegisters;
}

std::uint32_t PowerManagement::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write);
}

void PowerManagement::reset() {
    state_ = {};
    tick_origin_ = ticks_at(clock_.monotonic_ns());
    refresh();
}

std::uint64_t PowerManagement::read(const Access& access) {
    if (access.region == kResetRegion) return state_.reset_control;
    refresh();
    std::uint64_t value = 0;
    for (unsigned i = 0; i < access.width; ++i) value |= std::uint64_t{pm_byte(access.offset + i)} << (8 * i);
    return value;
}

void PowerManagement::write(const Access& access, std::uint64_t value) {
    if (access.region == kResetRegion) return write_reset_control(static_cast<std::uint8_t>(value));
    refresh();
    for (unsigned i = 0; i < access.width; ++i)
        write_pm_byte(access.offset + i, static_cast<std::uint8_t>(value >> (8 * i)));
    refresh();
}

// The ports as they stand at state_.checked, which refresh() has just set: all bytes of one read are of one moment.
std::uint8_t PowerManagement::pm_byte(std::uint64_t offset) const {
    std::uint32_t timer = static_cast<std::uint32_t>(state_.checked);
    if (timer_bits_ == 24) timer &= 0x00FFFFFF;
    std::uint16_t control = state_.control | kSciEn;
    switch (offset) {
        case kPm1Status:
            return static_cast<std::uint8_t>(state_.status);
        case kPm1Status + 1:
            return static_cast<std::uint8_t>(state_.status >> 8);
        case kPm1Enable:
            return static_cast<std::uint8_t>(state_.enable);
        case kPm1Enable + 1:
            return static_cast<std::uint8_t>(state_.enable >> 8);
        case kPm1Control:
            return static_cast<std::uint8_t>(control);
        case kPm1Control + 1:
            return static_cast<std::uint8_t>(control >> 8);
        case kPmTimer:
        case kPmTimer + 1:
        case kPmTimer + 2:
        case kPmTimer + 3:
            return static_cast<std::uint8_t>(timer >> (8 * (offset - kPmTimer)));
        default:
            return 0xFF;
    }
}

static std::uint16_t with_byte(std::uint16_t word, bool high, std::uint8_t value) {
    return static_cast<std::uint16_t>(high ? (word & 0x00FF) | value << 8 : (word & 0xFF00) | value);
}

void PowerManagement::write_pm_byte(std::uint64_t offset, std::uint8_t value) {
    bool high = (offset & 1) != 0;
    switch (offset & ~std::uint64_t{1}) {
        case kPm1Status:  // a written 1 clears
            state_.status &= static_cast<std::uint16_t>(~(high ? value << 8 : value));
            return;
        case kPm1Enable:
            state_.enable = with_byte(state_.enable, high, value) & kEvents;
            return;
        case kPm1Control:
            state_.control = with_byte(state_.control, high, value) & kControlKept;
            if (high && (value & (kSlpEn >> 8))) sleep();
            return;
        default:
            return;
    }
}

// §4.8.3.2.1 SLP_EN. S5 is the only sleeping state of the machine; other types are ignored.
void PowerManagement::sleep() {
    if ((state_.control & kSlpTypMask) >> kSlpTypShift == kSlpTypS5) control_.request_power_off("ACPI S5");
}

void PowerManagement::write_reset_control(std::uint8_t value) {
    state_.reset_control = value & kResetKept;
    if (value & kResetCpu) control_.request_reset("reset control register");
}

void PowerManagement::press_power_button() {
    state_.status |= kPwrbtn;
    refresh();
}

std::uint64_t PowerManagement::ticks() const {
    return ticks_at(clock_.monotonic_ns()) - tick_origin_;
}

// §4.8.3.3: TMR_STS is set whenever the timer's highest bit changes.
std::uint64_t PowerManagement::next_carry(std::uint64_t after) const {
    std::uint64_t half = std::uint64_t{1} << (timer_bits_ - 1);
    return (after / half + 1) * half;
}

PowerManagement::State PowerManagement::up_to_date() const {
    State state = state_;
    state.checked = ticks();
    if (state.checked >= next_carry(state_.checked)) state.status |= kTmr;
    return state;
}

void PowerManagement::refresh() {
    state_ = up_to_date();
    sci_.set((state_.status & state_.enable) != 0);
    if ((state_.enable & kTmr) && !(state_.status & kTmr)) {
        carry_->arm(time_of(next_carry(state_.checked) + tick_origin_));
    } else {
        carry_->cancel();
    }
}

template <class Io, class S>
void PowerManagement::fields(Io& io, S& state) {
    io.field(1, state.status);
    io.field(2, state.enable);
    io.field(3, state.control);
    io.field(4, state.reset_control);
    io.field(5, state.checked);
}

void PowerManagement::save(StateWriter& writer) const {
    State now = up_to_date();
    fields(writer, now);
}

Status PowerManagement::restore(StateReader& reader) {
    State next;
    fields(reader, next);
    NYX_TRY(reader.finish());
    constexpr std::uint64_t kManyYears = std::uint64_t{1} << 52;  // keeps every sum of ticks far from 2^64
    bool fits = (next.status & ~kEvents) == 0 && (next.enable & ~kEvents) == 0 && (next.control & ~kControlKept) == 0 &&
                (next.reset_control & ~kResetKept) == 0 && next.checked < kManyYears;
    if (!fits) return fail(ErrorCode::kCorrupt, "saved state: no ACPI power management block can be in it");
    tick_origin_ = ticks_at(clock_.monotonic_ns()) - next.checked;
    state_ = next;
    refresh();
    return {};
}

}  // namespace nyx::dev::acpi_pm
