machine web {
    boot = pvh(image: "probe.elf")
    serial com1 { backend = stdoi }
}
