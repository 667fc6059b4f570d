device table(port: ioport(3) = 0x80) {
    state { entries: [u8; 16]; at: u8 = 0; other: u8 = 0 }
    fn entry(number: u8) -> u8 { return entries[number] }  #~ NY0804@49 `entries` has 16 elements, and the index may be 16  #~ help compare it first, `if index < 16 { … }`, or take fewer of its bits
    bank regs: pio @port, size 3 {
        reg first @0 ro { on read { return entry(at) } }  #~ label@44 in what is called here
        reg second @1 ro { on read { return entry(other) } }
        reg third @2 ro { on read { return entry(3) } }
    }
}
