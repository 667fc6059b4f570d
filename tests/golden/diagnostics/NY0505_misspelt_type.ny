machine web {
    boot = pvh(image: "probe.elf")
    seriel com1 { }
}
