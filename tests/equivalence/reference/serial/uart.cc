#include "tests/equivalence/reference/serial/uart.h"

#include <algorithm>

#include "devices/kit/register_table.h"

namespace nyx::dev::serial {

static constexpr Register kRegisters[] = {
    {"RBR", 0, kRbrThrDll, 1, RegisterKind::kReadOnly, 0, "!dlab"},
    {"THR", 0, kRbrThrDll, 1, RegisterKind::kWriteOnly, 0, "!dlab"},
    {"DLL", 0, kRbrThrDll, 1, RegisterKind::kReadWrite, kResetDivisor, "dlab"},
    {"IER", 0, kIerDlm, 1, RegisterKind::kReadWrite, 0, "!dlab"},
    {"DLM", 0, kIerDlm, 1, RegisterKind::kReadWrite, 0, "dlab"},
    {"IIR", 0, kIirFcr, 1, RegisterKind::kReadOnly, kIirNone},
    {"FCR", 0, kIirFcr, 1, RegisterKind::kWriteOnly},
    {"LCR", 0, kLcr},
    {"MCR", 0, kMcr},
    {"LSR", 0, kLsr, 1, RegisterKind::kReadOnly, kLsrThre | kLsrTemt},
    {"MSR", 0, kMsr, 1, RegisterKind::kReadOnly, kMsrCts | kMsrDsr | kMsrDcd},
    {"SCR", 0, kScr},
};

Uart::Uart(const Environment& environment)
    : line_(*environment.lines[0]),
      clock_(environment.clock),
      output_(environment.output),
      input_room_(environment.input_room),
      timeout_(environment.timers.create([this] {
          timeout_deadline_ns_ = 0;
          state_.timeout_pending = true;
          update_line();
      })) {}

std::span<const Register> Uart::registers() const {
    return kRegisters;
}

std::uint32_t Uart::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write, dlab() ? "dlab" : "!dlab");
}

void Uart::reset() {
    state_ = {};
    restart_timeout();
    update_line();
    offer_room();
}

std::uint8_t Uart::read_byte(std::uint32_t, std::uint64_t offset) {
    switch (offset) {
        case kRbrThrDll:
            return dlab() ? static_cast<std::uint8_t>(state_.divisor) : read_rbr();
        case kIerDlm:
            return dlab() ? static_cast<std::uint8_t>(state_.divisor >> 8) : state_.ier;
        case kIirFcr:
            return read_iir();
        case kLcr:
            return state_.lcr;
        case kMcr:
            return state_.mcr;
        case kLsr:
            return read_lsr();
        case kMsr:
            return read_msr();
        case kScr:
            return state_.scr;
        default:
            return 0xFF;
    }
}

void Uart::write_byte(std::uint32_t, std::uint64_t offset, std::uint8_t value) {
    switch (offset) {
        case kRbrThrDll:
            if (!dlab()) return write_thr(value);
            state_.divisor = static_cast<std::uint16_t>((state_.divisor & 0xFF00) | value);
            return;
        case kIerDlm:
            if (!dlab()) return write_ier(value);
            state_.divisor = static_cast<std::uint16_t>((state_.divisor & 0x00FF) | value << 8);
            return;
        case kIirFcr:
            return write_fcr(value);
        case kLcr:
            state_.lcr = value;
            return;
        case kMcr:
            return write_mcr(value);
        case kScr:
            state_.scr = value;
            return;
        default:
            return;  // §8.3, §8.8: LSR and MSR are for reading
    }
}

std::uint8_t Uart::read_rbr() {
    if (state_.received.empty()) return 0;
    std::uint8_t byte = state_.received.pop();
    state_.errors.pop();
    state_.timeout_pending = false;
    show_error_of_oldest();
    restart_timeout();
    update_line();
    offer_room();
    return byte;
}

// Table IV: reading IIR ends the THRE interrupt if that is what it shows.
std::uint8_t Uart::read_iir() {
    std::uint8_t id = interrupt_id();
    if (id == kIirThrEmpty) state_.thr_empty_pending = false;
    update_line();
    return fifos_enabled() ? id | kIirFifosEnabled : id;
}

std::uint8_t Uart::read_lsr() {
    std::uint8_t value = lsr();
    state_.line_errors = 0;
    update_line();
    return value;
}

std::uint8_t Uart::read_msr() {
    std::uint8_t value = modem_lines() | state_.modem_deltas;
    state_.modem_deltas = 0;
    update_line();
    return value;
}

void Uart::write_thr(std::uint8_t value) {
    if (loopback()) {
        arrive(value, 0);
    } else {
        output_.write({&value, 1});
    }
    state_.thr_empty_pending = true;  // emptied again at once
    update_line();
}

// Enabling the THRE interrupt while THR is empty raises it (§8.7; drivers probe for it).
void Uart::write_ier(std::uint8_t value) {
    bool was_enabled = (state_.ier & kIerEtbei) != 0;
    state_.ier = value & kIerMask;
    bool enabled = (state_.ier & kIerEtbei) != 0;
    if (enabled != was_enabled) state_.thr_empty_pending = enabled;
    update_line();
}

// §8.4: bit 0 must be 1 for the others to count; changing it clears the FIFOs.
void Uart::write_fcr(std::uint8_t value) {
    bool enable = (value & kFcrEnable) != 0;
    if (enable != fifos_enabled() || (enable && (value & kFcrClearReceiver))) clear_receiver();
    state_.fcr = enable ? value & kFcrKept : 0;
    restart_timeout();
    update_line();
    offer_room();
}

void Uart::write_mcr(std::uint8_t value) {
    std::uint8_t before = modem_lines();
    state_.mcr = value & kMcrMask;
    std::uint8_t after = modem_lines();
    std::uint8_t changed = (before ^ after) & static_cast<std::uint8_t>(~(after & kMsrRi));
    state_.modem_deltas |= static_cast<std::uint8_t>(changed >> 4);
    update_line();
    offer_room();
}

std::size_t Uart::trigger_level() const {
    return fifos_enabled() ? kTriggerLevels[state_.fcr >> kFcrTriggerShift] : 1;
}

// §8.6.4: in loopback the modem outputs are wired to the inputs.
std::uint8_t Uart::modem_lines() const {
    if (!loopback()) return kMsrCts | kMsrDsr | kMsrDcd;
    std::uint8_t lines = 0;
    if (state_.mcr & kMcrDtr) lines |= kMsrDsr;
    if (state_.mcr & kMcrRts) lines |= kMsrCts;
    if (state_.mcr & kMcrOut1) lines |= kMsrRi;
    if (state_.mcr & kMcrOut2) lines |= kMsrDcd;
    return lines;
}

std::uint8_t Uart::lsr() const {
    std::uint8_t value = kLsrThre | kLsrTemt | state_.line_errors;
    if (!state_.received.empty()) value |= kLsrDr;
    bool error_in_fifo = (state_.line_errors & kLsrCharacterErrors) != 0;
    for (std::size_t i = 1; i < state_.errors.size(); ++i) error_in_fifo |= state_.errors.at(i) != 0;
    if (fifos_enabled() && error_in_fifo) value |= kLsrFifoError;
    return value;
}

std::uint8_t Uart::interrupt_id() const {
    if ((state_.ier & kIerElsi) && state_.line_errors != 0) return kIirLineStatus;
    if ((state_.ier & kIerErbfi) && state_.received.size() >= trigger_level()) return kIirDataAvailable;
    if ((state_.ier & kIerErbfi) && state_.timeout_pending) return kIirTimeout;
    if ((state_.ier & kIerEtbei) && state_.thr_empty_pending) return kIirThrEmpty;
    if ((state_.ier & kIerEdssi) && state_.modem_deltas != 0) return kIirModemStatus;
    return kIirNone;
}

// Start bit, data, parity and stop bits at the programmed rate. Divisor 0 counts as 1.
std::uint64_t Uart::character_ns() const {
    std::uint64_t bits = 1u + 5u + (state_.lcr & kLcrWordLength);
    bits += (state_.lcr & kLcrParity) ? 1 : 0;
    bits += (state_.lcr & kLcrTwoStopBits) ? 2 : 1;
    std::uint64_t divisor = std::max<std::uint64_t>(state_.divisor, 1);
    return bits * divisor * 1'000'000'000 / kBaudClockHz;
}

std::size_t Uart::receive(std::span<const std::uint8_t> bytes) {
    // §8.6.4: in loopback the receiver is cut off from the line.
    std::size_t room = loopback() ? 0 : capacity() - state_.received.size();
    std::size_t taken = std::min(room, bytes.size());
    for (std::uint8_t byte : bytes.first(taken)) arrive(byte, 0);
    input_waits_ = taken < bytes.size();
    update_line();
    return taken;
}

// §8.3.4: a break loads one zero character.
void Uart::receive_break() {
    if (!loopback()) arrive(0, kLsrBi | kLsrFe);
    update_line();
}

void Uart::arrive(std::uint8_t byte, std::uint8_t error) {
    if (state_.received.size() == capacity()) {
        state_.line_errors |= kLsrOe;
        if (fifos_enabled()) return;  // §8.3.1: the FIFO keeps what it has, the shift register is overwritten
        clear_receiver();
    }
    state_.received.push(byte);
    state_.errors.push(error);
    state_.timeout_pending = false;
    if (state_.received.size() == 1) show_error_of_oldest();
    restart_timeout();
}

void Uart::clear_receiver() {
    state_.received.clear();
    state_.errors.clear();
    state_.timeout_pending = false;
}

// §8.3: an error appears in LSR when its character is at the top of the FIFO.
void Uart::show_error_of_oldest() {
    if (!state_.errors.empty()) state_.line_errors |= state_.errors.at(0);
}

// §8.11: four character times after the last byte came or was read, if the FIFO is not empty.
void Uart::restart_timeout() {
    if (!fifos_enabled() || state_.received.empty()) {
        timeout_deadline_ns_ = 0;
        timeout_->cancel();
        return;
    }
    timeout_deadline_ns_ = clock_.monotonic_ns() + kTimeoutCharacters * character_ns();
    timeout_->arm(timeout_deadline_ns_);
}

void Uart::offer_room() {
    if (!input_waits_ || loopback() || state_.received.size() == capacity()) return;
    input_waits_ = false;
    if (input_room_) input_room_();
}

// §8.6.4 forces OUT2 off in loopback, and with it the line.
void Uart::update_line() {
    bool connected = (state_.mcr & kMcrOut2) && !loopback();
    line_.set(connected && interrupt_id() != kIirNone);
}

}  // namespace nyx::dev::serial
