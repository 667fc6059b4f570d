device lamp(port: ioport(1) = 0x80) {
    state { bright: bool = false }
    bank regs: pio @port, size 1 {
        reg level @0 wo { on write(v) { brigth = v[0] } }  #~ NY0802@41 the device has nothing called `brigth`  #~ help did you mean `bright`?
    }
}
