"""Every item of a device declaration."""
device full(
    base: ioport(16) = auto([0x3f8, 0x2f8]) """Where it is.""",
    window: mmio(4096),
    irq: gsi = 4,
    level: int(0..255) = 3,
    backend: host<backend> = stdio,
) : single snapshot 2 {
    """Says everything once."""
    acpi { hid = "PNP0501"; uid = 0 }
    host tx: sink<u8>, rx: source<u8> when !queue.full, machine: control, wall: clock
    host power_button: event
    enum Mode: u2 { idle = 0, busy = 1 """Does something.""", done = 2 }
    state {
        queue: fifo<u8, 16> """What came."""
        table: [u16; 8]
        mode: Mode = Mode.idle
        index: u4 = 0
        since 2 { flag: bool = true; timer: u8 = 1 }
    }
    derive waits = !queue.empty
    derive top: u8 = u8(control[7..4]) << 4
    derive irq = waits && ier.enable
    timer tick(hz: 32768)
    timer plain
    bank ports: pio @base, size 16, gaps zero, access 1, 2, other reject {
        when control.page {
            reg low @0 rw reset 12
            reg high @1 rw
        } else {
            reg data @0 rw {
                on read { return queue.pop_or(0) }
                on write(v) {
                    emit tx(v)
                    if v == 0x1b { machine.exit(3) } else if level > 7 { machine.panicked(false) }
                }
            }
            reg ier @1 rw { enable: 0; rest: zero }
        }
        reg control @2 rw {
            """Control."""
            page: 7 """Another page."""
            speed: 3..1 w1c
            sticky: 0 w1s
            rest: rsvd(preserve)
        }
        reg id @3 const reset 0x5a
        reg status @4 ro { waits: 0 = waits; mode: 2..1 = u2(0); always: 3 const = 1 }
        reg pair[2] @8 stride 2: u16 rw @expect(coalesced)
        """Four of them."""
        reg bell @5 doorbell { on write(v) { emit tx(1) } }
        reg time @6: u16 ro = u16(tick.elapsed)
        index select @0xc, cell @0xd of bytes
    }
    state { bytes: [u8; 64] }
    bank memory: mmio @window, size 4096, gaps ones {
        phase running after flag {
            reg go @0: u32 rw {
                on write(v, before) {
                    let shown = v[3..0]
                    let mut sum: u32 = 0
                    for i in 0..8 { sum += u32(table[i]) }
                    for word in table { sum ^= u32(word) }
                    table[shown[2..0]] = u16(sum & 0xffff)
                    match mode {
                        Mode.idle => mode = Mode.busy
                        Mode.busy | Mode.done => {
                            plain.arm(5 ms)
                            tick.cancel()
                        }
                    }
                    sum[7..4] = 3
                    twice(before)
                }
            }
        }
    }
    on reset { flag = level[0]; control = 0 }
    on rx(byte) { queue.push(byte) }
    on tick { mode = Mode.done }
    on plain { flag = false }
    on power_button { machine.power_off() }
    fn twice(x: u32) -> u32 {
        """What is said of it."""
        return x + x
    }
    invariant queue.len <= 16
    migrate 1 -> 2 (old) { level = old.level; if old.flag { queue.clear() } }
    migrate 2 -> 3 { }
    invariant level >= 0 || flag
    test "everything" {
        write(ier, 1)
        host.rx(0x41)
        expect irq && waits
        let got = read(data)
        expect got == 0x41, "the byte"
        for i in 0..2 { write(pair[i], i) }
        advance(3 ms)
        reset()
        expect host.tx.len == 0 && !machine.exited
    }
}
device more(label: string = "x") : full snapshot 2 {
    override derive waits = queue.len > 1
    override fn twice(x: u32) -> u32 { return x << 1 }
    override reg id @3 const reset 0x5b
}
device other(port: ioport(1)) native "other" {
    bank one: pio @port, size 1 { reg x @0 rw }
}
