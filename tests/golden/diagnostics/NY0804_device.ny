device table(port: ioport(2) = 0x80) {
    state { entries: [u8; 16]; at: u8 = 0 }
    bank regs: pio @port, size 2 {
        reg place @0 wo { on write(v) { at = v } }
        reg entry @1 ro { on read { return entries[at] } }  #~ NY0804@52 `entries` has 16 elements, and the index may be 16  #~ help compare it first, `if index < 16 { … }`, or take fewer of its bits
    }
}
