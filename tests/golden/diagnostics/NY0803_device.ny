device sum(port: ioport(2) = 0x80) {
    state { all: u16 = 0 }
    bank regs: pio @port, size 2 {
        reg add @0 wo { on write(v) { all = all + v } }  #~ NY0803@45 the sides are u16 and u8  #~ help convert one of them: `u16(…)`
    }
}
