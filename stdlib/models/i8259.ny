device i8259(
    master: ioport(2) = 0x20,
    slave: ioport(2) = 0xa0,
    control: ioport(2) = 0x4d0,
    intr: gsi = 0,
) snapshot 1 {
    """The two 8259A interrupt controllers of a PC: chip 0 the master, chip 1 the slave, whose INT is the master's line 2.

    Intel 8259A data sheet (231468), sections in quotes; edge/level control registers of the 82371AB (PIIX4) section 4.2.6.
    From power-on to the end of its first initialisation a chip requests nothing. Absent, as in PC chip sets: the CALL of
    8080 mode, buffered mode, and LTIM of ICW1, for which there are the ELCRs."""

    host rise: source<u8>, fall: source<u8>, inta: event, vector: sink<u8>, ended: sink<u8>
    state {
        lines: [u8; 2] = 0 """Levels of the inputs."""
        edges: [u8; 2] = 0 """Rising edges that were not acknowledged yet."""
        imr: [u8; 2] = 0
        isr: [u8; 2] = 0
        base: [u5; 2] = 0 """Bits 7 to 3 of ICW2."""
        icw3: [u8; 2] = 0 """Kept, not used: the wiring is the board's."""
        icw4: [u5; 2] = 0
        lowest: [u3; 2] = 7 """The line of the lowest priority."""
        next_icw: [u3; 2] = 1 """The initialisation word that is awaited; 0: none."""
        needs_icw4: [bool; 2] = false
        single: [bool; 2] = false
        special_mask: [bool; 2] = false
        rotates: [bool; 2] = false """In automatic EOI mode."""
        reads_isr: [bool; 2] = false
        polled: [bool; 2] = false
    }

    fn elcr(chip: u1) -> u8 {
        if chip == 0 { return elcr1 }
        return elcr2
    }
    # "Edge and level triggered modes".
    fn irr(chip: u1) -> u8 { return lines[chip] & elcr(chip) | edges[chip] & ~elcr(chip) }
    # The line of the highest priority among these; 8: there is none.
    fn highest(chip: u1, bits: u8) -> u4 {
        for i in 1..9 {
            let line = lowest[chip] + u3(i)
            if bits[line] { return line }
        }
        return 8
    }
    fn rank(chip: u1, line: u3) -> u3 { return line - lowest[chip] - 1 }

    # "Fully nested mode": a line in service keeps out its own level and those below. "Special mask mode": not if it is
    # masked. "Special fully nested mode": a slave in service does not keep itself out.
    fn requesting(chip: u1) -> u4 {
        if next_icw[chip] != 0 { return 8 }
        let mut blocking = isr[chip]
        if special_mask[chip] { blocking = blocking & ~imr[chip] }
        let served = highest(chip, blocking)
        let line = highest(chip, irr(chip) & ~imr[chip])
        if line == 8 || served == 8 { return line }
        if rank(chip, u3(line)) < rank(chip, u3(served)) { return line }
        if line == served && line == 2 && chip == 0 && icw4[chip][4] { return line }
        return 8
    }
    derive intr = requesting(0) != 8
    derive hears_timer = next_icw[0] == 0 && !imr[0][0]

    fn set_line(chip: u1, line: u3, level: bool) {
        if level && !lines[chip][line] { edges[chip][line] = true }
        if !level { edges[chip][line] = false }
        lines[chip][line] = level
    }
    # "Cascade mode": the slave's INT drives the master's line 2.
    fn cascade() { set_line(0, 2, requesting(1) != 8) }

    fn end_of_interrupt(chip: u1, line: u3, rotate: bool) {
        if isr[chip][line] { emit ended(u8(chip) << 3 | u8(line)) }
        isr[chip][line] = false
        if rotate { lowest[chip] = line }
    }
    # One INTA sequence: the line that is served. Without a request it is line 7, and nothing is in service.
    fn acknowledge(chip: u1) -> u3 {
        let asking = requesting(chip)
        if asking == 8 { return 7 }
        let line = u3(asking)
        edges[chip][line] = false
        isr[chip][line] = true
        if icw4[chip][1] { end_of_interrupt(chip, line, rotates[chip]) }
        return line
    }

    on rise(line) {
        if line < 16 && line != 2 { set_line(u1(line >> 3), line[2..0], true) }
        cascade()
    }
    on fall(line) {
        if line < 16 && line != 2 { set_line(u1(line >> 3), line[2..0], false) }
        cascade()
    }
    # "Interrupt sequence": on the cascade line it is the slave that gives the vector.
    on inta {
        let is_asked = requesting(0) != 8
        let line = acknowledge(0)
        if is_asked && line == 2 {
            let behind = acknowledge(1)
            emit vector(u8(base[1]) << 3 | u8(behind))
            set_line(0, 2, false)
        } else {
            emit vector(u8(base[0]) << 3 | u8(line))
        }
        cascade()
    }

    # "Reading the 8259A status", "Poll command": a read after the poll command is an acknowledge.
    fn read_chip(chip: u1, is_data: bool) -> u8 {
        if polled[chip] {
            polled[chip] = false
            let mut byte: u8 = 0
            if requesting(chip) != 8 { byte = u8(acknowledge(chip)) | 0x80 }
            if chip == 1 { set_line(0, 2, false) }
            cascade()
            return byte
        }
        if is_data { return imr[chip] }
        if reads_isr[chip] { return isr[chip] }
        return irr(chip)
    }
    # "Initialization Command Words 1 and 2", points a to f. Lines that are high must fall and rise again.
    fn write_icw1(chip: u1, v: u8) {
        edges[chip] = 0
        imr[chip] = 0
        isr[chip] = 0
        icw3[chip] = 0
        icw4[chip] = 0
        lowest[chip] = 7
        special_mask[chip] = false
        rotates[chip] = false
        reads_isr[chip] = false
        polled[chip] = false
        needs_icw4[chip] = v[0]
        single[chip] = v[1]
        next_icw[chip] = 2
    }
    fn write_next_icw(chip: u1, v: u8) {
        let written = next_icw[chip]
        let mut next: u3 = 0
        if written == 2 {
            base[chip] = v[7..3]
            next = 3
            if single[chip] { next = 4 }
        } else if written == 3 {
            icw3[chip] = v
            next = 4
        } else {
            icw4[chip] = v[4..0]
        }
        if next == 4 && !needs_icw4[chip] { next = 0 }
        next_icw[chip] = next
    }
    # "Operation Command Word 2": EOI, rotation, priority. "Special mask mode": a masked bit in service is not ended by a
    # non-specific EOI.
    fn write_ocw2(chip: u1, v: u8) {
        let rotate = v[7]
        match v[7..5] {
            0 | 4 => rotates[chip] = rotate
            1 | 5 => {
                let mut served = isr[chip]
                if special_mask[chip] { served = served & ~imr[chip] }
                let line = highest(chip, served)
                if line != 8 { end_of_interrupt(chip, u3(line), rotate) }
            }
            3 | 7 => end_of_interrupt(chip, v[2..0], rotate)
            6 => lowest[chip] = v[2..0]
            _ => pass
        }
    }
    # "Operation Command Word 3": special mask mode, poll, which register is read. Poll is stronger than read register.
    fn write_ocw3(chip: u1, v: u8) {
        if v[6] { special_mask[chip] = v[5] }
        if v[2] { polled[chip] = true } else if v[1] { reads_isr[chip] = v[0] }
    }
    fn write_command(chip: u1, v: u8) {
        if v[4] {
            write_icw1(chip, v)
        } else if v[3] {
            write_ocw3(chip, v)
        } else {
            write_ocw2(chip, v)
        }
        cascade()
    }
    fn write_data(chip: u1, v: u8) {
        if next_icw[chip] > 1 { write_next_icw(chip, v) } else { imr[chip] = v }
        cascade()
    }

    bank master_ports: pio @master, size 2, gaps reserved {
        reg master_command @0 rw {
            """A0 = 0: ICW1, OCW2, OCW3; reads IRR or ISR."""
            on read { return read_chip(0, false) }
            on write(v) { write_command(0, v) }
        }
        reg master_data @1 rw {
            """A0 = 1: ICW2 to ICW4, OCW1, which is IMR."""
            on read { return read_chip(0, true) }
            on write(v) { write_data(0, v) }
        }
    }
    bank slave_ports: pio @slave, size 2, gaps reserved {
        reg slave_command @0 rw {
            on read { return read_chip(1, false) }
            on write(v) { write_command(1, v) }
        }
        reg slave_data @1 rw {
            on read { return read_chip(1, true) }
            on write(v) { write_data(1, v) }
        }
    }
    bank edge_level: pio @control, size 2, gaps reserved {
        reg elcr1 @0 rw {
            """1: the line is level-triggered. Timer, keyboard and cascade are not."""
            level: 7..3
            rest: zero
            on write(v) { cascade() }
        }
        reg elcr2 @1 rw {
            """Clock and coprocessor are edge-triggered."""
            level_high: 7..6
            level_low: 4..1
            rest: zero
            on write(v) { cascade() }
        }
    }

    invariant lines[0][2] == (requesting(1) != 8)
    invariant (edges[0] & ~lines[0]) == 0 && (edges[1] & ~lines[1]) == 0
    invariant next_icw[0] < 5 && next_icw[1] < 5

    test "after a reset nothing is masked, and nothing is requested before the initialisation" {
        expect read(master_command) == 0
        expect read(master_data) == 0
        expect read(slave_command) == 0
        expect read(slave_data) == 0
        expect read(elcr1) == 0
        expect read(elcr2) == 0
        host.rise(3)
        expect read(master_command) == 8
        expect !intr
    }
    test "initialisation, an interrupt, its vector and its end" {
        write(master_command, 0x11)
        write(master_data, 0x20)
        write(master_data, 0x04)
        write(master_data, 0x01)
        host.rise(4)
        expect intr
        host.inta()
        expect host.vector.pop_or(0) == 0x24
        expect !intr
        write(master_command, 0x0b)
        expect read(master_command) == 0x10
        write(master_command, 0x20)
        expect read(master_command) == 0
        host.rise(4)
        expect !intr
        host.fall(4)
        host.rise(4)
        expect intr
    }
    test "the slave asks through line 2 and gives the vector" {
        write(master_command, 0x11)
        write(master_data, 0x20)
        write(master_data, 0x04)
        write(master_data, 0x01)
        write(slave_command, 0x11)
        write(slave_data, 0x28)
        write(slave_data, 0x02)
        write(slave_data, 0x01)
        host.rise(8)
        expect intr
        expect read(master_command) == 0x04
        host.inta()
        expect host.vector.pop_or(0) == 0x28
        expect !intr
        write(master_command, 0x0b)
        expect read(master_command) == 0x04
        write(slave_command, 0x20)
        write(master_command, 0x20)
        expect read(master_command) == 0
    }
    test "a line in service keeps out lower ones and lets higher ones through" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        host.rise(5)
        host.inta()
        host.rise(6)
        expect !intr
        host.rise(1)
        expect intr
        host.inta()
        expect host.vector.pop_or(0) == 0x0d
        expect host.vector.pop_or(0) == 0x09
        write(master_command, 0x20)
        write(master_command, 0x20)
        expect intr
    }
    test "special mask mode lets lower lines through" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        host.rise(1)
        host.inta()
        host.rise(6)
        expect !intr
        write(master_data, 0x02)
        expect !intr
        write(master_command, 0x68)
        expect intr
        write(master_command, 0x48)
        expect !intr
    }
    test "rotation: the line that was served comes last" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        host.rise(0)
        host.inta()
        write(master_command, 0xa0)
        host.fall(0)
        host.rise(0)
        host.rise(7)
        host.inta()
        expect host.vector.pop_or(0) == 0x08
        expect host.vector.pop_or(0) == 0x0f
        write(master_command, 0xc3)
        write(master_command, 0x20)
        host.rise(4)
        host.inta()
        expect host.vector.pop_or(0) == 0x0c
    }
    test "automatic EOI leaves nothing in service" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x03)
        host.rise(3)
        host.inta()
        write(master_command, 0x0b)
        expect read(master_command) == 0
        expect host.vector.pop_or(0) == 0x0b
    }
    test "a level-triggered line asks again for as long as it is high" {
        write(elcr1, 0xff)
        write(elcr2, 0xff)
        expect read(elcr1) == 0xf8
        expect read(elcr2) == 0xde
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        host.rise(5)
        host.inta()
        write(master_command, 0x65)
        expect intr
        host.fall(5)
        expect !intr
    }
    test "spurious: an acknowledge without a request gives line 7" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        host.rise(3)
        host.fall(3)
        host.inta()
        expect host.vector.pop_or(0) == 0x0f
        write(master_command, 0x0b)
        expect read(master_command) == 0
    }
    test "poll acknowledges by a read" {
        write(master_command, 0x13)
        write(master_data, 0x08)
        write(master_data, 0x01)
        write(master_command, 0x0c)
        expect read(master_command) == 0
        host.rise(6)
        write(master_command, 0x0c)
        expect read(master_command) == 0x86
        write(master_command, 0x0b)
        expect read(master_command) == 0x40
    }
    test "lines that are not there, and the cascade's own, do nothing" {
        host.rise(2)
        host.rise(16)
        host.rise(0xff)
        expect read(master_command) == 0
        expect read(slave_command) == 0
    }
}
