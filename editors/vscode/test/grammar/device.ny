device uart(base: ioport(8) = auto([0x3f8, 0x2f8]) """Where.""", irq: gsi = 4) : single snapshot 2 {
    """A port."""
    acpi { hid = "PNP0501"; uid = 0 }
    host tx: sink<u8>, rx: source<u8> when !queue.full
    state { queue: fifo<u8, 16>; since 2 { index: u4 = 0 } }
    enum Mode: u2 { idle = 0, busy = 1 }
    derive irq = ier.enable && !queue.empty
    timer tick(hz: 32768)
    bank ports: pio @base, size 8, gaps reserved, access 1, 2 {
        when lcr.dlab { reg low @0 rw reset 12 } else { reg data @0: u8 wo { on write(v) { emit tx(v) } } }
        reg ier @1 rw { enable: 0 """On."""; sticky: 3..1 w1c; rest: zero }
        reg pair[2] @2 stride 2: u16 rw @expect(coalesced)
        reg id @6 const reset 0x5a
        reg status @7 ro { always: 0 const = 1; timer: 2..1 = u2(index) }
    }
    phase running after index == 3 { invariant queue.len <= 16 }
    override derive waits = true
    on reset { index = 0 }
    test "all of it" { write(ier, 1); expect irq; expect !read(data); advance(3 ms) }
}
schema old : device @deprecated(since: "0.3", use: uart) { level: int = 1 @deprecated(since: "0.3", use: other) }
fn plain(state: int, reset = 1) { state = reset; host.index(when: state); emit = 2 }
