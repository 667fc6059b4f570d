device plain(port: ioport(2) = 0x80) {
    state { n: u8 = 0 }  #~ label@13 declared here
    bank a: pio @port, size 2 { reg control @0 rw; reg data @1 rw }
}
device special(label: string = "x") : plain {
    override reg contrl @0 ro  #~ NY0808@18 there is no `contrl` to override  #~ help did you mean `control`?
    override state { m: u8 = 0 }  #~ NY0808@5 only a register, a derived value, a function, a handler or an enumeration is overridden
    override fn nothing() { }  #~ NY0808@17 there is no `nothing` to override
    derive n = 3  #~ NY0808@12 `n` is in the device that this one extends  #~ help an item that takes its place says so: `override` before it
}
device alone(port: ioport(1) = 0x90) { override reg x @0 rw }  #~ NY0808@53 there is no `x` to override  #~ help this device extends none: `device name(…) : other { … }`
