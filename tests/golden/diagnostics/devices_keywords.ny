device names(port: ioport(1) = 0x80) {
    bank regs: pio @port, size 1 { reg value @0 ro { on read { if raise { return 1 }; return 2 } } }  #~ NY0101@67 expected a value, found `raise`
    on reset { raise = true }  #~ NY0101@22 expected a value, found `=`  #~ help `=` sets a value and stands alone in a statement; `==` compares
}
