// The command words of the 8259A.
#include "devices/irqchip/i8259.h"

namespace nyx::dev::irqchip {

void I8259::write(unsigned a0, std::uint8_t value) {
    if (a0 == kPicCommand && (value & kIcw1)) {
        write_icw1(value);
    } else if (a0 == kPicCommand) {
        value& kOcw3 ? write_ocw3(value) : write_ocw2(value);
    } else if (state_.next_icw > kUninitialised) {
        write_next_icw(value);
    } else {
        state_.imr = value;  // OCW1
    }
}

// "Initialization Command Words 1 and 2 (ICW1, ICW2)", points a to f: what ICW1 resets. Lines that are high must fall
// and rise again.
void I8259::write_icw1(std::uint8_t value) {
    State fresh;
    fresh.lines = state_.lines;
    fresh.elcr = state_.elcr;
    fresh.base = state_.base;
    fresh.need_icw4 = value & kIcw1NeedIcw4;
    fresh.single = value & kIcw1Single;
    fresh.next_icw = 2;
    state_ = fresh;
}

void I8259::write_next_icw(std::uint8_t value) {
    std::uint8_t written = state_.next_icw;
    if (written == 2) state_.base = value & kIcw2BaseMask;
    if (written == 3) state_.icw3 = value;
    if (written == 4) state_.icw4 = value & kIcw4Known;
    std::uint8_t next = static_cast<std::uint8_t>(written + 1);
    if (next == 3 && state_.single) next = 4;
    if (next == 4 && !state_.need_icw4) next = 5;
    state_.next_icw = next > 4 ? kReady : next;
}

// "Operation Command Word 2": EOI, rotation, priority.
void I8259::write_ocw2(std::uint8_t value) {
    auto command = static_cast<Ocw2>(value >> kOcw2CommandShift);
    unsigned level = value & kOcw2LevelMask;
    switch (command) {
        case Ocw2::kRotateInAutoEoiClear:
        case Ocw2::kRotateInAutoEoiSet:
            state_.rotate_in_auto_eoi = command == Ocw2::kRotateInAutoEoiSet;
            return;
        case Ocw2::kNonSpecificEoi:
        case Ocw2::kRotateOnNonSpecificEoi: {
            // "Special mask mode": a masked bit in service is not ended by a non-specific EOI.
            auto ended = static_cast<std::uint8_t>(state_.special_mask ? state_.isr & ~state_.imr : state_.isr);
            int line = highest(ended);
            if (line >= 0) end_of_interrupt(static_cast<unsigned>(line), command == Ocw2::kRotateOnNonSpecificEoi);
            return;
        }
        case Ocw2::kSpecificEoi:
        case Ocw2::kRotateOnSpecificEoi:
            return end_of_interrupt(level, command == Ocw2::kRotateOnSpecificEoi);
        case Ocw2::kSetPriority:
            state_.lowest = static_cast<std::uint8_t>(level);
            return;
        case Ocw2::kNoOperation:
            return;
    }
}

// "Operation Command Word 3": special mask mode, poll, which register is read. Poll is stronger than read register.
void I8259::write_ocw3(std::uint8_t value) {
    if (value & kOcw3ChangeSpecialMask) state_.special_mask = value & kOcw3SpecialMask;
    if (value & kOcw3Poll) {
        state_.poll = true;
    } else if (value & kOcw3ReadRegister) {
        state_.read_isr = value & kOcw3ReadIsr;
    }
}

}  // namespace nyx::dev::irqchip
