machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { irq = 9 }
}
