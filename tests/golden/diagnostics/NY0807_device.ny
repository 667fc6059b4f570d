device bell(port: ioport(1) = 0x80, irq: gsi = 5) {
    state { rings: bool = false }
    derive irq = ring.now
    bank regs: pio @port, size 1 {
        reg ring @0 rw @expect(coalesced) { now: 0; rest: zero }  #~ NY0807@32 `ring` is served as native, and coalesced was promised
    }
}
