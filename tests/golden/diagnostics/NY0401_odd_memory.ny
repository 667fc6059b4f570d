machine web {
    boot = pvh(image: "probe.elf")
    memory = 1000000
}
