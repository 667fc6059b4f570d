device window(port: ioport(2) = 0x80) {
    bank regs: pio @port, size 2 {
        reg mode @0 rw { which: 1..0; rest: zero }
        when mode.which == 0 { reg low @1 rw }  #~ label@36 the other
        when mode.which != 1 { reg high @1 rw }  #~ NY0806@36 `low` and `high` both answer accesses at 0x1  #~ help registers at one place are told apart by `when`, or by being read only and written only
    }
}
