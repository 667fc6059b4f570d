#include "tests/equivalence/reference/i8042/controller.h"

#include "devices/kit/register_table.h"

namespace nyx::dev::i8042 {

static constexpr Register kRegisters[] = {
    {"DATA", kDataRegion, 0},
    {"STATUS", kCommandRegion, 0, 1, RegisterKind::kReadOnly, kStatusNotInhibited},
    {"COMMAND", kCommandRegion, 0, 1, RegisterKind::kWriteOnly},
    {"PORT_A", kPortARegion, 0, 1, RegisterKind::kReadWrite, kPortAA20},
};

Controller::Controller(const Environment& environment)
    : keyboard_line_(*environment.lines[0]), auxiliary_line_(*environment.lines[1]), control_(environment.control) {}

std::span<const Register> Controller::registers() const {
    return kRegisters;
}

std::uint32_t Controller::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write);
}

void Controller::reset() {
    state_ = {};
    update_lines();
}

std::uint8_t Controller::read_byte(std::uint32_t region, std::uint64_t) {
    switch (region) {
        case kDataRegion:
            return read_data();
        case kCommandRegion:
            return status();
        default:
            return state_.a20 ? kPortAA20 : 0;
    }
}

void Controller::write_byte(std::uint32_t region, std::uint64_t, std::uint8_t value) {
    if (region == kPortARegion) return write_port_a(value);
    state_.last_was_command = region == kCommandRegion;
    if (region == kCommandRegion) {
        command(value);
    } else {
        command_argument(value);
    }
    update_lines();
}

std::uint8_t Controller::read_data() {
    state_.output_status = 0;
    update_lines();
    return state_.output;
}

std::uint8_t Controller::status() const {
    std::uint8_t value = kStatusNotInhibited | state_.output_status;
    if (state_.ram[0] & kCommandByteSystem) value |= kStatusSystem;
    if (state_.last_was_command) value |= kStatusCommand;
    return value;
}

std::uint8_t Controller::output_port() const {
    std::uint8_t value = kOutputNotReset | kOutputIdleLines;
    if (state_.a20) value |= kOutputA20;
    if (keyboard_irq()) value |= kOutputKeyboardIrq;
    if (auxiliary_irq()) value |= kOutputAuxiliaryIrq;
    return value;
}

void Controller::answer(std::uint8_t value, std::uint8_t status_bits) {
    state_.output = value;
    state_.output_status = kStatusOutputFull | status_bits;
}

void Controller::command(std::uint8_t value) {
    state_.pending_command = 0;
    if (value >= kPulseOutput) {
        if (!(value & kOutputNotReset)) control_.request_reset("keyboard controller");
        return;
    }
    if (value >= kReadRam && value < kReadRam + kRamSize) return answer(state_.ram[value - kReadRam]);
    if (value >= kWriteRam && value < kWriteRam + kRamSize) {
        state_.pending_command = value;
        return;
    }
    std::uint8_t& command_byte = state_.ram[0];
    switch (value) {
        case kDisableAuxiliary:
            command_byte |= kCommandByteAuxiliaryOff;
            return;
        case kEnableAuxiliary:
            command_byte &= static_cast<std::uint8_t>(~kCommandByteAuxiliaryOff);
            return;
        case kDisableKeyboard:
            command_byte |= kCommandByteKeyboardOff;
            return;
        case kEnableKeyboard:
            command_byte &= static_cast<std::uint8_t>(~kCommandByteKeyboardOff);
            return;
        case kSelfTest:
            command_byte |= kCommandByteSystem;
            return answer(kSelfTestPassed);
        case kTestAuxiliary:
        case kTestKeyboard:
            return answer(kInterfaceTestPassed);
        case kReadInputPort:
            return answer(kInputPort);
        case kReadOutputPort:
            return answer(output_port());
        case kReadTestInputs:
            return answer(kTestInputs);
        case kWriteOutputPort:
        case kWriteKeyboardBuffer:
        case kWriteAuxiliaryBuffer:
        case kWriteToAuxiliary:
            state_.pending_command = value;
            return;
        default:
            return;  // [KAC]: other commands are reserved
    }
}

void Controller::command_argument(std::uint8_t value) {
    std::uint8_t pending = state_.pending_command;
    state_.pending_command = 0;
    switch (pending) {
        case kWriteOutputPort:
            return write_output_port(value);
        case kWriteKeyboardBuffer:
            return answer(value);
        case kWriteAuxiliaryBuffer:
            return answer(value, kStatusAuxiliary);
        case kWriteToAuxiliary:
            return answer(kResend, kStatusAuxiliary | kStatusTimeout);
        case 0:  // for the keyboard, whose interface this enables
            state_.ram[0] &= static_cast<std::uint8_t>(~kCommandByteKeyboardOff);
            return answer(kResend, kStatusTimeout);
        default:
            state_.ram[pending - kWriteRam] = value;
    }
}

void Controller::write_output_port(std::uint8_t value) {
    state_.a20 = (value & kOutputA20) != 0;
    if (!(value & kOutputNotReset)) control_.request_reset("keyboard controller");
}

void Controller::write_port_a(std::uint8_t value) {
    state_.a20 = (value & kPortAA20) != 0;
    if (value & kPortAReset) control_.request_reset("system control port A");
}

bool Controller::keyboard_irq() const {
    return (state_.output_status & (kStatusOutputFull | kStatusAuxiliary)) == kStatusOutputFull &&
           (state_.ram[0] & kCommandByteKeyboardIrq);
}

bool Controller::auxiliary_irq() const {
    return (state_.output_status & kStatusAuxiliary) && (state_.ram[0] & kCommandByteAuxiliaryIrq);
}

void Controller::update_lines() {
    keyboard_line_.set(keyboard_irq());
    auxiliary_line_.set(auxiliary_irq());
}

template <class Io, class S>
void Controller::fields(Io& io, S& state) {
    io.field(1, state.ram);
    io.field(2, state.pending_command);
    io.field(3, state.last_was_command);
    io.field(4, state.a20);
    io.field(5, state.output);
    io.field(6, state.output_status);
}

void Controller::save(StateWriter& writer) const {
    fields(writer, state_);
}

static bool takes_argument(std::uint8_t command) {
    return (command >= kWriteRam && command < kWriteRam + kRamSize) ||
           (command >= kWriteOutputPort && command <= kWriteToAuxiliary);
}

Status Controller::restore(StateReader& reader) {
    State next;
    fields(reader, next);
    NYX_TRY(reader.finish());
    constexpr std::uint8_t kOutputBits = kStatusOutputFull | kStatusAuxiliary | kStatusTimeout;
    bool output_fits = (next.output_status & ~kOutputBits) == 0 &&
                       (next.output_status == 0 || (next.output_status & kStatusOutputFull));
    bool command_fits = next.pending_command == 0 || takes_argument(next.pending_command);
    if (!output_fits || !command_fits)
        return fail(ErrorCode::kCorrupt, "saved state: no keyboard controller can be in it");
    state_ = next;
    update_lines();
    return {};
}

}  // namespace nyx::dev::i8042
