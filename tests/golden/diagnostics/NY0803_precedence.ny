device flags(port: ioport(2) = 0x80, irq: gsi = 5) {
    state { set: u8 = 0; ready: bool = false }
    derive irq = set & 1 == 0  #~ NY0803@18 `==` binds more tightly than `&`  #~ label@24 this is compared first, and gives a bool
    bank regs: pio @port, size 2 {
        reg one @0 wo { on write(v) { ready = 2 != v | set } }  #~ NY0803@47 `!=` binds more tightly than `|`  #~ label@47 this is compared first, and gives a bool
        reg two @1 ro { on read { if (set & 1) == 0 { return 1 }; return 2 } }
    }
}
