machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }
    serial com1 { backend = pty }
}
