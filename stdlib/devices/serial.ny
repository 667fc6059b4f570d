device serial(
    base: ioport(8) = auto([0x3f8, 0x2f8, 0x3e8, 0x2e8])
        """First of its eight ports. Left open: the first of COM1 to COM4 that is free.""",
    irq: gsi = auto([4, 3, 5, 7], follows: base)
        """Interrupt line, COM1 to COM4. PCs let COM3 share line 4 and COM4 share line 3; edge-triggered lines of two devices lose
        interrupts, so these have lines of their own.""",
    backend: host<backend> = stdio """Where its bytes go.""",
) snapshot 2 {
    """16550A UART (National PC16550D, June 1995): the serial ports COM1 to COM4 of a PC."""
    acpi { hid = "PNP0501" }
    host tx: sink<u8>,
        rx: source<u8> when !mcr.loop && received.len < capacity(),
        line_break: event when !mcr.loop
    state {
        kept: u8 = 0
            """FIFO control as it stands, section 8.4: enable, DMA mode and trigger; the clear bits clear themselves."""
        line_errors: u8 = 0 """LSR bits 1 to 4 of the oldest character, and the overrun."""
        deltas: u8 = 0 """MSR bits 0 to 3: modem inputs that changed."""
        thr_empty_pending: bool = false """The THRE interrupt waits."""
        timeout_pending: bool = false """The character time-out interrupt waits, section 8.11."""
        received: fifo<u8, 16>
        errors: fifo<u8, 16> """Of each character that was received: its LSR bits."""
    }
    timer timeout

    derive irq = mcr.out2 && !mcr.loop && interrupt_id() != 1
    derive modem: u8 = modem_lines(mcr)

    bank regs: pio @base, size 8 {
        when lcr.dlab {
            reg dll @0 rw reset 12
            """Divisor latch, low byte, section 8.2; after a reset 9600 baud, as PC firmware leaves it."""
            reg dlm @1 rw """Divisor latch, high byte."""
        } else {
            reg rbr @0 ro {
                """Receiver buffer."""
                on read {
                    if received.empty { return 0 }
                    let byte = received.pop_or(0)
                    let dropped = errors.pop_or(0)
                    timeout_pending = false
                    show_error_of_oldest()
                    restart_timeout()
                    return byte
                }
            }
            reg thr @0 wo @expect(coalesced_while) {
                """Transmitter holding register; in loopback it feeds the receiver, section 8.6."""
                on write(v) {
                    if mcr.loop { arrive(v, 0) } else { emit tx(v) }
                    thr_empty_pending = true
                }
            }
            reg ier @1 rw {
                """Interrupt enable, section 8.7."""
                erbfi: 0 """Received data available."""
                etbei: 1 """Transmitter holding register empty."""
                elsi: 2 """Receiver line status."""
                edssi: 3 """Modem status."""
                rest: zero
                on write(v, before) {
                    if ier.etbei != before[1] { thr_empty_pending = ier.etbei }
                }
            }
        }
        reg iir @2 ro {
            """Interrupt identification, section 8.5; reading it ends the THRE interrupt if that is what it shows."""
            id: 3..0 = interrupt_id()
                """0 waits: 6 line status, 4 data, 12 time-out, 2 THR empty, 0 modem status; 1: none."""
            fifos: 7..6 = enabled_twice() """Both set where the FIFOs are enabled."""
            rest: zero
            on read {
                let value = iir
                if value[3..0] == 2 { thr_empty_pending = false }
                return value
            }
        }
        reg fcr @2 wo {
            """FIFO control, section 8.4. Bit 0 must be 1 for the others to count; changing it clears the FIFOs."""
            enable: 0
            clear_receiver: 1
            clear_transmitter: 2
            dma_mode: 3
            trigger: 7..6
            on write(v) {
                if v[0] != kept[0] || (v[0] && v[1]) { clear_receiver() }
                if v[0] { kept = v & 0xc9 } else { kept = 0 }
                restart_timeout()
            }
        }
        reg lcr @3 rw {
            """Line control, section 8.1."""
            wls: 1..0 """Word length, 5 bits and this."""
            stb: 2 """Two stop bits."""
            pen: 3 """Parity."""
            dlab: 7 """Divisor latches at offsets 0 and 1."""
        }
        reg mcr @4 rw {
            """Modem control, section 8.6."""
            dtr: 0
            rts: 1
            out1: 2
            out2: 3 """On a PC: connects the interrupt line."""
            loop: 4 """Outputs are wired to the inputs, and the transmitter to the receiver."""
            rest: zero
            on write(v, before) {
                let old = modem_lines(before)
                let changed = (old ^ modem) & ~(modem & 0x40)
                deltas |= changed >> 4
            }
        }
        reg lsr @5 ro {
            """Line status, section 8.3; reading it clears the errors."""
            dr: 0 = !received.empty """Data ready."""
            oe: 1 = line_errors[1] """Overrun."""
            pe: 2 = line_errors[2] """Parity error."""
            fe: 3 = line_errors[3] """Framing error."""
            bi: 4 = line_errors[4] """Break."""
            thre: 5 const = 1
                """The transmitter holding register is empty: a byte is sent at once."""
            temt: 6 const = 1 """So is the transmitter."""
            fifo_error: 7 = error_in_fifo() """A character in the FIFO has an error."""
            on read {
                let value = lsr
                line_errors = 0
                return value
            }
        }
        reg msr @6 ro {
            """Modem status, section 8.8; reading it clears the changes."""
            dcts: 0 = deltas[0]
            ddsr: 1 = deltas[1]
            teri: 2 = deltas[2]
            ddcd: 3 = deltas[3]
            cts: 4 = modem[4]
            dsr: 5 = modem[5]
            ri: 6 = modem[6]
            dcd: 7 = modem[7]
            on read {
                let value = msr
                deltas = 0
                return value
            }
        }
        reg scr @7 rw @expect(coalesced) """Scratch, section 8.9."""
    }

    on rx(byte) { arrive(byte, 0) }
    on line_break { arrive(0, 0x18) }
    on timeout { timeout_pending = true }

    fn capacity() -> u32 {
        if kept[0] { return 16 }
        return 1
    }
    fn enabled_twice() -> u2 {
        if kept[0] { return 3 }
        return 0
    }
    fn trigger_level() -> u32 {
        if !kept[0] { return 1 }
        match kept[7..6] {
            0 => return 1
            1 => return 4
            2 => return 8
            _ => return 14
        }
    }
    fn modem_lines(control: u8) -> u8 {
        """CTS, DSR, RI and DCD; without a cable's other end they are as if one were ready."""
        if !control[4] { return 0xb0 }
        let mut lines: u8 = 0
        lines[5] = control[0]
        lines[4] = control[1]
        lines[6] = control[2]
        lines[7] = control[3]
        return lines
    }
    fn interrupt_id() -> u4 {
        """Table IV: highest priority first."""
        if ier.elsi && line_errors != 0 { return 6 }
        if ier.erbfi && received.len >= trigger_level() { return 4 }
        if ier.erbfi && timeout_pending { return 12 }
        if ier.etbei && thr_empty_pending { return 2 }
        if ier.edssi && deltas != 0 { return 0 }
        return 1
    }
    fn error_in_fifo() -> bool {
        if !kept[0] { return false }
        if (line_errors & 0x1c) != 0 { return true }
        if errors.len < 2 { return false }
        for i in 1..16 {
            if errors.at(i) != 0 { return true }
        }
        return false
    }
    fn arrive(byte: u8, error: u8) {
        if received.len >= capacity() {
            line_errors |= 2
            if kept[0] { return }
            clear_receiver()
        }
        received.push(byte)
        errors.push(error)
        timeout_pending = false
        if received.len == 1 { show_error_of_oldest() }
        restart_timeout()
    }
    fn clear_receiver() {
        received.clear()
        errors.clear()
        timeout_pending = false
    }
    fn show_error_of_oldest() { line_errors |= errors.at(0) }
    fn restart_timeout() {
        """Four character times after the last byte came or was read, section 8.11."""
        if !kept[0] || received.empty { timeout.cancel() } else { timeout.arm(4 * character_ns()) }
    }
    fn character_ns() -> u64 {
        """Start bit, data, parity and stop bits at the programmed rate; divisor 0 counts as 1."""
        let mut bits: u64 = 7
        bits += u64(lcr.wls)
        if lcr.pen { bits += 1 }
        if lcr.stb { bits += 1 }
        let mut divisor: u64 = u64(dlm) << 8 | u64(dll)
        if divisor == 0 { divisor = 1 }
        return bits * divisor * 1000000000 / 115200
    }

    invariant received.len == errors.len
    invariant deltas <= 15

    test "after a reset" {
        expect read(ier) == 0
        expect read(iir) == 0x01
        expect read(lcr) == 0
        expect read(mcr) == 0
        expect read(lsr) == 0x60
        expect read(msr) == 0xb0
        write(lcr, 0x80)
        expect read(dll) == 12
        expect read(dlm) == 0
    }
    test "receive" {
        write(mcr, 8)
        write(ier, 1)
        host.rx(0x41)
        expect irq
        expect read(iir) == 4
        expect read(lsr) == 0x61
        expect read(rbr) == 0x41
        expect !irq
    }
    test "send" {
        write(mcr, 8)
        write(thr, 0x42)
        expect host.tx.pop_or(0) == 0x42
        expect !irq
        write(ier, 2)
        expect irq
        expect read(iir) == 2
        expect !irq
    }
    test "a character that waits is announced after four character times" {
        write(mcr, 8)
        write(fcr, 0xc1)
        write(ier, 1)
        host.rx(1)
        expect !irq
        advance(4 ms)
        expect irq
        expect read(iir) == 0xcc
        expect read(rbr) == 1
        expect !irq
    }
    test "loopback" {
        write(mcr, 0x1f)
        expect read(msr) == 0xf0
        write(thr, 0x55)
        expect read(rbr) == 0x55
        expect host.tx.len == 0
    }
    test "the FIFO holds sixteen" {
        write(fcr, 1)
        for i in 0..16 { host.rx(i) }
        for i in 0..16 { expect read(rbr) == i }
        expect read(lsr) == 0x60
    }
    test "a break is a zero with an error" {
        write(ier, 4)
        write(mcr, 8)
        host.line_break()
        expect irq
        expect read(lsr) == 0x79
        expect read(lsr) == 0x61
    }
}
