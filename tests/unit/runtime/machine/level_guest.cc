#include "tests/unit/runtime/machine/level_guest.h"

namespace nyx::vm {

namespace {

constexpr std::uint64_t kIoApic = 0xFEC00000, kLocalApic = 0xFEE00000, kHandlerAt = 0x2000;
constexpr std::uint8_t kVector = 0x40, kGsi = 17;

Bytes low_high(std::uint16_t value) {
    return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8)};
}
// mov eax, value
Bytes set_eax(std::uint32_t value) {
    return Bytes{0x66, 0xB8} + low_high(static_cast<std::uint16_t>(value)) +
           low_high(static_cast<std::uint16_t>(value >> 16));
}
// mov fs:[reg], eax, where fs begins at the local APIC
Bytes store_local(std::uint16_t reg) {
    return Bytes{0x64, 0x66, 0xA3} + low_high(reg);
}
// The I/O APIC's index and data, where es begins: Intel 82093AA §3.1.
Bytes set_io_apic(std::uint32_t index, std::uint32_t value) {
    return set_eax(index) + Bytes{0x26, 0x66, 0xA3, 0x00, 0x00} + set_eax(value) + Bytes{0x26, 0x66, 0xA3, 0x10, 0x00};
}
// mov dx, port; mov al, value; out dx, al
Bytes out(std::uint16_t port, std::uint8_t value) {
    return Bytes{0xBA} + low_high(port) + Bytes{0xB0, value, 0xEE};
}

// Software-enables the local APIC, has input 17 by level at the vector, and the port's line connected (MCR.OUT2).
Bytes set_up() {
    return set_eax(0x1FF) + store_local(0xF0) + set_io_apic(0x10 + 2 * kGsi, 0x8000 | kVector) +
           set_io_apic(0x11 + 2 * kGsi, 0) + out(0x2FC, 0x08);
}

// IER.ETBEI asks for an interrupt when the port can send, which it can.
Bytes rounds_of(std::uint16_t rounds, std::uint8_t times) {
    const Bytes round = Bytes{0xB3, 0x00} + out(0x2F9, 0x02)     // mov bl, 0
                        + Bytes{0x80, 0xFB, times, 0x72, 0xFB};  // again: cmp bl, times; jb again
    return Bytes{0x31, 0xF6, 0xFB, 0xB9} + low_high(rounds) +    // xor si, si; sti; mov cx, rounds
           round + Bytes{0xE2, static_cast<std::uint8_t>(-2 - static_cast<int>(round.size()))};  // loop
}

// Some time for an interrupt that should not come, then the status.
const Bytes kEnd{0xB9, 0x64, 0x00, 0xE6, 0x80, 0xE2, 0xFC,  // mov cx, 100; more: out 0x80, al; loop more
                 0x89, 0xF0, 0xE6, 0xF4, 0xEB, 0xFE};       // mov ax, si; out 0xF4, al; jmp $

Bytes handler(std::uint8_t times) {
    const Bytes end_reason = out(0x2F9, 0x00);
    return Bytes{0x46, 0xFE, 0xC3, 0x80, 0xFB, times, 0x72, static_cast<std::uint8_t>(end_reason.size())} +
           end_reason +                                   // inc si; inc bl; cmp bl, times; jb over
           set_eax(0) + store_local(0xB0) + Bytes{0xCF};  // over: end of interrupt; iret
}

}  // namespace

Guest guest_with_level_interrupts(std::uint16_t rounds, std::uint8_t times) {
    Guest guest(set_up() + rounds_of(rounds, times) + kEnd);
    guest.more_code[kHandlerAt] = handler(times);
    guest.more_code[4 * kVector] = low_high(kHandlerAt) + low_high(0);
    guest.adjust = [](hv::CpuState& state) {
        state.system.es.base = kIoApic;
        state.system.fs.base = kLocalApic;
    };
    plan::DevicePlan serial;
    serial.name = "com2";
    serial.type = "serial";
    serial.pio = {{0x2F8, 8}};
    serial.gsis = {kGsi};
    guest.plan.devices.push_back(serial);
    return guest;
}

}  // namespace nyx::vm
