device counter(port: ioport(1) = 0x80) {
    state { n: u8 = 0 }
    bank regs: pio @port, size 1 {
        reg step @0 wo { on write(v) { while n < v { n += 1 } } }  #~ NY0805@40 a loop of a device runs a fixed number of times  #~ help write `for i in 0..8 { … }`, or go over a fifo or an array
    }
}
