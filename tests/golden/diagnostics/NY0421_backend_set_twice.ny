machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { }
    serial com2 { backend = stdio }
}
