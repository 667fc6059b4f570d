device lamp(port: ioport(1) = 0x80) {  #~ label@19 declared here
    bank regs: pio @port, size 2 { reg level @0 rw }  #~ NY0801@10 the bank has 2 bytes, and `port` 1
}
