machine web {
    boot = pvh(image: "probe.elf")
    cpus = 0
}
