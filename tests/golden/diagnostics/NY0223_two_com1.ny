machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }  #~ label@5 the first
    serial com1 { backend = pty }  #~ NY0223@5 two devices are called `com1`  #~ help give one of them another name, or set the fields of both in one block
}
