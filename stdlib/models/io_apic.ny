device io_apic(base: mmio(4096) = 0xfec00000) snapshot 1 {
    """I/O APIC: 24 inputs, each of which its redirection entry turns into a message to local APICs.

    Intel 82093AA (290566) section 3; version 0x20 with the EOI register of ICH9 section 13.5. `rise` and `fall` say
    whether an input is asserted, so the polarity bit is kept for the guest to read and inverts nothing. A message has the
    vector, the delivery mode, the destination mode, the trigger mode and the destination where an entry has them."""

    host rise: source<u8>, fall: source<u8>, eoi: source<u8>, message: sink<u64>
    state {
        id: u4 = 0
        inputs: u24 = 0
        entries: [u64; 24] = 0x10000 """Section 3.2.4, without the delivery status."""
    }

    # Input 2 is the timer's.
    derive hears_timer = !entries[2][16]
    derive timer_vector: u8 = entries[2][7..0]

    # Only fixed and lowest-priority entries are level-triggered; the others act on edges whatever their trigger bit says.
    fn is_level(entry: u64) -> bool { return entry[15] && entry[10..9] == 0 }
    fn waits(pin: u5) -> bool {
        let entry = entries[pin]
        return inputs[pin] && is_level(entry) && !entry[16] && !entry[14]
    }
    fn send(pin: u5) {
        let entry = entries[pin]
        let mut out = entry & 0xff00000000000fff
        out[15] = is_level(entry)
        emit message(out)
    }
    # A level sends once, then waits with remote IRR set for the end of its interrupt.
    fn send_level(pin: u5) {
        if waits(pin) {
            entries[pin][14] = true
            send(pin)
        }
    }
    on rise(line) {
        if line < 24 {
            let was = inputs[line]
            inputs[line] = true
            if is_level(entries[line]) {
                send_level(u5(line))
            } else if !was && !entries[line][16] {
                send(u5(line))
            }
        }
    }
    on fall(line) { if line < 24 { inputs[line] = false } }

    fn end(vector: u8) {
        for pin in 0..24 {
            if entries[pin][7..0] == vector && entries[pin][14] {
                entries[pin][14] = false
                send_level(pin)
            }
        }
    }
    on eoi(vector) { end(vector) }

    fn half(index: u8) -> u32 {
        if index < 0x10 || index > 0x3f { return 0 }
        let pin = u5((index - 0x10) / 2)
        let mut entry = entries[pin]
        entry[12] = waits(pin)
        if index[0] { return entry[63..32] }
        return entry[31..0]
    }
    # An entry that becomes edge-triggered forgets its remote IRR.
    fn write_half(index: u8, v: u32) {
        if index < 0x10 || index > 0x3f { return }
        let pin = u5((index - 0x10) / 2)
        let mut entry = entries[pin]
        if index[0] {
            entry[63..56] = v[31..24]
        } else {
            entry[11..0] = v[11..0]
            entry[13] = v[13]
            entry[16..15] = v[16..15]
        }
        if !is_level(entry) { entry[14] = false }
        entries[pin] = entry
        send_level(pin)
    }

    bank window: mmio @base, size 4096, gaps zero, access 4 {
        reg ioregsel @0x00: u32 rw {
            index: 7..0
            rest: zero
        }
        reg iowin @0x10: u32 rw {
            """The register that IOREGSEL selects: ID, version, arbitration ID, or half an entry."""
            on read {
                match ioregsel.index {
                    0 | 2 => return u32(id) << 24
                    1 => return 0x00170020
                    _ => return half(ioregsel.index)
                }
                return 0
            }
            on write(v) {
                if ioregsel.index == 0 { id = v[27..24] }
                write_half(ioregsel.index, v)
            }
        }
        reg eoi_register @0x40: u32 wo { on write(v) { end(v[7..0]) } }
    }

    test "after a reset every entry is masked" {
        expect read(ioregsel) == 0
        expect read(iowin) == 0
        write(ioregsel, 1)
        expect read(iowin) == 0x00170020
        write(ioregsel, 2)
        expect read(iowin) == 0
        for n in 0..24 {
            write(ioregsel, n * 2 + 0x10)
            expect read(iowin) == 0x10000
            write(ioregsel, n * 2 + 0x11)
            expect read(iowin) == 0
        }
        write(ioregsel, 0x40)
        expect read(iowin) == 0
    }
    test "the identification" {
        write(iowin, 0xffffffff)
        expect read(iowin) == 0x0f000000
        write(ioregsel, 2)
        expect read(iowin) == 0x0f000000
    }
    test "an edge sends once, and is lost while it is masked" {
        host.rise(3)
        expect host.message.len == 0
        write(ioregsel, 0x17)
        write(iowin, 0x05000000)
        write(ioregsel, 0x16)
        write(iowin, 0x931)
        expect host.message.len == 0
        host.rise(3)
        expect host.message.len == 0
        host.fall(3)
        host.rise(3)
        expect host.message.pop_or(0) == 0x0500000000000931
    }
    test "a level waits for its end" {
        write(ioregsel, 0x20)
        write(iowin, 0x8041)
        host.rise(8)
        expect host.message.pop_or(0) == 0x8041
        expect read(iowin) == 0xc041
        host.eoi(0x41)
        expect host.message.pop_or(0) == 0x8041
        host.fall(8)
        write(eoi_register, 0x41)
        expect host.message.len == 0
        expect read(iowin) == 0x8041
    }
    test "unmasking sends a level that is there" {
        write(ioregsel, 0x10)
        write(iowin, 0x18055)
        host.rise(0)
        expect host.message.len == 0
        write(iowin, 0x8055)
        expect host.message.pop_or(0) == 0x8055
        write(iowin, 0x55)
        expect read(iowin) == 0x55
    }
    test "read-only and reserved bits" {
        write(ioregsel, 0x10)
        write(iowin, 0xfffeffff)
        expect read(iowin) == 0xafff
        write(ioregsel, 0x11)
        write(iowin, 0x00ffffff)
        expect read(iowin) == 0
    }
    test "inputs that are not there, and the end of another vector" {
        host.rise(24)
        host.rise(255)
        host.eoi(0)
        expect host.message.len == 0
    }
}
