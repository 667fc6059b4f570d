device counter(port: ioport(1) = 0x80) snapshot 3 {
    state { count: u8 = 0; since 2 { step: u8 = 1 } }
    bank regs: pio @port, size 1 { reg value @0 ro { on read { return count } } }
    migrate 1 -> 2 (old) { step = old.count }  #~ label@13 the first
    migrate 1 -> 3 (old) { count = old.count }  #~ NY0812@13 there are two migrations of version 1
    migrate 3 -> 2 { }  #~ NY0812@13 a migration leads from a version to a later one
    migrate 2 -> 4 { }  #~ NY0812@18 the state has version 3, so nothing becomes version 4  #~ help the header says which version it has: `snapshot 4`
}
