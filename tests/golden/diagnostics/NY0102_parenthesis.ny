machine web {
    boot = pvh(image: "probe.elf")
    memory = (256 * 1 MiB  #~ NY0102@26 expected `)` to close the parenthesis  #~ label@14 the parenthesis is opened here
    serial com1 { }
}
