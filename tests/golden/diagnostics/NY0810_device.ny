device queue(port: ioport(1) = 0x80, irq: gsi = 5) {
    host rx: source<u8>
    state { waiting: fifo<u8, 4> }
    derive irq = waiting.pop_or(0) != 0  #~ NY0810@18 a derived value is asked at any time, so it may not change anything
    bank regs: pio @port, size 1 {
        reg next @0 ro { on read { return waiting.pop_or(0) } }
    }
    on rx(b) { waiting.push(b) }
}
