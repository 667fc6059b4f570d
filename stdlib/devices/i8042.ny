device i8042(
    data: ioport(1) = 0x60 """Data port.""",
    command: ioport(1) = 0x64 """Command and status port; command 0xfe resets the machine.""",
    port_a: ioport(1) = 0x92 """System control port A; bit 0 resets the machine.""",
    keyboard: gsi = 1 """Interrupt line of the keyboard port.""",
    mouse: gsi = 12 """Interrupt line of the auxiliary port.""",
) : single snapshot 2 {
    """Keyboard controller, without keyboard or mouse: guests use it to reset the machine. With system control port A.
    IBM Personal System/2 Hardware Interface Technical Reference (1990), "Keyboard and Auxiliary Device Controller"."""
    host machine: control
    state {
        ram: [u8; 32]
        pending: u8 = 0 """The command that waits for its byte at the data port; 0: none."""
        last_was_command: bool = false
        a20: bool = true """Reads back; memory is not masked by it."""
        output: u8 = 0 """The output buffer, which keeps its value after it was read."""
        full: bool = false
        auxiliary: bool = false """The output is of the auxiliary device."""
        timed_out: bool = false
    }
    derive keyboard = full && !auxiliary && ram[0][0]
    derive mouse = auxiliary && ram[0][1]

    bank data_port: pio @data, size 1 {
        reg data_byte @0 rw {
            """Output buffer; a written byte is the argument of a command, or for the keyboard."""
            on read {
                full = false
                auxiliary = false
                timed_out = false
                return output
            }
            on write(v) {
                last_was_command = false
                let before = pending
                pending = 0
                if before >= 0x60 && before < 0x80 {
                    ram[before - 0x60] = v
                } else {
                    argument(before, v)
                }
            }
        }
    }
    bank command_port: pio @command, size 1 {
        reg status @0 ro {
            """Status. Bit 1, input buffer full, is always 0: a byte is dealt with before the write returns."""
            obf: 0 = full """Output buffer full."""
            system: 2 = ram[0][2] """The self test has passed."""
            command: 3 = last_was_command """The last byte came to the command port."""
            not_inhibited: 4 const = 1
            aux: 5 = auxiliary
            timeout: 6 = timed_out
            rest: zero
        }
        reg command_byte @0 wo {
            """Commands to the controller."""
            on write(v) {
                last_was_command = true
                pending = 0
                if v >= 0xf0 {
                    if !v[0] { machine.reset() }
                } else if v >= 0x20 && v < 0x40 {
                    answer(ram[v - 0x20], false, false)
                } else if (v >= 0x60 && v < 0x80) || (v >= 0xd1 && v <= 0xd4) {
                    pending = v
                } else {
                    simple(v)
                }
            }
        }
    }
    bank system_port: pio @port_a, size 1 {
        reg control_a @0 rw {
            """System control port A."""
            fast_reset: 0 wo
            a20_gate: 1 = a20
            rest: zero
            on write(v) {
                a20 = v[1]
                if v[0] { machine.reset() }
            }
        }
    }

    on reset { ram[0] = 0x70 }

    fn answer(value: u8, of_auxiliary: bool, too_late: bool) {
        output = value
        full = true
        auxiliary = of_auxiliary
        timed_out = too_late
    }
    fn simple(v: u8) {
        match v {
            0xa7 => ram[0] |= 0x20
            0xa8 => ram[0] &= 0xdf
            0xad => ram[0] |= 0x10
            0xae => ram[0] &= 0xef
            0xaa => {
                ram[0] |= 0x04
                answer(0x55, false, false)
            }
            0xa9 | 0xab => answer(0, false, false)
            0xc0 => answer(0x80, false, false)
            0xd0 => answer(output_port(), false, false)
            0xe0 => answer(0x03, false, false)
            _ => pass
        }
    }
    fn argument(before: u8, v: u8) {
        match before {
            0xd1 => {
                a20 = v[1]
                if !v[0] { machine.reset() }
            }
            0xd2 => answer(v, false, false)
            0xd3 => answer(v, true, false)
            0xd4 => answer(0xfe, true, true)
            _ => {
                # For the keyboard, whose interface this enables.
                ram[0] &= 0xef
                answer(0xfe, false, true)
            }
        }
    }
    fn output_port() -> u8 {
        let mut value: u8 = 0xcd
        value[1] = a20
        value[4] = keyboard
        value[5] = mouse
        return value
    }

    invariant full || (!auxiliary && !timed_out)

    test "after a reset" {
        expect read(status) == 0x10
        expect read(control_a) == 2
        expect !keyboard
        expect !mouse
    }
    test "the self test" {
        write(command_byte, 0xaa)
        expect read(status) == 0x1d
        expect read(data_byte) == 0x55
        expect read(status) == 0x1c
    }
    test "a command that resets" { write(command_byte, 0xfe); expect machine.reset }
    test "port A resets" { write(control_a, 1); expect machine.reset }
    test "the RAM" {
        for i in 1..32 { write(command_byte, 0x60 + i); write(data_byte, i) }
        for i in 1..32 { write(command_byte, 0x20 + i); expect read(data_byte) == i }
    }
    test "nobody is at the keyboard port" {
        write(command_byte, 0x60)
        write(data_byte, 0x01)
        write(data_byte, 0xff)
        expect keyboard
        expect read(status) == 0x51
        expect read(data_byte) == 0xfe
        expect !keyboard
    }
}
