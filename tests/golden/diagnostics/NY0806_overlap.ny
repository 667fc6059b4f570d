device overlap(port: ioport(8) = 0x80) {
    bank a: pio @port, size 8 {
        reg mode @0 rw { which: 1..0; rest: zero }
        reg wide @2: u16 rw  #~ label@13 the other
        reg inside @3 rw  #~ NY0806@13 `wide` and `inside` both answer accesses at 0x3  #~ help registers at one place are told apart by `when`, or by being read only and written only
        when mode.which == 0 { reg a0 @1 rw }
        when mode.which == 1 { reg a1 @1 rw }  #~ label@36 the other
        when mode.which >= 1 { reg a2 @1 ro }  #~ NY0806@36 `a1` and `a2` both answer reads at 0x1  #~ help registers at one place are told apart by `when`, or by being read only and written only
        reg reader @4 ro
        reg writer @4 wo
    }
}
